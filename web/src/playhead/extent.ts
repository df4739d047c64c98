/** From when to when a sample lasts on its timeline, and where to look first. */
import type { ClockSegment, Stream } from "../model/records";
import { toTimeline } from "./clock";
import type { Playhead } from "./playhead";
import { indexAt, readingAt, readingTimes, ruleOf } from "./reading_at";

/** One file of these is one reading, at media time 0 when nobody says otherwise. */
const MOMENTS = new Set(["image", "point_cloud"]);

/** Media time at which a stream begins; null for what has no time, such as a caption. */
function firstOf({ facts, readings, modality }: Stream): number | null {
  return facts?.start_ns ?? readings?.[0]?.at_ns ?? (MOMENTS.has(modality) ? 0 : null);
}

/** Half-open: the last reading of a stream of readings is still inside. */
export function extentOf(
  streams: Iterable<Stream>,
  segments: ReadonlyMap<string, readonly ClockSegment[]>,
): { readonly startNs: number; readonly endNs: number } {
  let startNs = Number.POSITIVE_INFINITY;
  let endNs = Number.NEGATIVE_INFINITY;
  for (const stream of streams) {
    const readings = stream.readings ?? [];
    const first = firstOf(stream);
    if (first === null) continue;
    const map = segments.get(stream.id) ?? [];
    const lasts = stream.facts?.duration_ns;
    const last = readings.at(-1)?.at_ns ?? first;
    startNs = Math.min(startNs, toTimeline(map, first));
    endNs = Math.max(endNs, toTimeline(map, lasts != null ? Math.max(first + lasts, last + 1) : last + 1));
  }
  return Number.isFinite(startNs) ? { startNs, endNs } : { startNs: 0, endNs: 0 };
}

const PICTURES = new Set(["video", "image", "point_cloud"]);
/** Readings that are tried as the first moment: a recording whose pictures never meet is not searched to its end. */
const MOST_TRIED = 5000;

/** Whether a stream of pictures, sweeps or frames has something at an instant of the timeline. */
function isSeen(stream: Stream, playhead: Playhead, at_ns: number): boolean {
  const media_ns = playhead.toMedia(stream.id, at_ns);
  const { start_ns, duration_ns } = stream.facts ?? {};
  if ((stream.readings?.length ?? 0) === 0 && start_ns != null && duration_ns != null && duration_ns > 0)
    return media_ns >= start_ns && media_ns < start_ns + duration_ns;
  const times_ns = readingTimes(stream);
  return indexAt(times_ns, media_ns, ruleOf(stream, times_ns)) !== null;
}

/** The first instant at which all pictures, sweeps and videos have data; null when they never meet. */
function commonSight(streams: readonly Stream[], playhead: Playhead): number | null {
  const seen = streams.filter((stream) => PICTURES.has(stream.modality) && firstOf(stream) !== null);
  if (seen.length === 0) return null;
  const meets = (at_ns: number) => seen.every((stream) => isSeen(stream, playhead, at_ns));
  const { timelineNs } = playhead.state;
  if (meets(timelineNs)) return timelineNs;
  const last_to_begin = Math.max(...seen.map((stream) => playhead.toTimeline(stream.id, firstOf(stream) ?? 0)));
  const moments = seen.flatMap((stream) => readingTimes(stream).map((at_ns) => playhead.toTimeline(stream.id, at_ns)));
  const tried = moments.filter((at_ns) => at_ns >= last_to_begin).sort((a, b) => a - b);
  return [last_to_begin, ...tried.slice(0, MOST_TRIED)].find(meets) ?? null;
}

/**
 * Where the playhead starts: where all pictures have data, zero before others.
 * Where they never meet, or there are none: at zero when some stream shows something there, else at the first that does.
 */
export function firstSight(streams: Iterable<Stream>, playhead: Playhead): number {
  const all = [...streams];
  const { timelineNs } = playhead.state;
  const common = commonSight(all, playhead);
  if (common !== null) return common;
  const starts = all.flatMap((stream) => {
    const at_ns = firstOf(stream);
    return at_ns === null ? [] : [playhead.toTimeline(stream.id, at_ns)];
  });
  const seen = all.some((stream) => {
    const media_ns = playhead.toMedia(stream.id, timelineNs);
    const { start_ns, duration_ns } = stream.facts ?? {};
    if ((stream.readings?.length ?? 0) > 0 || MOMENTS.has(stream.modality)) return readingAt(stream, playhead) !== null;
    return start_ns != null && media_ns >= start_ns && media_ns < start_ns + (duration_ns ?? 1);
  });
  return seen || starts.length === 0 ? timelineNs : Math.min(...starts);
}
