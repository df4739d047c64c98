/** Merge, split, and make things: each answers the ops of one change set. Pure, ids are handed in. */
import type { Op } from "../../model/changes";
import type { Annotation, Entity, Link, Ontology } from "../../model/records";
import { revisionOf } from "../../model/revision";
import { linksOf, mentionsOf } from "../../store/derive";
import { descendsFrom } from "../../store/ontology";
import type { SampleData } from "../../store/sample";

/**
 * The first of `ids` takes in the others: their mentions and links point at it, what it lacks (name, attributes) it
 * takes from them, a link that would stand twice or lead to itself goes, and so do the emptied things.
 */
export function mergeOps(sample: SampleData, ids: readonly string[]): readonly Op[] {
  const [kept, ...others] = ids.flatMap((id) => sample.entities.get(id) ?? []);
  if (kept === undefined || others.length === 0) return [];
  const merged = others.reduce((into, { record }) => filled(into, record), kept.record);
  const keptId = kept.record.id;
  const gone = new Set(others.map(({ record }) => record.id));
  const ops: Op[] = [];
  const rev = revisionOf(merged);
  if (rev !== kept.rev) ops.push({ op: "update", record: merged, base: kept.rev });
  for (const id of gone) {
    for (const mention of mentionsOf(sample, id)) {
      const head = sample.annotations.get(mention);
      if (head !== undefined) {
        ops.push({ op: "update", record: { ...head.record, entity: keptId }, base: head.rev });
      }
    }
  }
  const seen = new Set(
    linksOf(sample, keptId)
      .filter(({ record }) => !touches(record, gone))
      .map(signature),
  );
  const moved = new Map([...gone].flatMap((id) => linksOf(sample, id)).map((row) => [row.record.id, row]));
  for (const { record, rev: base } of [...moved.values()].sort((a, b) => (a.record.id < b.record.id ? -1 : 1))) {
    const next = repointed(record, gone, { id: keptId, judged: rev, kind: "entity" });
    const isDouble = seen.has(signature({ record: next })) || next.source.id === next.target.id;
    if (isDouble) ops.push({ op: "delete", kind: "link", id: record.id, base });
    else ops.push({ op: "update", record: next, base });
    seen.add(signature({ record: next }));
  }
  for (const { record, rev: base } of others) ops.push({ op: "delete", kind: "entity", id: record.id, base });
  return ops;
}

function filled(into: Entity, from: Entity): Entity {
  const attributes = { ...from.attributes, ...into.attributes };
  const name = into.name || from.name;
  return {
    ...into,
    ...(name ? { name } : {}),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}

function touches(link: Link, ids: ReadonlySet<string>): boolean {
  return ids.has(link.source.id) || ids.has(link.target.id);
}

function signature({ record }: { readonly record: Link }): string {
  return `${record.type_id} ${record.layer} ${record.source.id} ${record.target.id}`;
}

function repointed(link: Link, gone: ReadonlySet<string>, end: Link["source"]): Link {
  return {
    ...link,
    source: gone.has(link.source.id) ? end : link.source,
    target: gone.has(link.target.id) ? end : link.target,
  };
}

/** A new thing for the annotations: of the most special of their classes when they lie on one line, else of the first. */
export function gatherOps(
  sample: SampleData,
  ontology: Ontology | null,
  annotationIds: readonly string[],
  made: { readonly id: string; readonly layer: string; readonly name?: string },
): readonly Op[] {
  const mentions = annotationIds.flatMap((id) => sample.annotations.get(id) ?? []);
  const [first] = mentions;
  if (first === undefined) return [];
  const record: Entity = {
    kind: "entity",
    id: made.id,
    sample: sample.sample.record.id,
    layer: made.layer,
    class_id: commonClass(
      ontology,
      mentions.map((head) => head.record.class_id),
    ),
    ...(made.name ? { name: made.name } : {}),
  };
  return [{ op: "create", record }, ...pointOps(sample, annotationIds, made.id)];
}

/** Annotations become mentions of a thing that is there; null: of none. */
export function pointOps(sample: SampleData, annotationIds: readonly string[], entity: string | null): readonly Op[] {
  return annotationIds.flatMap((id): Op[] => {
    const head = sample.annotations.get(id);
    if (head === undefined || (head.record.entity ?? null) === entity) return [];
    const { entity: _before, ...rest } = head.record;
    const record: Annotation = entity === null ? rest : { ...rest, entity };
    return [{ op: "update", record, base: head.rev }];
  });
}

/** The class that all the others are ancestors of; the first one when there is none. */
export function commonClass(ontology: Ontology | null, classIds: readonly string[]): string {
  const [first = ""] = classIds;
  if (ontology === null) return first;
  return classIds.find((id) => classIds.every((other) => descendsFrom(ontology, id, other))) ?? first;
}

/** Ops that give a thing's class to the mentions named. */
export function conformOps(sample: SampleData, classId: string, mentionIds: readonly string[]): readonly Op[] {
  return mentionIds.flatMap((id): Op[] => {
    const head = sample.annotations.get(id);
    if (head === undefined || head.record.class_id === classId) return [];
    return [{ op: "update", record: { ...head.record, class_id: classId }, base: head.rev }];
  });
}
