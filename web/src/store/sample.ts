/** One sample as maps by id, and what operations do to it. All values are immutable. */

import type { FindingView, Head, Op, SampleView, Versioned } from "../model/changes";
import type {
  Annotation,
  AnyRecord,
  Calibration,
  ClockMap,
  Entity,
  Link,
  RecordKind,
  Sample,
  Stream,
  Trajectory,
  Verdict,
} from "../model/records";
import { revisionOf } from "../model/revision";

export type RecordMap<R> = ReadonlyMap<string, Versioned<R>>;

export interface SampleData {
  readonly seq: number;
  readonly sample: Versioned<Sample>;
  readonly streams: RecordMap<Stream>;
  readonly clockMaps: RecordMap<ClockMap>;
  readonly calibrations: RecordMap<Calibration>;
  readonly trajectories: RecordMap<Trajectory>;
  readonly entities: RecordMap<Entity>;
  readonly annotations: RecordMap<Annotation>;
  readonly links: RecordMap<Link>;
  readonly verdicts: RecordMap<Verdict>;
  readonly findings: readonly FindingView[];
}

type MapName =
  | "streams"
  | "clockMaps"
  | "calibrations"
  | "trajectories"
  | "entities"
  | "annotations"
  | "links"
  | "verdicts";

const MAP_OF: Partial<Record<RecordKind, MapName>> = {
  stream: "streams",
  clock_map: "clockMaps",
  calibration: "calibrations",
  trajectory: "trajectories",
  entity: "entities",
  annotation: "annotations",
  link: "links",
  verdict: "verdicts",
};

const SEARCH_ORDER: readonly MapName[] = [
  "annotations",
  "links",
  "entities",
  "streams",
  "clockMaps",
  "calibrations",
  "trajectories",
  "verdicts",
];

function byId<R extends { readonly id: string }>(rows: readonly Versioned<R>[]): RecordMap<R> {
  return new Map(rows.map((row) => [row.record.id, row]));
}

export function fromView(view: SampleView): SampleData {
  return {
    seq: view.seq,
    sample: view.sample,
    streams: byId(view.streams),
    clockMaps: byId(view.clock_maps),
    calibrations: byId(view.calibrations),
    trajectories: byId(view.trajectories),
    entities: byId(view.entities),
    annotations: byId(view.annotations),
    links: byId(view.links),
    verdicts: byId(view.verdicts),
    findings: view.findings,
  };
}

export function lookUp(data: SampleData, id: string): Versioned<AnyRecord> | undefined {
  if (data.sample.record.id === id) return data.sample;
  for (const name of SEARCH_ORDER) {
    const found = data[name].get(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The state of one record after an op or at a head: null means gone. */
interface Put {
  readonly kind: RecordKind;
  readonly id: string;
  readonly next: Versioned<AnyRecord> | null;
}

/** Ops as they will stand once committed; records of other samples are left alone. */
export function applyOps(data: SampleData, ops: readonly Op[]): SampleData {
  return put(
    data,
    ops.map((op) =>
      op.op === "delete"
        ? { kind: op.kind, id: op.id, next: null }
        : {
            kind: op.record.kind,
            id: op.record.id,
            next: { rev: revisionOf(op.record), seq: data.seq, record: op.record },
          },
    ),
  );
}

/** What the server says a commit left behind. */
export function applyHeads(data: SampleData, heads: readonly Head[], seq: number): SampleData {
  const puts = heads.map(({ kind, id, rev, seq: at, record }) => ({
    kind,
    id,
    next: record === null ? null : { rev, seq: at, record },
  }));
  return { ...put(data, puts), seq: Math.max(data.seq, seq) };
}

function put(data: SampleData, puts: readonly Put[]): SampleData {
  const changed: Partial<Record<MapName, Map<string, Versioned<AnyRecord>>>> = {};
  let sample = data.sample;
  for (const { kind, id, next } of puts) {
    if (kind === "sample") {
      if (id === sample.record.id && next !== null) sample = next as Versioned<Sample>;
      continue;
    }
    const name = MAP_OF[kind];
    if (name === undefined || (next !== null && !belongs(data, next.record))) continue;
    changed[name] ??= new Map<string, Versioned<AnyRecord>>(data[name]);
    if (next === null) changed[name].delete(id);
    else changed[name].set(id, next);
  }
  return { ...data, ...(changed as Partial<SampleData>), sample };
}

function belongs(data: SampleData, record: AnyRecord): boolean {
  return "sample" in record && record.sample === data.sample.record.id;
}

/** Ops that take `ops` back, given the state before them; last one first. */
export function inverseOps(before: SampleData, ops: readonly Op[]): Op[] {
  const inverse: Op[] = [];
  for (const op of [...ops].reverse()) {
    if (op.op === "create") {
      inverse.push({ op: "delete", kind: op.record.kind, id: op.record.id, base: revisionOf(op.record) });
      continue;
    }
    const old = lookUp(before, op.op === "delete" ? op.id : op.record.id);
    if (old === undefined) continue;
    inverse.push(
      op.op === "delete"
        ? { op: "create", record: old.record }
        : { op: "update", record: old.record, base: revisionOf(op.record) },
    );
  }
  return inverse;
}
