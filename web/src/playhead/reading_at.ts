/**
 * Which reading of a stream belongs to the playhead, how far it is from it and how sure that is (rules T5, T6).
 * One policy for all panes: beyond the tolerance the answer is missing (null), never a stale reading.
 */
import type { Lookup, Modality, Stream } from "../model/records";
import type { Playhead } from "./playhead";

/** How a stream answers between its readings. */
export interface LookupRule {
  readonly lookup: Lookup;
  /** Said by the stream itself: then it alone counts. */
  readonly tolerance_ns: number | null;
  /** Median distance of readings; null when there are fewer than two. */
  readonly period_ns: number | null;
}

export interface ReadingAt {
  readonly index: number;
  readonly media_ns: number;
  /** Its timeline time minus the playhead's: negative when it was taken before. */
  readonly offset_ns: number;
  /** One standard deviation of the timeline time; 0 when the clock needs no map. */
  readonly sigma_ns: number;
}

/** Neighbours further apart than this many periods have a gap between them. */
const GAP_PERIODS = 1.5;

interface Known {
  readonly times_ns: readonly number[];
  readonly rule: LookupRule;
}

const known = new WeakMap<Stream, Known>();

function knownOf(stream: Stream): Known {
  let found = known.get(stream);
  if (found === undefined) {
    const times_ns = (stream.readings ?? []).map((reading) => reading.at_ns);
    if (times_ns.length === 0) times_ns.push(stream.facts?.start_ns ?? 0);
    found = { times_ns, rule: ruleOf(stream, times_ns) };
    known.set(stream, found);
  }
  return found;
}

/** Media times of a stream's readings, ascending; a stream of one file is one reading at its start. */
export function readingTimes(stream: Stream): readonly number[] {
  return knownOf(stream).times_ns;
}

/** The stream's own policy, else the one of its sampling. */
export function ruleOf(stream: Stream, times_ns: readonly number[]): LookupRule {
  const bySampling: Lookup = ["instant", "sweep"].includes(stream.sampling) ? "nearest" : "hold";
  return {
    lookup: stream.timing?.lookup ?? bySampling,
    tolerance_ns: stream.tolerance_ns ?? (stream.sampling === "event" ? Number.POSITIVE_INFINITY : null),
    period_ns: stream.timing?.period_ns ?? medianPeriod(times_ns),
  };
}

/** The lower median of the distances between neighbours at different times; null for fewer than two. */
export function medianPeriod(times_ns: readonly number[]): number | null {
  if (times_ns.length < 2) return null;
  const all = times_ns.slice(1).map((at_ns, index) => at_ns - (times_ns[index] ?? at_ns));
  const gaps = all.filter((gap_ns) => gap_ns > 0);
  return gaps.sort((a, b) => a - b)[(gaps.length - 1) >> 1] ?? null;
}

/** Whether the stretch between two neighbours is a gap. */
export function isGap(from_ns: number, to_ns: number, period_ns: number | null): boolean {
  return period_ns !== null && to_ns - from_ns > GAP_PERIODS * period_ns;
}

/** Index of the last time that is not after an instant; -1 before the first. `times_ns` ascends. */
export function lastNotAfter(times_ns: readonly number[], at_ns: number): number {
  let low = 0;
  let high = times_ns.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times_ns[middle] ?? Number.POSITIVE_INFINITY) <= at_ns) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The index that answers at a media time, null when it is missing.
 * Without a tolerance of the stream's own: inside a gap and outside all readings, half a period counts for `nearest`,
 * one and a half for `hold`; the only reading of a stream answers always. `linear` and `slerp` name the nearer of the two they need.
 */
export function indexAt(times_ns: readonly number[], media_ns: number, rule: LookupRule): number | null {
  const before = lastNotAfter(times_ns, media_ns);
  const [from, to] = [times_ns[before], times_ns[before + 1]];
  if (from === media_ns) return before;
  if (rule.lookup === "none") return null;
  if (rule.lookup === "hold") {
    if (from === undefined) return times_ns.length === 1 && rule.tolerance_ns === null ? 0 : null;
    return within(media_ns - from, rule, GAP_PERIODS) ? before : null;
  }
  // A tie goes to the earlier one.
  const nearest = from !== undefined && (to === undefined || media_ns - from <= to - media_ns) ? before : before + 1;
  const off_ns = Math.abs((times_ns[nearest] ?? media_ns) - media_ns);
  const between = from !== undefined && to !== undefined && !isGap(from, to, rule.period_ns);
  if (rule.lookup !== "nearest" && times_ns.length > 1) return between ? nearest : null;
  if (between && rule.tolerance_ns === null) return nearest;
  return times_ns.length > 0 && within(off_ns, rule, 0.5) ? nearest : null;
}

function within(off_ns: number, { tolerance_ns, period_ns }: LookupRule, periods: number): boolean {
  return off_ns <= (tolerance_ns ?? (period_ns === null ? Number.POSITIVE_INFINITY : period_ns * periods));
}

/** What a stream of readings shows at the playhead; null is "no data at this time". */
export function readingAt(stream: Stream, playhead: Playhead): ReadingAt | null {
  const { times_ns, rule } = knownOf(stream);
  const index = indexAt(times_ns, playhead.toMedia(stream.id, playhead.state.timelineNs), rule);
  return index === null ? null : markOf(stream.id, playhead, index, times_ns[index] ?? 0);
}

/** Index, offset and uncertainty of something with a media time of its own: a video frame, a word, an audio sample. */
export function markOf(stream: string, playhead: Playhead, index: number, media_ns: number): ReadingAt {
  return {
    index,
    media_ns,
    offset_ns: playhead.toTimeline(stream, media_ns) - playhead.state.timelineNs,
    sigma_ns: playhead.sigmaNs(stream, media_ns),
  };
}

export const NO_DATA = "no data at this time";

const NOUNS: Readonly<Record<Modality, string>> = {
  video: "frame",
  image: "picture",
  point_cloud: "sweep",
  audio: "sample",
  series: "reading",
  text: "word",
};

export function nounOf(modality: Modality): string {
  return NOUNS[modality];
}

/** `frame 429 · −12.7 ms ±0.4`, the same in every pane; `no data at this time` when it is missing. */
export function markText(noun: string, mark: ReadingAt | null): string {
  if (mark === null) return NO_DATA;
  return `${noun} ${mark.index} · ${offsetText(mark.offset_ns, mark.sigma_ns)}`;
}

/** `−12.7 ms ±0.4`; the uncertainty is left out where the clock needs no map. */
export function offsetText(offset_ns: number, sigma_ns: number): string {
  const size = Math.abs(offset_ns);
  const [unit_ns, unit] = size < 999_950_000 ? [1e6, "ms"] : [1e9, "s"];
  const number = (size / unit_ns).toFixed(1);
  const sign = Number(number) === 0 ? "" : offset_ns < 0 ? "−" : "+";
  return `${sign}${number} ${unit}${sigma_ns > 0 ? ` ${sigmaText(sigma_ns, unit_ns)}` : ""}`;
}

/** `±0.4` in a unit. */
export function sigmaText(sigma_ns: number, unit_ns: number): string {
  const value = sigma_ns / unit_ns;
  return value < 0.05 ? "±<0.1" : `±${value.toFixed(value < 9.95 ? 1 : 0)}`;
}
