/** The type of a link: which others its ends allow, and the change to one of them. */
import type { Attribute, Link, LinkType } from "../../model/records";
import { endFacts, type LinkChoice, linkChoices } from "../../store/ontology";
import type { WorkspaceState } from "../../store/workspace";
import type { Workbench } from "../workbench";

/** Types that may join the link's ends as they stand or turned round, in the ontology's order; none with an end missing. */
export function typesOfLink({ sample, ontology }: WorkspaceState, link: Link): readonly LinkChoice[] {
  if (sample === null || ontology === null) return [];
  const [from, to] = [endFacts(sample, link.source.id), endFacts(sample, link.target.id)];
  return from === null || to === null ? [] : linkChoices(ontology, from, to);
}

export function typeOf({ ontology }: WorkspaceState, link: Link): LinkType | undefined {
  return ontology?.link_types?.find((type) => type.id === link.type_id);
}

/** Gives the link another type, turned round where that type asks for it; attributes that it does not know are dropped. */
export function changeType(bench: Workbench, link: Link, { type, reversed }: LinkChoice): void {
  if (type.id === link.type_id) return;
  bench.store.actions.update("Change link type", [retyped(link, type, reversed)]);
  bench.announce(type.name);
}

export function retyped(link: Link, type: LinkType, reversed: boolean): Link {
  const { attributes, ...rest } = link;
  const known = new Set((type.attributes ?? []).map((attribute: Attribute) => attribute.id));
  const kept = Object.fromEntries(Object.entries(attributes ?? {}).filter(([id]) => known.has(id)));
  const ends = reversed ? { source: link.target, target: link.source } : {};
  return { ...rest, ...ends, type_id: type.id, ...(Object.keys(kept).length === 0 ? {} : { attributes: kept }) };
}

/** While one link is selected a digit gives it another type; whether it was meant so. */
export function chooseTypeOfSelected(bench: Workbench, index: number): boolean {
  const state = bench.store.getState();
  const [id, ...others] = state.selection;
  const link = state.sample?.links.get(id ?? "")?.record;
  if (link === undefined || others.length > 0) return false;
  const choice = typesOfLink(state, link)[index];
  if (choice !== undefined) changeType(bench, link, choice);
  return true;
}
