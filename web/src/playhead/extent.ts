/** From when to when a sample lasts, on its timeline. */
import type { ClockSegment, Stream } from "../model/records";
import { toTimeline } from "./clock";

export function extentOf(
  streams: Iterable<Stream>,
  segments: ReadonlyMap<string, readonly ClockSegment[]>,
): { readonly startNs: number; readonly endNs: number } {
  let startNs = Number.POSITIVE_INFINITY;
  let endNs = Number.NEGATIVE_INFINITY;
  for (const stream of streams) {
    const readings = stream.readings ?? [];
    const first = stream.facts?.start_ns ?? readings[0]?.at_ns;
    if (first == null) continue;
    const last = stream.facts?.duration_ns != null ? first + stream.facts.duration_ns : readings.at(-1)?.at_ns;
    const map = segments.get(stream.id) ?? [];
    startNs = Math.min(startNs, toTimeline(map, first));
    endNs = Math.max(endNs, toTimeline(map, last ?? first));
  }
  return Number.isFinite(startNs) ? { startNs, endNs } : { startNs: 0, endNs: 0 };
}
