/** The time spans of one stream, in timeline time. */
import type { Annotation } from "../../model/records";
import type { PaneContext } from "../pane";
import type { EdgeSpan } from "./span_edges";

export interface StreamSpan extends EdgeSpan {
  readonly annotation: Annotation;
}

export function spansOf(context: PaneContext, stream: string): readonly StreamSpan[] {
  const sample = context.store.getState().sample;
  const spans: StreamSpan[] = [];
  for (const { record } of sample?.annotations.values() ?? []) {
    if (record.stream !== stream || record.region.type !== "time_span") continue;
    const { start_ns, end_ns } = record.region;
    spans.push({
      id: record.id,
      annotation: record,
      start_ns: context.playhead.toTimeline(stream, start_ns),
      end_ns: context.playhead.toTimeline(stream, end_ns),
    });
  }
  return spans;
}
