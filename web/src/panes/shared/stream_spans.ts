/** The time spans of one stream, in timeline time and in order of their start. */
import type { Annotation } from "../../model/records";
import type { SampleData } from "../../store/sample";
import { annotationsOf } from "./by_stream";
import type { EdgeSpan } from "./span_edges";

export interface StreamSpan extends EdgeSpan {
  readonly annotation: Annotation;
}

/** What turns media times into timeline times. */
export interface TimelineClock {
  toTimeline(stream: string, media_ns: number): number;
}

/** Changes when a stream's clock does: two places of an affine map tell it, pieces between them need a third. */
export function clockMark(clock: TimelineClock, stream: string): string {
  return [0, 1e10, 1e13].map((media_ns) => clock.toTimeline(stream, media_ns)).join();
}

interface Cached {
  readonly mark: string;
  readonly spans: readonly StreamSpan[];
}

const caches = new WeakMap<object, Map<string, Cached>>();

export function spansOf(sample: SampleData | null, clock: TimelineClock, stream: string): readonly StreamSpan[] {
  const annotations = annotationsOf(sample, stream);
  if (annotations.length === 0) return [];
  const cache = caches.get(annotations) ?? new Map<string, Cached>();
  caches.set(annotations, cache);
  const mark = clockMark(clock, stream);
  const known = cache.get(stream);
  if (known?.mark === mark) return known.spans;
  const spans = annotations
    .flatMap((annotation): StreamSpan[] => {
      const { id, region } = annotation;
      if (region.type !== "time_span") return [];
      const start_ns = clock.toTimeline(stream, region.start_ns);
      return [{ id, annotation, start_ns, end_ns: clock.toTimeline(stream, region.end_ns) }];
    })
    .sort((a, b) => a.start_ns - b.start_ns);
  cache.set(stream, { mark, spans });
  return spans;
}
