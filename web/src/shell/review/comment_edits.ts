/** Comments stand on records (a link, an annotation): written, and resolved by taking them away. History keeps them. */
import type { Annotation, Link } from "../../model/records";
import type { SampleData } from "../../store/sample";
import type { Workbench } from "../workbench";

export type Commented = Annotation | Link;

/** Everything in the sample that bears a comment, newest records last. */
export function commented(sample: SampleData): readonly Commented[] {
  return [...sample.links.values(), ...sample.annotations.values()]
    .map(({ record }): Commented => record)
    .filter(({ comment }) => Boolean(comment))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The first of the records that can bear a comment. */
export function bearerOf(sample: SampleData, ids: readonly string[]): Commented | undefined {
  for (const id of ids) {
    const found = sample.links.get(id)?.record ?? sample.annotations.get(id)?.record;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A further comment goes on a line of its own, with who wrote it. */
export function withComment(record: Commented, actor: string, text: string): Commented {
  const line = `${actor}: ${text}`;
  return { ...record, comment: record.comment ? `${record.comment}\n${line}` : line };
}

export function addComment(bench: Workbench, ids: readonly string[], text: string): boolean {
  const { sample, actor } = bench.store.getState();
  const record = sample === null ? undefined : bearerOf(sample, ids);
  if (record === undefined) {
    bench.store.actions.notify("There is no record here that could bear a comment", { tone: "error" });
    return false;
  }
  bench.store.actions.showPast(null);
  bench.store.actions.update("Comment", [withComment(record, actor, text)]);
  bench.store.actions.notify("Comment kept", { canUndo: true });
  return true;
}

export function resolve(bench: Workbench, record: Commented): void {
  const { comment: _resolved, ...rest } = record;
  bench.store.actions.update("Resolve a comment", [rest]);
  bench.store.actions.notify("Comment resolved", { canUndo: true });
}
