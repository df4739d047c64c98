/** Lines between the ends of links that are selected or hovered, over all panes. A click on one selects the link. */
import { useEffect, useRef } from "react";
import { openFindings } from "../../store/derive";
import type { SampleData } from "../../store/sample";
import { useWorkbench, type Workbench } from "../workbench";
import { placesIn } from "./places";
import { shownStrands } from "./shown";
import { drawnOf } from "./strands";
import { nodesOf } from "./svg";
import "./linking.css";

export function LinkLines() {
  const bench = useWorkbench();
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const element = svg.current;
    if (element === null) return;
    const opened = new Set<string>();
    let frame = 0;
    let drawn = "";
    let selection: ReadonlySet<string> | null = null;
    // Panes scroll, pan and resize on their own, so the ends are asked for in every turn while there is a line.
    const draw = () => {
      frame = requestAnimationFrame(draw);
      const state = bench.store.getState();
      if (state.selection !== selection) {
        selection = state.selection;
        opened.clear();
      }
      element.dataset["live"] = String(state.tool === "select" && state.linking === null);
      const places = placesIn(bench, element.getBoundingClientRect());
      const next = drawnOf(shownStrands(bench, places, failedIds(state.sample)), opened);
      const markup = JSON.stringify([next, [...state.selection]]);
      if (markup === drawn) return;
      drawn = markup;
      element.replaceChildren(...next.flatMap((entry) => nodesOf(entry, state.selection)));
    };
    frame = requestAnimationFrame(draw);
    const stop = listen(element, bench, opened);
    return () => {
      cancelAnimationFrame(frame);
      stop();
    };
  }, [bench]);
  return <svg className="link-lines" ref={svg} aria-hidden="true" />;
}

/** Pressing a line selects its link; pressing a bundle's count spreads the bundle out. */
function listen(element: SVGSVGElement, bench: Workbench, opened: Set<string>): () => void {
  const press = (event: PointerEvent) => {
    const hit = event.target instanceof Element ? event.target.closest<SVGElement>("[data-link], [data-bundle]") : null;
    const { link, bundle } = hit?.dataset ?? {};
    if (event.button !== 0 || (link === undefined && bundle === undefined)) return;
    event.preventDefault();
    if (bundle !== undefined) opened.add(bundle);
    else if (link !== undefined) {
      bench.store.actions.select([link], { toggle: event.shiftKey });
    }
  };
  element.addEventListener("pointerdown", press);
  return () => element.removeEventListener("pointerdown", press);
}

const failed = new WeakMap<SampleData, ReadonlySet<string>>();
const NONE: ReadonlySet<string> = new Set();

/** Links that an open finding points at. */
function failedIds(sample: SampleData | null): ReadonlySet<string> {
  if (sample === null) return NONE;
  let known = failed.get(sample);
  if (known === undefined) {
    known = new Set(openFindings(sample).flatMap(({ finding }) => finding.culprits.map((culprit) => culprit.id)));
    failed.set(sample, known);
  }
  return known;
}
