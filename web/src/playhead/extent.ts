/** From when to when a sample lasts on its timeline, and where to look first. */
import type { ClockSegment, Stream } from "../model/records";
import { toTimeline } from "./clock";
import type { Playhead } from "./playhead";
import { readingAt } from "./reading_at";

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

/** Where the playhead starts: at zero when some stream shows something there, else at the first that does. */
export function firstSight(streams: Iterable<Stream>, playhead: Playhead): number {
  const all = [...streams];
  const { timelineNs } = playhead.state;
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
