/** The state that a suspect link was judged on: the sample as it is, with the link's ends as they were. Pure. */
import type { RecordDiff, RevisionView } from "../../model/changes";
import type { Annotation, AnyRecord, Link } from "../../model/records";
import { lookUp, type SampleData } from "../../store/sample";
import { changedFields } from "../history/differences";

export interface Judged {
  readonly before: SampleData;
  /** The ends that differ, judged beside present. */
  readonly records: readonly RecordDiff[];
}

/** Revisions by record id, newest first. */
export type Past = ReadonlyMap<string, readonly RevisionView[]>;

/** Records whose past is needed: both ends, and the clock maps and calibrations that causes speak of. */
export function neededFor(sample: SampleData, link: Link): readonly string[] {
  const needed = new Set([link.source.id, link.target.id]);
  for (const cause of link.causes ?? []) {
    const stream = streamOf(sample, cause.end === "source" ? link.source.id : link.target.id);
    if (stream === undefined) continue;
    if (cause.changed.includes("clock")) addOf(sample.clockMaps.values(), stream, needed);
    if (cause.changed.includes("calibration")) addOf(sample.calibrations.values(), stream, needed);
  }
  return [...needed];
}

function streamOf(sample: SampleData, end: string): string | undefined {
  return sample.annotations.get(end)?.record.stream;
}

function addOf(
  rows: Iterable<{ readonly record: { readonly id: string; readonly stream: string } }>,
  stream: string,
  into: Set<string>,
): void {
  for (const { record } of rows) if (record.stream === stream) into.add(record.id);
}

export function judgedState(sample: SampleData, link: Link, past: Past): Judged {
  const records: RecordDiff[] = [];
  const olds: AnyRecord[] = [];
  for (const end of [link.source, link.target]) {
    const old = past.get(end.id)?.find(({ rev }) => rev === end.judged)?.record;
    const now = lookUp(sample, end.id);
    if (old == null || now?.rev === end.judged) continue;
    olds.push(old);
    records.push({
      kind: old.kind,
      id: old.id,
      before: old,
      after: now?.record ?? null,
      changed: changedFields(old, now?.record ?? null),
    });
  }
  // Surroundings of an end: as they were right before the change that put it in doubt.
  const [first] = (link.causes ?? []).map(({ at_ns }) => at_ns).toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  for (const [id, revisions] of past) {
    if (id === link.source.id || id === link.target.id || first === undefined) continue;
    const old = revisions.find(({ at_ns }) => BigInt(at_ns) < BigInt(first))?.record;
    if (old != null) olds.push(old);
  }
  return { before: olds.reduce(withRecord, sample), records };
}

function withRecord(sample: SampleData, record: AnyRecord): SampleData {
  const row = { rev: "", seq: 0, record };
  if (record.kind === "annotation") {
    return { ...sample, annotations: new Map([...sample.annotations, [record.id, { ...row, record }]]) };
  }
  if (record.kind === "entity") {
    return { ...sample, entities: new Map([...sample.entities, [record.id, { ...row, record }]]) };
  }
  if (record.kind === "clock_map") {
    return { ...sample, clockMaps: new Map([...sample.clockMaps, [record.id, { ...row, record }]]) };
  }
  if (record.kind === "calibration") {
    return { ...sample, calibrations: new Map([...sample.calibrations, [record.id, { ...row, record }]]) };
  }
  return sample;
}

/** The shapes to draw dashed over the state that is shown: those of the other one. */
export function otherShapes(records: readonly RecordDiff[], shown: "before" | "now"): readonly Annotation[] {
  return records.flatMap(({ before, after, changed }) => {
    const [other, own] = shown === "now" ? [before, after] : [after, before];
    const isElsewhere = own === null || ["region", "at_ns", "index"].some((field) => changed.includes(field));
    return other?.kind === "annotation" && isElsewhere ? [other] : [];
  });
}
