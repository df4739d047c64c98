/** How an annotation looks in the present state: the same answer in every pane. */
import type { Annotation } from "../../model/records";
import { isSuspect, linksOf } from "../../store/derive";
import { className, colourOf } from "../../store/ontology";
import type { WorkspaceState } from "../../store/workspace";

export interface Standing {
  readonly colour: number;
  readonly isSelected: boolean;
  readonly isHovered: boolean;
  readonly isLinked: boolean;
  readonly isSuspect: boolean;
  readonly isDimmed: boolean;
  readonly isUnlinked: boolean;
}

export function standingOf(state: WorkspaceState, annotation: Annotation): Standing {
  const { id } = annotation;
  const links = state.sample === null ? [] : linksOf(state.sample, id);
  return {
    colour: colourOf(state.ontology, annotation.class_id),
    isSelected: state.selection.has(id),
    isHovered: state.hover === id,
    isLinked: state.linked.has(id),
    isSuspect: links.some(({ record }) => isSuspect(record)),
    isDimmed:
      state.allowedTargets !== null && !state.allowedTargets.has(id) && state.linking?.sources.includes(id) !== true,
    isUnlinked: links.length === 0 && annotation.entity == null,
  };
}

/** The class, and the entity's name where there is one. */
export function labelOf(state: WorkspaceState, annotation: Annotation): string {
  const name = className(state.ontology, annotation.class_id);
  const entity = annotation.entity == null ? undefined : state.sample?.entities.get(annotation.entity)?.record;
  const said = annotation.region.type === "text_span" ? ` “${annotation.region.quote}”` : "";
  return entity?.name ? `${name}${said} · ${entity.name}` : `${name}${said}`;
}
