/** Which channels of a series are drawn: what the person chose for streams of that name, else a few that say something. */

interface Named {
  readonly name: string;
  readonly unit: string;
}

const MOST = 6;
const MOST_UNITS = 2;
/** Bookkeeping that few want to see first. */
const DULL = /covariance|(^|[._])(seq|status|service|flags|crc|checksum|counter|stamp)\b|_accuracy$/i;

/** Indexes, ascending: the first channels that are no bookkeeping, of two units at most, so that two axes suffice. */
export function usefulChannels(channels: readonly Named[]): readonly number[] {
  const telling = channels.map((_, index) => index).filter((index) => !DULL.test(channels[index]?.name ?? ""));
  const pool = telling.length > 0 ? telling : channels.map((_, index) => index);
  const units = new Set<string>();
  const chosen: number[] = [];
  for (const index of pool) {
    const unit = channels[index]?.unit ?? "";
    if (chosen.length === MOST) break;
    if (!units.has(unit) && units.size === MOST_UNITS) continue;
    units.add(unit);
    chosen.push(index);
  }
  return chosen;
}

interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The remembered choice as far as these channels have it. */
export function rememberedChannels(
  stream: string,
  channels: readonly Named[],
  shelf: Shelf | undefined = globalThis.localStorage,
): readonly number[] | null {
  const kept = shelf?.getItem(keyOf(stream));
  if (kept == null) return null;
  const names = new Set(kept.split("\n"));
  const found = channels.flatMap(({ name }, index) => (names.has(name) ? [index] : []));
  return found.length > 0 ? found : null;
}

export function rememberChannels(
  stream: string,
  channels: readonly Named[],
  chosen: readonly number[],
  shelf: Shelf | undefined = globalThis.localStorage,
): void {
  shelf?.setItem(keyOf(stream), chosen.map((index) => channels[index]?.name ?? "").join("\n"));
}

function keyOf(stream: string): string {
  return `braid.channels.${stream}`;
}
