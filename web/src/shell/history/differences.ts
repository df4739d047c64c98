/** What differs between two states of a sample, and the ops that bring records back. Pure. */
import type { Op, RecordDiff, Versioned } from "../../model/changes";
import type { Annotation, AnyRecord, RecordKind } from "../../model/records";
import { revisionOf } from "../../model/revision";
import { lookUp, type RecordMap, type SampleData } from "../../store/sample";

/** A record and what it should be again; null: it should not be there. */
export interface Wanted {
  readonly kind: RecordKind;
  readonly id: string;
  readonly record: AnyRecord | null;
}

/** Kinds in the order in which they can be made: what is pointed at comes first. */
const ORDER: readonly RecordKind[] = [
  "sample",
  "stream",
  "clock_map",
  "calibration",
  "trajectory",
  "entity",
  "annotation",
  "link",
  "verdict",
];

const rank = (kind: RecordKind) => ORDER.indexOf(kind);

function mapsOf(data: SampleData): readonly RecordMap<AnyRecord>[] {
  const { streams, clockMaps, calibrations, trajectories, entities, annotations, links, verdicts } = data;
  return [streams, clockMaps, calibrations, trajectories, entities, annotations, links, verdicts];
}

/** Records that differ, in the order of `ORDER`. */
export function differences(before: SampleData, after: SampleData): readonly RecordDiff[] {
  const found: RecordDiff[] = [];
  const add = (old: Versioned<AnyRecord> | undefined, now: Versioned<AnyRecord> | undefined) => {
    const record = now?.record ?? old?.record;
    if (record === undefined || old?.rev === now?.rev) return;
    found.push({
      kind: record.kind,
      id: record.id,
      before: old?.record ?? null,
      after: now?.record ?? null,
      changed: changedFields(old?.record ?? null, now?.record ?? null),
    });
  };
  add(before.sample, after.sample);
  const [olds, nows] = [mapsOf(before), mapsOf(after)];
  for (const [index, old] of olds.entries()) {
    const now = nows[index] ?? new Map();
    for (const [id, row] of old) add(row, now.get(id));
    for (const [id, row] of now) if (!old.has(id)) add(undefined, row);
  }
  return found.sort((a, b) => rank(a.kind) - rank(b.kind));
}

/** Top-level fields that differ. */
export function changedFields(before: AnyRecord | null, after: AnyRecord | null): readonly string[] {
  if (before === null || after === null) return [];
  const [old, now] = [before as unknown as Record<string, unknown>, after as unknown as Record<string, unknown>];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]))
    .sort();
}

/** Ops that make the records what is wanted; what is so already is left out. */
export function opsFor(present: SampleData, wanted: readonly Wanted[]): readonly Op[] {
  const puts: Op[] = [];
  const deletions: Op[] = [];
  const known = wanted.filter(({ kind }) => rank(kind) >= 0).toSorted((a, b) => rank(a.kind) - rank(b.kind));
  for (const { kind, id, record } of known) {
    const head = lookUp(present, id);
    if (record === null) {
      if (head !== undefined) deletions.unshift({ op: "delete", kind, id, base: head.rev });
    } else if (head === undefined) puts.push({ op: "create", record });
    else if (head.rev !== revisionOf(record)) puts.push({ op: "update", record, base: head.rev });
  }
  return [...puts, ...deletions];
}

/** Ops that bring all of a sample back to a past state. */
export function restoreOps(past: SampleData, present: SampleData): readonly Op[] {
  return opsFor(
    present,
    differences(past, present).map(({ kind, id, before }) => ({ kind, id, record: before })),
  );
}

/** Ops that take one commit's changes back, and how many records were changed since and are left alone. */
export function takeBackOps(
  present: SampleData,
  changes: readonly RecordDiff[],
): { readonly ops: readonly Op[]; readonly left: number } {
  const still = changes.filter(
    ({ id, after }) => (lookUp(present, id)?.rev ?? null) === (after === null ? null : revisionOf(after)),
  );
  const wanted = still.map(({ kind, id, before }) => ({ kind, id, record: before }));
  return { ops: opsFor(present, wanted), left: changes.length - still.length };
}

/** The annotations of one of the states that the other has elsewhere or not at all: drawn dashed over that other. */
export function ghostsOf(records: readonly RecordDiff[], side: "before" | "after" = "before"): readonly Annotation[] {
  return records.flatMap((diff) => {
    const [own, other] = side === "before" ? [diff.before, diff.after] : [diff.after, diff.before];
    return own?.kind === "annotation" && (other === null || diff.changed.includes("region")) ? [own] : [];
  });
}
