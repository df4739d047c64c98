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

/** Spans of annotations that did not change, with the clock they were placed by: an edit among many places one. */
const placed = new WeakMap<Annotation, { readonly mark: string; readonly span: StreamSpan }>();

function spanOf(annotation: Annotation, mark: string, clock: TimelineClock): StreamSpan | null {
  const known = placed.get(annotation);
  if (known?.mark === mark) return known.span;
  const { id, region, stream } = annotation;
  if (region.type !== "time_span") return null;
  const start_ns = clock.toTimeline(stream, region.start_ns);
  const span = { id, annotation, start_ns, end_ns: clock.toTimeline(stream, region.end_ns) };
  placed.set(annotation, { mark, span });
  return span;
}

export function spansOf(sample: SampleData | null, clock: TimelineClock, stream: string): readonly StreamSpan[] {
  const annotations = annotationsOf(sample, stream);
  if (annotations.length === 0) return [];
  const cache = caches.get(annotations) ?? new Map<string, Cached>();
  caches.set(annotations, cache);
  const mark = clockMark(clock, stream);
  const known = cache.get(stream);
  if (known?.mark === mark) return known.spans;
  const spans: StreamSpan[] = [];
  for (const annotation of annotations) {
    const span = spanOf(annotation, mark, clock);
    if (span !== null) spans.push(span);
  }
  spans.sort((one, other) => one.start_ns - other.start_ns);
  cache.set(stream, { mark, spans });
  return spans;
}
