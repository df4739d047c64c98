/** The round handle beside what is selected: dragged onto another thing in any pane, it links the two. */
import { useEffect, useRef } from "react";
import type { WorkspaceState } from "../../store/workspace";
import { Icon } from "../icons";
import { useWorkbench, type Workbench } from "../workbench";
import { allPlaces, placesIn, thingAt } from "./places";

const BESIDE_PX = 16;
const FLAT_PX = 32;
/** Lines start at the middle of the side. */
const DOWN_PX = 11;
const FLAT_UP_PX = 6;
const START_PX = 4;

export function LinkHandle() {
  const bench = useWorkbench();
  const button = useRef<HTMLButtonElement>(null);
  const rubber = useRef<SVGLineElement>(null);
  useEffect(() => {
    const [handle, line] = [button.current, rubber.current];
    const stage = handle?.parentElement;
    if (handle === null || line === null || stage == null) return;
    let frame = 0;
    const drag = new HandleDrag(bench, handle, line, stage);
    const place = () => {
      frame = requestAnimationFrame(place);
      if (drag.isOn) return;
      const ids = linkable(bench.store.getState());
      const at = ids.length === 0 ? null : beside(bench, ids, stage);
      handle.hidden = at === null;
      if (at !== null) handle.style.transform = `translate(${at[0]}px, ${at[1]}px)`;
    };
    frame = requestAnimationFrame(place);
    return () => {
      cancelAnimationFrame(frame);
      drag.stop();
    };
  }, [bench]);
  return (
    <>
      <svg className="link-rubber" aria-hidden="true">
        <line ref={rubber} visibility="hidden" />
      </svg>
      <button
        type="button"
        className="link-handle"
        ref={button}
        hidden
        tabIndex={-1}
        title="Drag onto what it goes with (L)"
      >
        <Icon name="link" size={12} />
        <span className="unseen">Link the selection</span>
      </button>
    </>
  );
}

/** What is selected, when all of it may stand at a link's end and nothing else is under way. */
function linkable({ sample, selection, linking, tool }: WorkspaceState): readonly string[] {
  if (sample === null || linking !== null || tool !== "select") return [];
  const ids = [...selection];
  return ids.every((id) => sample.annotations.has(id) || sample.entities.has(id)) ? ids : [];
}

/** To the right of the last selected thing that is visible, inside the dock. */
function beside(bench: Workbench, ids: readonly string[], stage: HTMLElement): readonly [number, number] | null {
  const origin = stage.getBoundingClientRect();
  const width = stage.querySelector<HTMLElement>(":scope > .dock")?.clientWidth ?? origin.width;
  const placeOf = placesIn(bench, origin);
  for (const id of ids.toReversed()) {
    const place = placeOf(id);
    if (place === null) continue;
    // Beside words it would stand on the next ones, so it goes between the lines there.
    const isFlat = place.height < FLAT_PX;
    const [right, height] = isFlat
      ? [place.x + place.width, place.y - FLAT_UP_PX]
      : [place.x + place.width + BESIDE_PX, place.y + DOWN_PX];
    const x = Math.min(width - BESIDE_PX, Math.max(BESIDE_PX, right));
    const y = Math.min(origin.height - BESIDE_PX, Math.max(BESIDE_PX, height));
    return [Math.round(x), Math.round(y)];
  }
  return null;
}

/** One drag after another; a press that does not move starts link mode like the key does. */
class HandleDrag {
  readonly #bench: Workbench;
  readonly #handle: HTMLElement;
  readonly #line: SVGLineElement;
  readonly #stage: HTMLElement;
  readonly #ended = new AbortController();
  #from: readonly [number, number] | null = null;
  #targets: ReturnType<typeof allPlaces> | null = null;

  constructor(bench: Workbench, handle: HTMLElement, line: SVGLineElement, stage: HTMLElement) {
    this.#bench = bench;
    this.#handle = handle;
    this.#line = line;
    this.#stage = stage;
    const { signal } = this.#ended;
    handle.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    handle.addEventListener("pointermove", (event) => this.#move(event), { signal });
    handle.addEventListener("pointerup", (event) => this.#up(event), { signal });
    handle.addEventListener("pointercancel", () => this.#cancel(), { signal });
  }

  get isOn(): boolean {
    return this.#from !== null;
  }

  stop(): void {
    this.#ended.abort();
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#handle.setPointerCapture(event.pointerId);
    this.#from = [event.clientX, event.clientY];
  }

  #move(event: PointerEvent): void {
    if (this.#from === null) return;
    const [x0, y0] = this.#from;
    const { actions } = this.#bench.store;
    const origin = this.#stage.getBoundingClientRect();
    if (this.#targets === null) {
      if (Math.hypot(event.clientX - x0, event.clientY - y0) < START_PX) return;
      actions.linkFrom(linkable(this.#bench.store.getState()));
      this.#targets = allPlaces(this.#bench, this.#bench.store.getState().allowedTargets ?? [], origin);
      this.#handle.dataset["dragged"] = "";
    }
    // Esc leaves link mode in the middle of a drag.
    if (this.#bench.store.getState().linking === null) {
      this.#forget();
      return;
    }
    const ends = { x1: x0 - origin.x, y1: y0 - origin.y, x2: event.clientX - origin.x, y2: event.clientY - origin.y };
    for (const [name, value] of Object.entries(ends)) this.#line.setAttribute(name, String(value));
    this.#line.setAttribute("visibility", "visible");
    actions.setHover(this.#under(event));
  }

  #up(event: PointerEvent): void {
    if (this.#from === null) return;
    const { actions } = this.#bench.store;
    const [isDrag, target] = [this.#targets !== null, this.#under(event)];
    this.#forget();
    if (!isDrag) actions.startLink();
    else if (target !== null) actions.pick(target);
    else actions.stepBack();
  }

  #cancel(): void {
    if (this.#targets !== null) this.#bench.store.actions.stepBack();
    this.#forget();
  }

  #forget(): void {
    this.#from = null;
    this.#targets = null;
    delete this.#handle.dataset["dragged"];
    this.#line.setAttribute("visibility", "hidden");
    this.#bench.store.actions.setHover(null);
  }

  /** What may be picked under the pointer: in a pane, or a row of a list that names its record. */
  #under(event: PointerEvent): string | null {
    const origin = this.#stage.getBoundingClientRect();
    const drawn = thingAt(this.#targets ?? [], event.clientX - origin.x, event.clientY - origin.y);
    if (drawn !== null) return drawn;
    const row = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-record]");
    const id = row?.dataset["record"];
    return id !== undefined && this.#bench.store.getState().allowedTargets?.has(id) === true ? id : null;
  }
}
