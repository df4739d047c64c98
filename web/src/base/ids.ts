/** UUIDv7 (RFC 9562), made here so that offline work needs no server. */

const PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A UUIDv7 from milliseconds since 1970 and ten random bytes. */
export function uuid7(unixMs: number, entropy: Uint8Array): string {
  if (entropy.length !== 10) throw new RangeError(`uuid7: got ${entropy.length} bytes, wanted 10 random bytes`);
  const raw = new Uint8Array(16);
  let rest = unixMs;
  for (let place = 5; place >= 0; place -= 1) {
    raw[place] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  raw.set(entropy, 6);
  raw[6] = 0x70 | ((raw[6] ?? 0) & 0x0f);
  raw[8] = 0x80 | ((raw[8] ?? 0) & 0x3f);
  const hex = Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A fresh id from the wall clock and the browser's randomness. */
export function newId(): string {
  return uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

export function isUuid7(text: string): boolean {
  return PATTERN.test(text);
}
