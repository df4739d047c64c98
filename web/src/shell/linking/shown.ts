/** The links whose lines are drawn now: those selected or hovered, and those at an end that is. */
import type { Link } from "../../model/records";
import { isSuspect, linksOf } from "../../store/derive";
import type { WorkspaceState } from "../../store/workspace";
import { typeName } from "../words";
import type { Workbench } from "../workbench";
import type { PlaceOf } from "./places";
import type { Strand, StrandKind } from "./strands";

const MOST_STRANDS = 200;
const MOST_GHOSTS = 20;

export function shownStrands(bench: Workbench, placeOf: PlaceOf, failed: ReadonlySet<string>): readonly Strand[] {
  const state = bench.store.getState();
  const made: readonly Strand[] = shownLinks(state).map((link) => ({
    id: link.id,
    kind: kindOf(link, failed),
    label: typeName(state, link.type_id),
    from: placeOf(link.source.id),
    to: placeOf(link.target.id),
  }));
  return [...made, ...ghosts(bench, placeOf)];
}

/** The proposal in hand, and those at what is selected or hovered. */
function ghosts({ store, proposals }: Workbench, placeOf: PlaceOf): readonly Strand[] {
  const state = store.getState();
  const { selection, hover } = state;
  const current = proposals.current;
  const isSeed = (id: string) => selection.has(id) || hover === id;
  return proposals
    .standing()
    .filter((one) => one.link === null && (one === current || isSeed(one.source) || isSeed(one.target)))
    .slice(0, MOST_GHOSTS)
    .map((one) => ({
      id: one.fingerprint,
      kind: "proposed",
      label: `${typeName(state, one.type_id)} ${percent(one.score)}`,
      from: placeOf(one.source),
      to: placeOf(one.target),
    }));
}

export function percent(score: number | null): string {
  return score === null ? "" : `${Math.round(score * 100)} %`;
}

function kindOf(link: Link, failed: ReadonlySet<string>): StrandKind {
  if (isSuspect(link)) return "suspect";
  if (link.status === "proposed") return "proposed";
  return failed.has(link.id) ? "failed" : "sound";
}

export function shownLinks(state: WorkspaceState): readonly Link[] {
  const { sample, selection, hover } = state;
  if (sample === null) return [];
  const found = new Map<string, Link>();
  for (const id of hover === null ? selection : [...selection, hover]) {
    const own = sample.links.get(id)?.record;
    if (own !== undefined) found.set(own.id, own);
    for (const { record } of linksOf(sample, id)) found.set(record.id, record);
    const entity = sample.annotations.get(id)?.record.entity;
    if (entity != null) for (const { record } of linksOf(sample, entity)) found.set(record.id, record);
    if (found.size >= MOST_STRANDS) break;
  }
  return [...found.values()].slice(0, MOST_STRANDS);
}
