/** Changes as sentences: what a commit did, and how a record differs from what it was. */
import type { Change, Commit, RecordDiff } from "../../model/changes";
import type { AnyRecord, Region } from "../../model/records";
import { className } from "../../store/ontology";
import { lookUp } from "../../store/sample";
import type { WorkspaceState } from "../../store/workspace";
import { counted, fieldWord, kindWord, nameOf, typeName } from "../words";

const NOUNS: Partial<Record<string, string>> = {
  clock_map: "clock map",
};
const PLURALS: Partial<Record<string, string>> = { entity: "entities", trajectory: "trajectories" };

function noun(kind: string): string {
  return NOUNS[kind] ?? kind.replaceAll("_", " ");
}

function nouns(count: number, kind: string): string {
  if (count === 1) return `1 ${noun(kind)}`;
  return `${count.toLocaleString()} ${PLURALS[kind] ?? `${noun(kind)}s`}`;
}

function verbOf(change: Change): string {
  if (change.from_rev === null) return "Made";
  if (change.to_rev === null) return "Deleted";
  const fields = change.changed ?? [];
  return fields.length === 0 ? "Changed" : `Changed ${fields.map(fieldWord).join(" and ")} of`;
}

function subject(state: WorkspaceState, change: Change): string {
  const { sample } = state;
  if (sample === null || lookUp(sample, change.id) === undefined || change.kind === "sample") return noun(change.kind);
  const isNamed = change.kind === "annotation" || change.kind === "link" || change.kind === "entity";
  return isNamed ? nameOf(state, change.id) : noun(change.kind);
}

/** One line for each sort of change, for example "Made Car box" or "Deleted 12 annotations". */
export function commitLines(state: WorkspaceState, commit: Commit): readonly string[] {
  const own = commit.changes.filter((change) => !change.derived && change.kind !== "layer");
  const sorts = new Map<string, Change[]>();
  for (const change of own) {
    const key = `${change.kind} ${verbOf(change)}`;
    sorts.set(key, [...(sorts.get(key) ?? []), change]);
  }
  const lines = [...sorts.values()].flatMap((changes) => {
    const [first] = changes;
    if (first === undefined) return [];
    const what = changes.length === 1 ? subject(state, first) : nouns(changes.length, first.kind);
    return [`${verbOf(first)} ${what}`];
  });
  const derived = commit.changes.length - commit.changes.filter((change) => !change.derived).length;
  return derived === 0 ? lines : [...lines, `${counted(derived, "link")} became suspect or sound`];
}

/** What a commit is called in a list. */
export function commitTitle(state: WorkspaceState, commit: Commit): string {
  if (commit.origin === "import") return `Imported ${nouns(commit.changes.length, "record")}`;
  return commit.reason || commitLines(state, commit)[0] || "Nothing of this sample";
}

/** "Moved 14 px", "Starts 0.120 s later": a line for each field that differs. */
export function differenceLines(state: WorkspaceState, diff: RecordDiff): readonly string[] {
  const { before, after } = diff;
  if (before === null) return ["Made"];
  if (after === null) return ["Deleted"];
  return diff.changed.flatMap((field) => fieldLines(state, field, before, after));
}

/** What a record is called that may exist in one of the states only. */
export function recordName(state: WorkspaceState, record: AnyRecord): string {
  switch (record.kind) {
    case "annotation":
      if (record.region.type === "text_span") return `“${record.region.quote}”`;
      return `${className(state.ontology, record.class_id)} ${kindWord(record.region.type)}`;
    case "entity":
      return record.name || className(state.ontology, record.class_id);
    case "link":
      return `${typeName(state, record.type_id)} link`;
    case "stream":
      return record.name;
    default:
      return noun(record.kind);
  }
}

function fieldLines(state: WorkspaceState, field: string, before: AnyRecord, after: AnyRecord): readonly string[] {
  const [old, now] = [fieldOf(before, field), fieldOf(after, field)];
  if (field === "region") return regionLines(old as Region, now as Region);
  if (field === "class_id") {
    return [`Class: ${className(state.ontology, String(old))} → ${className(state.ontology, String(now))}`];
  }
  if (field === "comment") return [now === undefined ? "Comment resolved" : "Comment written"];
  if (field === "causes") return [Array.isArray(now) && now.length > 0 ? "Became suspect" : "Is sound again"];
  if (field === "attributes") return attributeLines(old, now);
  if (field === "entity") return [`Entity: ${nameOr(state, old)} → ${nameOr(state, now)}`];
  if (field === "source" || field === "target") return endLines(state, field, old, now);
  if (typeof (old ?? now) === "object") return [`${capital(fieldWord(field))} changed`];
  return [`${capital(fieldWord(field))}: ${plain(old)} → ${plain(now)}`];
}

function endLines(state: WorkspaceState, field: string, old: unknown, now: unknown): readonly string[] {
  const [from, to] = [(old as { id: string }).id, (now as { id: string }).id];
  if (from === to) return [`Judged anew against its ${field}`];
  return [`${capital(field)}: ${nameOf(state, from)} → ${nameOf(state, to)}`];
}

function attributeLines(old: unknown, now: unknown): readonly string[] {
  const [from, to] = [(old ?? {}) as Record<string, unknown>, (now ?? {}) as Record<string, unknown>];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((key) => JSON.stringify(from[key]) !== JSON.stringify(to[key]))
    .sort()
    .map((key) => `${capital(fieldWord(key))}: ${plain(from[key])} → ${plain(to[key])}`);
}

export function regionLines(old: Region, now: Region): readonly string[] {
  if (old.type === "box" && now.type === "box") {
    const moved = Math.hypot(
      (now.x0_px + now.x1_px - old.x0_px - old.x1_px) / 2,
      (now.y0_px + now.y1_px - old.y0_px - old.y1_px) / 2,
    );
    const size = (box: typeof old) => [box.x1_px - box.x0_px, box.y1_px - box.y0_px].map(rounded).join(" × ");
    return [
      ...(moved >= 0.05 ? [`Moved ${rounded(moved)} px`] : []),
      ...(size(old) === size(now) ? [] : [`Size: ${size(old)} → ${size(now)} px`]),
    ];
  }
  if (old.type === "time_span" && now.type === "time_span") {
    return [...shift("Starts", now.start_ns - old.start_ns), ...shift("Ends", now.end_ns - old.end_ns)];
  }
  if (old.type === "text_span" && now.type === "text_span") {
    return old.quote === now.quote ? ["Moved in the text"] : [`Text: “${old.quote}” → “${now.quote}”`];
  }
  if (old.type === "cuboid" && now.type === "cuboid") {
    const [a, b] = [old.centre_m, now.centre_m];
    const moved_m = Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);
    return moved_m >= 0.005 ? [`Moved ${moved_m.toFixed(2)} m`] : ["Size or direction changed"];
  }
  return [old.type === now.type ? "Shape changed" : `Shape: ${kindWord(old.type)} → ${kindWord(now.type)}`];
}

function shift(what: string, by_ns: number): readonly string[] {
  if (by_ns === 0) return [];
  return [`${what} ${(Math.abs(by_ns) / 1e9).toFixed(3)} s ${by_ns > 0 ? "later" : "earlier"}`];
}

function rounded(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1, useGrouping: false });
}

function nameOr(state: WorkspaceState, id: unknown): string {
  return typeof id === "string" ? nameOf(state, id) : "none";
}

function plain(value: unknown): string {
  if (value === undefined || value === null || value === "") return "none";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function fieldOf(record: AnyRecord, field: string): unknown {
  return (record as unknown as Record<string, unknown>)[field];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
