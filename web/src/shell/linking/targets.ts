/** What the picker lists while linking: names that tell like things apart, found by name, class and stream. */
import { classesById, endFacts } from "../../store/ontology";
import type { WorkspaceState } from "../../store/workspace";
import { kindWord, nameOf } from "../words";

export interface Target {
  readonly id: string;
  /** "Car box 2": numbered where several would be called the same. */
  readonly name: string;
  /** The class, where the name does not say it, and the stream. */
  readonly note: string;
  readonly classId: string;
  readonly search: string;
}

/** While a source is asked for: everything that may stand at an end. Else what may be the target. */
export function pickable(state: WorkspaceState): readonly Target[] {
  const { sample, ontology, allowedTargets } = state;
  if (sample === null) return [];
  const ids = [...(allowedTargets ?? [...sample.annotations.keys(), ...sample.entities.keys()])];
  const names = ids.map((id) => nameOf(state, id));
  const count = new Map<string, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  const given = new Map<string, number>();
  return ids.flatMap((id, index) => {
    const facts = endFacts(sample, id);
    if (facts === null) return [];
    const plain = names[index] ?? id;
    const number = (given.get(plain) ?? 0) + 1;
    given.set(plain, number);
    const name = (count.get(plain) ?? 0) > 1 ? `${plain} ${number}` : plain;
    const known = ontology === null ? undefined : classesById(ontology).get(facts.classId);
    const annotation = sample.annotations.get(id)?.record;
    const stream = annotation === undefined ? undefined : sample.streams.get(annotation.stream)?.record.name;
    const className = known?.name ?? facts.classId;
    const place = stream ?? kindWord(facts.kind);
    const note = plain.startsWith(className) ? place : `${className}, ${place}`;
    const search = [name, className, ...(known?.synonyms ?? []), place, kindWord(facts.kind), name].join(" ");
    return [{ id, name, note, classId: facts.classId, search }];
  });
}
