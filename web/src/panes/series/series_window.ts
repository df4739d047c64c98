/** Windows of a series: which stretch to ask for, and whether what is there still serves. */

export interface SeriesChannel {
  readonly name: string;
  readonly unit: string;
  readonly t_ns: readonly number[];
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}

export interface SeriesData {
  readonly channels: readonly SeriesChannel[];
  readonly start_ns: number;
  readonly end_ns: number;
  readonly total: number;
}

export interface SeriesRequest {
  readonly from_ns: number;
  readonly to_ns: number;
  readonly bins: number;
}

/** Half a window more on either side, so that small pans need no request. Media times. */
export function requestFor(from_ns: number, to_ns: number, width_px: number): SeriesRequest {
  const margin = Math.round((to_ns - from_ns) / 2);
  const bins = Math.max(64, Math.round(width_px * 2));
  return { from_ns: Math.floor(from_ns - margin), to_ns: Math.ceil(to_ns + margin), bins };
}

/** Whether an answer still covers a window at a fitting resolution. */
export function serves(have: SeriesRequest | null, from_ns: number, to_ns: number, width_px: number): boolean {
  if (have === null || from_ns < have.from_ns || to_ns > have.to_ns) return false;
  const bin_ns = (have.to_ns - have.from_ns) / have.bins;
  const px_ns = (to_ns - from_ns) / Math.max(1, width_px);
  return bin_ns <= px_ns * 1.6 && bin_ns >= px_ns / 6;
}

/** The reading that holds at a time: the last not after it; null before the first (rule T5). */
export function valueAt(channel: SeriesChannel, at_ns: number): number | null {
  let low = 0;
  let high = channel.t_ns.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((channel.t_ns[middle] ?? Number.POSITIVE_INFINITY) <= at_ns) low = middle + 1;
    else high = middle;
  }
  const [min, max] = [channel.min[low - 1], channel.max[low - 1]];
  return min == null || max == null ? null : (min + max) / 2;
}

/** Channels on one x axis in seconds: min and max of each in turn, null where a channel has no reading. */
export function aligned(
  channels: readonly SeriesChannel[],
  toSeconds: (media_ns: number) => number,
): readonly (readonly (number | null)[])[] {
  const times = [...new Set(channels.flatMap((channel) => channel.t_ns))].sort((a, b) => a - b);
  const place = new Map(times.map((at_ns, index) => [at_ns, index]));
  const rows = channels.flatMap(({ t_ns, min, max }) => {
    const [low, high] = [times.map((): number | null => null), times.map((): number | null => null)];
    t_ns.forEach((at_ns, index) => {
      const to = place.get(at_ns);
      if (to === undefined) return;
      low[to] = min[index] ?? null;
      high[to] = max[index] ?? null;
    });
    return [low, high];
  });
  return [times.map(toSeconds), ...rows];
}
