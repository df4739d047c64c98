/** Lines between the ends of links that are selected or hovered, over all panes. They take no pointer. */
import { useEffect, useRef } from "react";
import type { Link } from "../model/records";
import { isSuspect, linksOf } from "../store/derive";
import type { WorkspaceState } from "../store/workspace";
import { useWorkbench, type Workbench } from "./workbench";

interface Line {
  readonly link: Link;
  readonly path: string;
  readonly ends: readonly (readonly [number, number])[];
}

export function LinkLines() {
  const bench = useWorkbench();
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => {
    let frame = 0;
    let drawn = "";
    // Panes scroll, pan and resize on their own, so the ends are asked for in every turn while there is a line.
    const draw = () => {
      frame = requestAnimationFrame(draw);
      const element = svg.current;
      if (element === null) return;
      const lines = linesOf(bench, element.getBoundingClientRect());
      const markup = lines.map((line) => `${line.path}${line.link.status}${isSuspect(line.link)}`).join(";");
      if (markup === drawn) return;
      drawn = markup;
      element.replaceChildren(...lines.flatMap(nodesOf));
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [bench]);
  return <svg className="link-lines" ref={svg} aria-hidden="true" />;
}

function shownLinks(state: WorkspaceState): readonly Link[] {
  const { sample } = state;
  if (sample === null) return [];
  const seeds = state.hover === null ? [...state.selection] : [...state.selection, state.hover];
  const found = new Map<string, Link>();
  for (const id of seeds) {
    const own = sample.links.get(id)?.record;
    if (own !== undefined) found.set(own.id, own);
    for (const { record } of linksOf(sample, id)) found.set(record.id, record);
  }
  return [...found.values()].slice(0, 60);
}

function linesOf(bench: Workbench, origin: DOMRect): readonly Line[] {
  const anchor = (id: string) => {
    for (const pane of bench.panes) {
      const rect = pane.anchorOf(id);
      if (rect !== null) return rect;
    }
    return null;
  };
  return shownLinks(bench.store.getState()).flatMap((link) => {
    const [from, to] = [anchor(link.source.id), anchor(link.target.id)];
    if (from === null || to === null) return [];
    const [a, b] = nearestEdges(from, to);
    const [ax, ay, bx, by] = [a[0] - origin.x, a[1] - origin.y, b[0] - origin.x, b[1] - origin.y].map(Math.round);
    if (ax === undefined || ay === undefined || bx === undefined || by === undefined) return [];
    const bend = Math.max(24, Math.abs(bx - ax) * 0.4) * (bx >= ax ? 1 : -1);
    const path = `M${ax} ${ay} C${ax + bend} ${ay} ${bx - bend} ${by} ${bx} ${by}`;
    return [{ link, path, ends: [[ax, ay] as const, [bx, by] as const] }];
  });
}

/** The middles of the sides that face each other. */
function nearestEdges(from: DOMRect, to: DOMRect): readonly [readonly [number, number], readonly [number, number]] {
  const isLeft = from.x + from.width / 2 < to.x + to.width / 2;
  const side = (rect: DOMRect, right: boolean) => [right ? rect.right : rect.left, rect.y + rect.height / 2] as const;
  return [side(from, isLeft), side(to, !isLeft)];
}

function nodesOf({ link, path, ends }: Line): SVGElement[] {
  const kind = isSuspect(link) ? "suspect" : link.status === "proposed" ? "proposed" : "sound";
  const back = make("path", { d: path, class: "link-line-back" });
  const front = make("path", { d: path, class: `link-line link-line-${kind}` });
  const dots = ends.map(([x, y]) => make("circle", { cx: x, cy: y, r: 3.5, class: `link-dot link-dot-${kind}` }));
  return [back, front, ...dots];
}

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
