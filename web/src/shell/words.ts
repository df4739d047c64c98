/** How records are named for people, in one place. */
import type { Cause, Link } from "../model/records";
import { className } from "../store/ontology";
import type { SampleData } from "../store/sample";
import type { WorkspaceState } from "../store/workspace";

/** "1 link", "2 links", "3 entities". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString()} ${count === 1 ? noun : noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
}

export const SAMPLE_STATES = [
  ["todo", "To do"],
  ["in_progress", "In progress"],
  ["submitted", "Submitted"],
  ["accepted", "Accepted"],
] as const;

const KIND_WORDS: Readonly<Record<string, string>> = {
  text_span: "text",
  time_span: "time span",
  rotated_box: "rotated box",
  point_set: "points",
  whole_stream: "whole stream",
  keypoints: "key points",
};

export function kindWord(kind: string): string {
  return KIND_WORDS[kind] ?? kind.replaceAll("_", " ");
}

/** "Car box" or "“the red car”". */
export function nameOf(state: WorkspaceState, id: string): string {
  const annotation = state.sample?.annotations.get(id)?.record;
  if (annotation !== undefined) {
    if (annotation.region.type === "text_span") return `“${annotation.region.quote}”`;
    if (annotation.text) return `“${shorten(annotation.text)}”`;
    return `${className(state.ontology, annotation.class_id)} ${kindWord(annotation.region.type)}`;
  }
  const entity = state.sample?.entities.get(id)?.record;
  if (entity !== undefined) return entity.name || className(state.ontology, entity.class_id);
  const link = state.sample?.links.get(id)?.record;
  if (link !== undefined) return linkWords(state, link);
  return "something that is gone";
}

export function typeName(state: WorkspaceState, typeId: string): string {
  return state.ontology?.link_types?.find((type) => type.id === typeId)?.name ?? typeId;
}

export function linkWords(state: WorkspaceState, link: Link): string {
  return `${nameOf(state, link.source.id)} ${typeName(state, link.type_id).toLowerCase()} ${nameOf(state, link.target.id)}`;
}

function shorten(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text;
}

/** "The box was changed (region) by ana, 10:41, moved 14 px". */
export function causeWords(state: WorkspaceState, link: Link, cause: Cause): string {
  const end = cause.end === "source" ? link.source.id : link.target.id;
  const isMissing = cause.changed.includes("missing");
  const what = isMissing ? "was deleted" : `changed its ${cause.changed.map(fieldWord).join(", ")}`;
  const when = cause.at_ns === "" ? "" : ` at ${timeOf(cause.at_ns)}`;
  const side = cause.end === "source" ? "The source" : "The target";
  const who = isMissing ? side : `${side}, ${nameOf(state, end)},`;
  return `${who} ${what}${cause.amount ? `, ${cause.amount}` : ""}, by ${cause.by}${when}`;
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  region: "place",
  at_ns: "time",
  class_id: "class",
  words: "word times",
  clock: "stream's clock",
  calibration: "stream's calibration",
};

export function fieldWord(field: string): string {
  return FIELD_WORDS[field] ?? field.replaceAll("_", " ");
}

/** Unix nanoseconds as digits, as a local time of day. */
export function timeOf(atNs: string): string {
  const date = new Date(Number(BigInt(atNs) / 1_000_000n));
  return date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function isMissing(sample: SampleData, id: string): boolean {
  return !sample.annotations.has(id) && !sample.entities.has(id);
}
