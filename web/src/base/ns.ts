/** Times are whole nanoseconds: a brand keeps them apart from other numbers. Below 2^53, so a number is exact. */
export type Ns = number & { readonly __unit: "ns" };

/** A number as nanoseconds; rounds down, because readings hold until the next one. */
export function ns(value: number): Ns {
  if (!Number.isFinite(value)) throw new RangeError(`ns: got ${value}, wanted a finite number of nanoseconds`);
  return Math.floor(value) as Ns;
}

/** `m:ss.mmm`, with hours only when there are any. */
export function formatNs(value: number): string {
  const sign = value < 0 ? "-" : "";
  const total = Math.floor(Math.abs(value) / 1_000_000);
  const ms = String(total % 1000).padStart(3, "0");
  const seconds = Math.floor(total / 1000) % 60;
  const minutes = Math.floor(total / 60_000) % 60;
  const hours = Math.floor(total / 3_600_000);
  const tail = `${String(seconds).padStart(2, "0")}.${ms}`;
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, "0")}:${tail}`
    : `${sign}${String(minutes).padStart(2, "0")}:${tail}`;
}
