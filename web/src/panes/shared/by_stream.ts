/** The annotations of one stream, indexed once for each state of the sample. */
import type { Annotation } from "../../model/records";
import type { SampleData } from "../../store/sample";

const indexes = new WeakMap<object, ReadonlyMap<string, readonly Annotation[]>>();

export function annotationsOf(sample: SampleData | null, stream: string): readonly Annotation[] {
  if (sample === null) return [];
  let index = indexes.get(sample.annotations);
  if (index === undefined) {
    const made = new Map<string, Annotation[]>();
    for (const { record } of sample.annotations.values()) {
      const list = made.get(record.stream);
      if (list === undefined) made.set(record.stream, [record]);
      else list.push(record);
    }
    index = made;
    indexes.set(sample.annotations, index);
  }
  return index.get(stream) ?? [];
}
