/** Lines between the ends of links that are selected or hovered, over all panes. A click on one selects the link. */
import { useEffect, useRef } from "react";
import { openFindings } from "../../store/derive";
import type { SampleData } from "../../store/sample";
import { useWorkbench, type Workbench } from "../workbench";
import { allPlaces, placesIn, thingAt } from "./places";
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
      const markup = JSON.stringify([next, [...state.selection], bench.proposals.current?.fingerprint]);
      if (markup === drawn) return;
      drawn = markup;
      const inHand = bench.proposals.current?.fingerprint;
      const chosen = inHand === undefined ? state.selection : new Set([...state.selection, inHand]);
      element.replaceChildren(...next.flatMap((entry) => nodesOf(entry, chosen)));
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
    // A line that runs along a row of words must not cover them: what is small under it is what was meant.
    const under = hit?.classList.contains("link-hit") ? smallThingAt(bench, element, event) : null;
    if (under !== null) bench.store.actions.pick(under, { toggle: event.shiftKey });
    else if (bundle !== undefined) opened.add(bundle);
    else if (link !== undefined) {
      if (bench.store.getState().sample?.links.has(link)) {
        bench.store.actions.select([link], { toggle: event.shiftKey });
      } else bench.proposals.focus(link);
    }
  };
  element.addEventListener("pointerdown", press);
  return () => element.removeEventListener("pointerdown", press);
}

const SMALL_PX = 32;

function smallThingAt(bench: Workbench, element: SVGSVGElement, event: PointerEvent): string | null {
  const origin = element.getBoundingClientRect();
  const places = allPlaces(bench, bench.store.getState().sample?.annotations.keys() ?? [], origin);
  const small = places.filter(({ place }) => place.height < SMALL_PX);
  return thingAt(small, event.clientX - origin.x, event.clientY - origin.y, 0);
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
