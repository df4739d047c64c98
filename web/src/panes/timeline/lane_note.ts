/** What stands beside a stream's name: how far what it shows is from the playhead, and how sure that is. */
import type { Stream } from "../../model/records";
import type { Playhead } from "../../playhead/playhead";
import { markOf, offsetText, sigmaText } from "../../playhead/reading_at";
import { indexIn, ticksOf } from "../../playhead/ticks";
import type { Lane } from "./lanes";

export function laneNote(playhead: Playhead, lane: Lane, stream: Stream | undefined): string {
  if (lane.class_id !== null || stream === undefined) return "";
  const media_ns = playhead.toMedia(stream.id, playhead.state.timelineNs);
  const ticks = ticksOf(playhead, stream);
  if (ticks === null) {
    const { covers_ns } = lane;
    const { timelineNs } = playhead.state;
    // The nearest reading answers half a period before the first and after the last.
    const reach_ns = stream.modality === "series" ? (stream.tolerance_ns ?? (stream.timing?.period_ns ?? 0) / 2) : 0;
    if (covers_ns !== null && (timelineNs < covers_ns[0] - reach_ns || timelineNs >= covers_ns[1] + reach_ns))
      return "no data";
    const sigma_ns = playhead.sigmaNs(stream.id, media_ns);
    return sigma_ns > 0 ? `${sigmaText(sigma_ns, 1e6)} ms` : "";
  }
  const index = indexIn(stream, ticks, media_ns);
  const at_ns = index === null ? undefined : ticks.times_ns[index];
  if (index === null || at_ns === undefined) return "no data";
  const mark = markOf(stream.id, playhead, index, at_ns);
  return offsetText(mark.offset_ns, mark.sigma_ns);
}
