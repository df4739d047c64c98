/** How an annotation looks in every pane: its class colour and whether it is chosen, lit, dimmed or in doubt. */
import type { Tokens } from "../../base/tokens";
import type { Annotation, Link } from "../../model/records";
import { isSuspect, linksByEnd } from "../../store/derive";
import { className, colourOf } from "../../store/ontology";
import type { RecordMap } from "../../store/sample";
import type { WorkspaceState } from "../../store/workspace";

export interface Look {
  readonly colour: string;
  readonly label: string;
  readonly selected: boolean;
  readonly hovered: boolean;
  /** Lit because a link or an entity leads to it from what is selected or hovered. */
  readonly linked: boolean;
  /** Not a possible target of the link being made. */
  readonly dimmed: boolean;
  readonly suspect: boolean;
  readonly links: number;
}

type State = Pick<WorkspaceState, "sample" | "ontology" | "selection" | "hover" | "linked" | "allowedTargets">;

export function lookOf(state: State, tokens: Tokens, annotation: Annotation): Look {
  const { id, class_id, entity } = annotation;
  const links = state.sample?.links;
  const selected = state.selection.has(id) || (entity != null && state.selection.has(entity));
  const hovered = state.hover !== null && (state.hover === id || state.hover === entity);
  return {
    colour: tokens.classes[colourOf(state.ontology, class_id)] ?? tokens.accent,
    label: labelOf(state, annotation),
    selected,
    hovered,
    linked: state.linked.has(id),
    dimmed: state.allowedTargets !== null && !state.allowedTargets.has(id) && !selected,
    suspect: links !== undefined && suspectEnds(links).has(id),
    links: links === undefined ? 0 : (linksByEnd(links).get(id)?.length ?? 0),
  };
}

/** Class and, when there is one, the entity's name; a transcript shows what it says. */
export function labelOf(state: State, annotation: Annotation): string {
  if (annotation.text) return annotation.text;
  const name = className(state.ontology, annotation.class_id);
  const entity = annotation.entity == null ? undefined : state.sample?.entities.get(annotation.entity)?.record;
  if (!entity?.name) return name;
  // Many data sets name their things after the class: once is enough.
  return entity.name.toLowerCase().startsWith(name.toLowerCase()) ? entity.name : `${name} ${entity.name}`;
}

const suspectSets = new WeakMap<object, ReadonlySet<string>>();

/** What stands at either end of a suspect link. */
export function suspectEnds(links: RecordMap<Link>): ReadonlySet<string> {
  let ends = suspectSets.get(links);
  if (ends === undefined) {
    ends = new Set(
      [...links.values()].flatMap(({ record }) => (isSuspect(record) ? [record.source.id, record.target.id] : [])),
    );
    suspectSets.set(links, ends);
  }
  return ends;
}

/** What must not disappear among neighbours that share its pixel: chosen, lit or in doubt. */
export function mattersIn(state: State): (span: { readonly id: string }) => boolean {
  const suspects = state.sample === null ? new Set<string>() : suspectEnds(state.sample.links);
  return ({ id }) => state.selection.has(id) || state.hover === id || state.linked.has(id) || suspects.has(id);
}

/** A small triangle with a mark: something changed on the other side. Never colour alone. */
export function drawSuspectBadge(context: CanvasRenderingContext2D, tokens: Tokens, x: number, y: number): void {
  context.save();
  context.beginPath();
  context.moveTo(x, y - 6);
  context.lineTo(x + 6.5, y + 5);
  context.lineTo(x - 6.5, y + 5);
  context.closePath();
  context.fillStyle = tokens.suspect;
  context.fill();
  context.fillStyle = tokens.background[0];
  context.fillRect(x - 0.8, y - 2.5, 1.6, 4);
  context.fillRect(x - 0.8, y + 2.4, 1.6, 1.6);
  context.restore();
}

/** A pill with the number of links. */
export function drawLinkBadge(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  x: number,
  y: number,
  count: number,
): void {
  context.save();
  context.font = `600 9px ${tokens.font}`;
  const text = String(count);
  const width = context.measureText(text).width + 14;
  context.beginPath();
  context.roundRect(x - width / 2, y - 6, width, 12, 6);
  context.fillStyle = tokens.background[0];
  context.fill();
  context.strokeStyle = tokens.link;
  context.lineWidth = 1;
  context.stroke();
  context.beginPath();
  context.arc(x - width / 2 + 6, y, 1.8, 0, 7);
  context.fillStyle = tokens.link;
  context.fill();
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, x - width / 2 + 10, y + 0.5);
  context.restore();
}
