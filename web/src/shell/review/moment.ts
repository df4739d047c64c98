/** When a record is, on the timeline: what is shown brings the playhead there. */
import type { Annotation } from "../../model/records";
import type { SampleData } from "../../store/sample";

/** A stream and a media time on it. */
export interface Moment {
  readonly stream: string;
  readonly at_ns: number;
}

/** The first moment that one of the records has; of a link, that of an end. Null for what has no time of its own. */
export function momentOf(sample: SampleData, ids: readonly string[]): Moment | null {
  for (const id of ids) {
    const link = sample.links.get(id)?.record;
    for (const end of link === undefined ? [id] : [link.target.id, link.source.id]) {
      const annotation = sample.annotations.get(end)?.record;
      const at_ns = annotation === undefined ? null : timeOf(sample, annotation);
      if (annotation !== undefined && at_ns !== null) return { stream: annotation.stream, at_ns };
    }
  }
  return null;
}

function timeOf(sample: SampleData, { region, at_ns, index, stream }: Annotation): number | null {
  if (at_ns != null) return at_ns;
  if (region.type === "time_span") return region.start_ns;
  if (region.type === "track") return region.key_frames[0]?.at_ns ?? null;
  return index == null ? null : (sample.streams.get(stream)?.record.readings?.[index]?.at_ns ?? null);
}
