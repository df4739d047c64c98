/** The pointer on the text: choose, mark words or a stretch, seek to a word, hover. */
import { snapped, wordBeside } from "../../base/segments";
import type { PaneContext } from "../pane";
import { spanAt } from "./blocks";
import { type Place, pickAmong } from "./placing";
import type { RowPaint } from "./row_paint";
import { placesUnder, type Rows, type Spot } from "./rows";
import type { SpanEdits } from "./span_edits";
import { spokenSpan, wordOfPoint } from "./spoken";

export interface SpanPointerPorts {
  readonly rows: Rows;
  readonly paint: RowPaint;
  readonly context: PaneContext;
  readonly edits: SpanEdits;
  /** The person went on with the pointer. */
  clicked(): void;
}

export class SpanPointer {
  readonly #rows: Rows;
  readonly #paint: RowPaint;
  readonly #context: PaneContext;
  readonly #edits: SpanEdits;
  readonly #clicked: () => void;

  constructor(ports: SpanPointerPorts) {
    this.#rows = ports.rows;
    this.#paint = ports.paint;
    this.#context = ports.context;
    this.#edits = ports.edits;
    this.#clicked = () => ports.clicked();
  }

  listen(signal: AbortSignal): void {
    const { element } = this.#rows;
    // Not pointerup: that one does not count the clicks.
    element.addEventListener("mouseup", (event) => this.#onUp(event), { signal });
    element.addEventListener("mousedown", (event) => this.#onDown(event), { signal });
    element.addEventListener("pointermove", (event) => this.#onMove(event), { signal });
    element.addEventListener("pointerleave", () => this.#context.store.actions.setHover(null), { signal });
  }

  /** With Shift the browser would stretch its text selection up to here; on a span it means: this one too. */
  #onDown(event: MouseEvent): void {
    if (event.shiftKey && this.#placesAt(event, this.#rows.spotAt(event.clientX, event.clientY)).length > 0)
      event.preventDefault();
  }

  #onUp(event: MouseEvent): void {
    if (!(event.target instanceof Element) || event.button !== 0) return;
    if (event.target.closest(".text-mark, [contenteditable]") !== null) return;
    const { store } = this.#context;
    const spot = this.#rows.spotAt(event.clientX, event.clientY);
    if (store.getState().linking !== null) {
      document.getSelection()?.removeAllRanges();
      store.actions.pick(this.#idsAt(event, spot)[0] ?? null);
    } else if (event.detail > 2) document.getSelection()?.removeAllRanges();
    else if (event.detail === 2) this.#markWord(spot);
    else if (!this.#markSelection(event.altKey)) this.#click(event, spot);
  }

  #click(event: MouseEvent, spot: Spot | null): void {
    const { store } = this.#context;
    const { selection } = store.getState();
    this.#clicked();
    const [current] = selection.size === 1 ? selection : [];
    const places = this.#placesAt(event, spot);
    const picked = pickAmong(places, event.shiftKey ? null : (current ?? null));
    if (picked === null && spot?.row.block.of != null) this.#seekWord(spot);
    store.actions.pick(picked?.annotation.id ?? spot?.row.block.of ?? null, { toggle: event.shiftKey });
  }

  #seekWord({ row, unit }: Spot): void {
    const { store, playhead } = this.#context;
    const annotation = store.getState().sample?.annotations.get(row.block.of ?? "")?.record;
    const span = annotation === undefined ? null : spokenSpan(annotation);
    if (annotation === undefined || span === null) return;
    const word = wordOfPoint(annotation.words ?? [], row.block.start + row.block.offsets.toPoints(unit));
    playhead.seek(playhead.toTimeline(annotation.stream, word?.start_ns ?? span[0]));
  }

  #markWord(spot: Spot | null): void {
    document.getSelection()?.removeAllRanges();
    if (spot === null) return;
    const units = wordBeside(spot.row.block.offsets.text, spot.unit);
    if (units !== null) this.#edits.mark(spot.row.block, spanAt(spot.row.block, ...units));
  }

  /** What the person selected, grown to whole words (Alt: to whole characters); the browser's selection is used up. */
  #markSelection(isExact: boolean): boolean {
    const selection = document.getSelection();
    if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return false;
    const range = selection.getRangeAt(0);
    const from = this.#rows.spotOf(range.startContainer, range.startOffset);
    const to = this.#rows.spotOf(range.endContainer, range.endOffset);
    if (from === null && to === null) return false;
    selection.removeAllRanges();
    const by = isExact ? "graphemes" : "words";
    const [first, last] = [from ?? to, to ?? from];
    if (first === null || last === null) return false;
    const isOneText = first.row.block.of === last.row.block.of && first.row.block.stream === last.row.block.stream;
    const firstText = first.row.block.offsets.text;
    // Over two texts only the one that the drag began in is marked.
    const isOneLine = first.row.element === last.row.element;
    const end = isOneLine ? last.unit : firstText.length;
    const [start, past] = snapped(firstText, [from === null ? 0 : first.unit, Math.max(first.unit, end)], by);
    const lastText = last.row.block.offsets.text;
    const span =
      isOneLine || !isOneText
        ? spanAt(first.row.block, start, past)
        : spanAt(first.row.block, start, snapped(lastText, [0, last.unit], by)[1], last.row.block);
    return this.#edits.mark(first.row.block, span);
  }

  #onMove(event: PointerEvent): void {
    if (event.buttons !== 0) return;
    const [id = null] = this.#idsAt(event, this.#rows.spotAt(event.clientX, event.clientY));
    this.#rows.element.style.cursor = id === null ? "text" : "pointer";
    this.#context.store.actions.setHover(id);
  }

  #placesAt(event: MouseEvent, spot: Spot | null): readonly Place[] {
    if (spot === null) return [];
    return placesUnder(spot.row, this.#paint.placesIn(spot.row), spot.unit, event.clientX, event.clientY);
  }

  /** The spans under the pointer, the shortest first; where there is none the line's own annotation while linking. */
  #idsAt(event: MouseEvent, spot: Spot | null): readonly string[] {
    const places = this.#placesAt(event, spot).toSorted((a, b) => a.end - a.start - (b.end - b.start));
    const ids = places.map(({ annotation }) => annotation.id);
    const of = spot?.row.block.of ?? null;
    return this.#context.store.getState().linking !== null && of !== null ? [...ids, of] : ids;
  }
}
