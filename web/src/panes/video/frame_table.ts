/** A video's frame table: the only way between frame and time (rule T4). Starts ascend; frame k lasts until the next. */

export interface FrameTable {
  readonly starts_ns: readonly number[];
  readonly end_ns: number;
  readonly key_frames: readonly number[];
  /** Presentation time of each frame on the clock of the <video> element, in seconds. */
  readonly playable_starts_s: readonly number[];
  readonly width_px: number;
  readonly height_px: number;
  readonly proxy?: boolean;
}

/** Index of the last value that is not greater than `value`; -1 when all are. `values` ascends. */
export function lastNotAfter(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The frame shown at a media time; null before the first and from the end on. */
export function frameAt(table: FrameTable, media_ns: number): number | null {
  if (media_ns >= table.end_ns) return null;
  const index = lastNotAfter(table.starts_ns, media_ns);
  return index < 0 ? null : index;
}

/** Half-open media span of a frame. */
export function frameSpan(table: FrameTable, index: number): { start_ns: number; end_ns: number } {
  const start_ns = table.starts_ns[index] ?? table.end_ns;
  return { start_ns, end_ns: table.starts_ns[index + 1] ?? table.end_ns };
}

/** Seconds on the element's clock from a frame's start to the next one's; the last takes its table's length. */
function playableGap(table: FrameTable, index: number): number {
  const start = table.playable_starts_s[index] ?? 0;
  const next = table.playable_starts_s[index + 1];
  if (next !== undefined) return next - start;
  const span = frameSpan(table, index);
  return Math.max(0.001, (span.end_ns - span.start_ns) / 1e9);
}

/** Where to set `currentTime` for a frame: its middle, where no rounding reaches a neighbour. */
export function aimSeconds(table: FrameTable, index: number): number {
  return (table.playable_starts_s[index] ?? 0) + playableGap(table, index) / 2;
}

/** The frame that a callback's `mediaTime` names: the nearest presentation time. -1 for an empty table. */
export function frameOfMediaTime(table: FrameTable, media_time_s: number): number {
  const before = lastNotAfter(table.playable_starts_s, media_time_s);
  const a = table.playable_starts_s[before];
  const b = table.playable_starts_s[before + 1];
  if (a === undefined) return b === undefined ? -1 : 0;
  return b !== undefined && b - media_time_s < media_time_s - a ? before + 1 : before;
}

/** Whether a callback's `mediaTime` proves that `index` is on the screen: within half a gap on either side. */
export function proves(table: FrameTable, index: number, media_time_s: number): boolean {
  const start = table.playable_starts_s[index];
  if (start === undefined) return false;
  const off = media_time_s - start;
  if (off >= 0) return off < playableGap(table, index) / 2;
  return index === 0 ? -off < playableGap(table, 0) / 2 : -off < playableGap(table, index - 1) / 2;
}

export function clampIndex(table: FrameTable, index: number): number {
  return Math.max(0, Math.min(table.starts_ns.length - 1, index));
}
