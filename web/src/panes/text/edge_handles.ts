/** Two handles at the ends of the selected span: drag one and the edge follows, word by word (Alt: by characters). */
import { isRightToLeft, nearestEdge } from "../../base/segments";
import type { TextSpan } from "../../model/records";
import { spanOver } from "../../model/text_span";
import type { PaneContext } from "../pane";
import { type Edge, withEdge } from "./edges";
import type { SpanAnnotation } from "./placing";
import { type Rows, rangeOf } from "./rows";

export class EdgeHandles {
  readonly #rows: Rows;
  readonly #context: PaneContext;
  readonly #redraw: () => void;
  readonly #handles: Readonly<Record<Edge, HTMLElement>>;
  #annotation: SpanAnnotation | null = null;
  #draft: TextSpan | null = null;

  constructor(rows: Rows, context: PaneContext, redraw: () => void) {
    this.#rows = rows;
    this.#context = context;
    this.#redraw = redraw;
    this.#handles = { start: this.#make("start"), end: this.#make("end") };
  }

  /** The handles' layer, to stand in the scrolled content. */
  get elements(): readonly HTMLElement[] {
    return [this.#handles.start, this.#handles.end];
  }

  /** The span as the drag would leave it. */
  get draft(): { readonly id: string; readonly span: TextSpan } | null {
    return this.#draft === null || this.#annotation === null ? null : { id: this.#annotation.id, span: this.#draft };
  }

  show(annotation: SpanAnnotation | null): void {
    this.#annotation = annotation;
    for (const edge of ["start", "end"] as const) this.#stand(edge, annotation);
  }

  #stand(edge: Edge, annotation: SpanAnnotation | null): void {
    const handle = this.#handles[edge];
    const region = this.#draft ?? annotation?.region ?? null;
    const block = annotation === null ? undefined : this.#blockOf(annotation);
    const spot = region === null || block === undefined ? null : this.#rows.spotOfPoint(block, region[edge], edge);
    handle.hidden = spot === null;
    if (spot === null) return;
    const { row, unit } = spot;
    const text = row.block.offsets.text;
    // The letter inside the span at this edge; its outer side is where the edge stands, whichever way it runs.
    const [from, to] = edge === "start" ? [unit, Math.min(text.length, unit + 2)] : [Math.max(0, unit - 2), unit];
    const boxes = [...rangeOf(row, from, to).getClientRects()];
    const box = edge === "start" ? boxes[0] : boxes.at(-1);
    if (box === undefined) return;
    const leftwards = isRightToLeft(text, edge === "start" ? unit : Math.max(0, unit - 1));
    const x = leftwards === (edge === "start") ? box.right : box.left;
    const frame = this.#rows.element.getBoundingClientRect();
    handle.style.left = `${x - frame.left + this.#rows.element.offsetLeft}px`;
    handle.style.top = `${box.top - frame.top + this.#rows.element.offsetTop}px`;
    handle.style.height = `${box.height}px`;
  }

  #blockOf(annotation: SpanAnnotation) {
    const { stream, region } = annotation;
    return this.#rows.list.find(({ block }) => block.stream === stream && block.of === (region.of ?? null))?.block;
  }

  #make(edge: Edge): HTMLElement {
    const handle = document.createElement("i");
    handle.className = "text-edge";
    handle.dataset["edge"] = edge;
    handle.hidden = true;
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      handle.setPointerCapture(event.pointerId);
      for (const each of this.elements) each.style.pointerEvents = "none";
    });
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) this.#drag(edge, event);
    });
    handle.addEventListener("pointerup", (event) => {
      event.stopPropagation();
      this.#end(true);
    });
    handle.addEventListener("pointercancel", () => this.#end(false));
    return handle;
  }

  #drag(edge: Edge, event: PointerEvent): void {
    const annotation = this.#annotation;
    const spot = this.#rows.spotAt(event.clientX, event.clientY);
    if (annotation === null || spot === null) return;
    const { row, unit } = spot;
    const { block } = row;
    if (block.stream !== annotation.stream || block.of !== (annotation.region.of ?? null)) return;
    const rest = nearestEdge(block.offsets.text, unit, event.altKey ? "graphemes" : "words");
    const point = block.start + block.offsets.toPoints(rest);
    const { start, end } = annotation.region;
    const kept = withEdge(block.whole, annotation.region, edge, point);
    // Back where it was is no change, but it is shown.
    if (kept !== null || point === annotation.region[edge]) {
      this.#draft = kept ?? spanOver(block.whole, start, end, annotation.region.of ?? null);
      this.#redraw();
    }
  }

  #end(isDone: boolean): void {
    for (const each of this.elements) each.style.pointerEvents = "";
    const annotation = this.#annotation;
    const draft = this.#draft;
    this.#draft = null;
    if (isDone && annotation !== null && draft !== null) {
      const { start, end } = annotation.region;
      if (draft.start !== start || draft.end !== end) {
        this.#context.store.actions.updateRegion(annotation.id, draft);
        this.#context.announce(`Span is now: ${draft.quote}`);
      }
    }
    this.#redraw();
  }
}
