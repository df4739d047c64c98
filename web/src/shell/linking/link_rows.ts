/** Links as rows of a list: named, filtered, sorted. */
import type { Link } from "../../model/records";
import { isSuspect } from "../../store/derive";
import type { WorkspaceState } from "../../store/workspace";
import { isMissing, nameOf, typeName } from "../words";

export type LinkState = "sound" | "suspect" | "missing" | "proposed";
export const LINK_STATES: readonly (readonly [LinkState, string])[] = [
  ["missing", "End missing"],
  ["suspect", "Suspect"],
  ["proposed", "Proposed"],
  ["sound", "Sound"],
];

export interface LinkRow {
  readonly id: string;
  readonly link: Link;
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly state: LinkState;
}

export type SortKey = "state" | "type" | "source" | "target" | "newest";
export interface LinkFilter {
  /** Empty: all. */
  readonly type: string;
  readonly state: LinkState | "";
  readonly text: string;
}
export const ALL: LinkFilter = { type: "", state: "", text: "" };

export function stateOf(state: WorkspaceState, link: Link): LinkState {
  const { sample } = state;
  if (sample !== null && [link.source.id, link.target.id].some((id) => isMissing(sample, id))) return "missing";
  if (isSuspect(link)) return "suspect";
  return link.status === "proposed" ? "proposed" : "sound";
}

export function rowsOf(state: WorkspaceState, links: Iterable<Link>): readonly LinkRow[] {
  return [...links].map((link) => ({
    id: link.id,
    link,
    type: typeName(state, link.type_id),
    source: nameOf(state, link.source.id),
    target: nameOf(state, link.target.id),
    state: stateOf(state, link),
  }));
}

export function filtered(rows: readonly LinkRow[], { type, state, text }: LinkFilter): readonly LinkRow[] {
  const wanted = text.trim().toLocaleLowerCase();
  return rows.filter(
    (row) =>
      (type === "" || row.link.type_id === type) &&
      (state === "" || row.state === state) &&
      (wanted === "" || `${row.source} ${row.type} ${row.target}`.toLocaleLowerCase().includes(wanted)),
  );
}

const ORDER: ReadonlyMap<LinkState, number> = new Map(LINK_STATES.map(([id], index) => [id, index]));

/** Ids sort by time, so rows that compare equal stand oldest first. */
export function sorted(rows: readonly LinkRow[], key: SortKey): readonly LinkRow[] {
  const compare = (a: LinkRow, b: LinkRow): number => {
    if (key === "newest") return a.id < b.id ? 1 : -1;
    const difference =
      key === "state" ? (ORDER.get(a.state) ?? 0) - (ORDER.get(b.state) ?? 0) : a[key].localeCompare(b[key]);
    return difference === 0 ? (a.id < b.id ? -1 : 1) : difference;
  };
  return rows.toSorted(compare);
}
