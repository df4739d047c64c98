/** Captions, transcripts and text streams with their spans. The text stays plain; spans are painted as highlights. */
import type { Annotation, Stream, TextSpan } from "../../model/records";
import { markOf } from "../../playhead/reading_at";
import { className } from "../../store/ontology";
import type { WorkspaceState } from "../../store/workspace";
import type { Pane, PaneContext } from "../pane";
import { ObjectList } from "../shared/object-list";
import { labelOf, standingOf } from "../shared/standing";
import { TimeBadge } from "../shared/time_badge";
import { type Block, blocksOf, spanAt, unitsIn } from "./blocks";
import { type HighlightName, OwnHighlights } from "./highlights";

interface Row {
  readonly block: Block;
  readonly element: HTMLElement;
  readonly words: Text;
}

interface Placed {
  readonly annotation: Annotation & { readonly region: TextSpan };
  readonly row: Row;
  readonly range: Range;
  readonly start: number;
  readonly end: number;
}

export class TextPane implements Pane {
  readonly #streams: readonly Stream[];
  readonly #context: PaneContext;
  readonly #lines = document.createElement("div");
  readonly #coverage = document.createElement("p");
  readonly #badge = new TimeBadge("");
  readonly #list: ObjectList;
  readonly #highlights = new OwnHighlights();
  readonly #leave = new AbortController();
  readonly #texts = new Map<string, string>();
  #rows: readonly Row[] = [];
  #placed: readonly Placed[] = [];
  #drawnFrom: unknown = null;
  #frame: number | null = null;
  #host: HTMLElement | null = null;

  constructor(streams: readonly Stream[], context: PaneContext) {
    this.#streams = streams;
    this.#context = context;
    this.#list = new ObjectList("Spans and lines of text", {
      onPick: (id) => context.store.actions.pick(id),
      onHover: (id) => context.store.actions.setHover(id),
    });
  }

  mount(host: HTMLElement): void {
    this.#host = host;
    host.classList.add("text-pane");
    this.#lines.className = "text-lines";
    this.#coverage.className = "text-coverage";
    host.append(this.#lines, this.#coverage, this.#list.element, this.#badge.element);
    const { signal } = this.#leave;
    this.#lines.addEventListener("pointerup", (event) => this.#onUp(event), { signal });
    this.#lines.addEventListener("mousedown", (event) => this.#onDown(event), { signal });
    this.#lines.addEventListener("pointermove", (event) => this.#onMove(event), { signal });
    this.#lines.addEventListener("pointerleave", () => this.#context.store.actions.setHover(null), { signal });
    const stops = [
      this.#context.store.subscribe((state, before) => {
        if (state.reveal !== null && state.reveal !== before.reveal) this.#bringIntoView(state.reveal.id);
        this.#redraw();
      }),
      this.#context.playhead.subscribe(() => this.#redraw()),
    ];
    signal.addEventListener("abort", () => {
      for (const stop of stops) stop();
    });
    for (const stream of this.#streams) void this.#fetch(stream);
    this.#redraw();
  }

  resize(): void {}

  anchorOf(annotationId: string): DOMRect | null {
    const range = this.#placed.find((entry) => entry.annotation.id === annotationId)?.range;
    const row = this.#rows.find((entry) => entry.block.of === annotationId);
    const rect = range?.getClientRects()[0] ?? row?.element.getBoundingClientRect();
    const host = this.#host?.getBoundingClientRect();
    if (rect === undefined || host === undefined) return null;
    return rect.bottom < host.top || rect.top > host.bottom ? null : DOMRect.fromRect(rect);
  }

  placeOf(annotation: Annotation): DOMRect | null {
    const rect = this.#placesOf(annotation)[0]?.range.getClientRects()[0];
    const host = this.#host?.getBoundingClientRect();
    if (rect === undefined || host === undefined) return null;
    return rect.bottom < host.top || rect.top > host.bottom ? null : DOMRect.fromRect(rect);
  }

  dispose(): void {
    this.#leave.abort();
    this.#highlights.replace([]);
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#host?.replaceChildren();
  }

  async #fetch(stream: Stream): Promise<void> {
    try {
      const { text } = await this.#context.api.streamJson<{ text: string }>(stream.id, "text");
      this.#texts.set(stream.id, text);
    } catch (error) {
      this.#texts.set(stream.id, "");
      if (this.#host !== null) this.#host.dataset["problem"] = error instanceof Error ? error.message : String(error);
    }
    this.#drawnFrom = null;
    this.#redraw();
  }

  #redraw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  #draw(): void {
    const state = this.#context.store.getState();
    if (state.sample === null || this.#host === null) return;
    if (this.#drawnFrom !== state.sample.annotations) this.#layOut(state);
    this.#paint(state);
    this.#host.dataset["version"] = String(state.version);
  }

  #layOut(state: WorkspaceState): void {
    if (state.sample === null) return;
    this.#drawnFrom = state.sample.annotations;
    const kept = new Map(this.#rows.map((row) => [row.block.key, row]));
    this.#rows = blocksOf(state.sample, this.#texts).map((block) => {
      const old = kept.get(block.key);
      return old?.block.offsets.text === block.offsets.text ? { ...old, block } : this.#makeRow(block, state);
    });
    // Lines that stay are left where they are: taking them out would end a selection that is being made.
    const isSame =
      this.#lines.childElementCount === this.#rows.length &&
      this.#rows.every((row, index) => this.#lines.children[index] === row.element);
    if (!isSame) this.#lines.replaceChildren(...this.#rows.map((row) => row.element));
    this.#placed = [...state.sample.annotations.values()].flatMap(({ record }) => this.#placesOf(record));
  }

  #placesOf(record: Annotation): Placed[] {
    const { region } = record;
    if (region.type !== "text_span") return [];
    return this.#rows.flatMap((row) => {
      const units = unitsIn(row.block, region, record.stream);
      if (units === null) return [];
      const range = document.createRange();
      range.setStart(row.words, units[0]);
      range.setEnd(row.words, units[1]);
      return [{ annotation: record as Placed["annotation"], row, range, start: units[0], end: units[1] }];
    });
  }

  #makeRow(block: Block, state: WorkspaceState): Row {
    const element = document.createElement("p");
    element.className = "text-line";
    const mark = document.createElement("button");
    mark.type = "button";
    mark.className = "text-mark";
    const annotation = block.of === null ? undefined : state.sample?.annotations.get(block.of)?.record;
    const stream = state.sample?.streams.get(block.stream)?.record;
    mark.textContent = annotation === undefined ? (stream?.name ?? "") : className(state.ontology, annotation.class_id);
    if (block.of === null) mark.disabled = true;
    mark.addEventListener("click", () => this.#context.store.actions.pick(block.of));
    const words = document.createTextNode(block.offsets.text);
    const holder = document.createElement("span");
    holder.className = "text-words";
    if (annotation?.language) holder.lang = annotation.language;
    holder.append(words);
    element.append(mark, holder);
    return { block, element, words };
  }

  #paint(state: WorkspaceState): void {
    const ranges: [HighlightName, AbstractRange][] = [];
    let grounded = 0;
    for (const { annotation, range } of this.#placed) {
      const standing = standingOf(state, annotation);
      ranges.push([`c${standing.colour}`, range]);
      if (standing.isUnlinked) ranges.push(["ungrounded", range]);
      else grounded += 1;
      if (standing.isSuspect) ranges.push(["suspect", range]);
      if (standing.isLinked) ranges.push(["linked", range]);
      if (standing.isHovered) ranges.push(["hover", range]);
      if (standing.isSelected) ranges.push(["selected", range]);
      if (standing.isDimmed) ranges.push(["dimmed", range]);
    }
    for (const row of this.#rows) {
      const of = row.block.of;
      const annotation = of === null ? undefined : state.sample?.annotations.get(of)?.record;
      row.element.toggleAttribute("data-selected", of !== null && state.selection.has(of));
      row.element.toggleAttribute("data-linked", of !== null && state.linked.has(of));
      if (annotation !== undefined) this.#paintSpoken(annotation, row, ranges);
    }
    this.#highlights.replace(ranges);
    this.#showTime();
    const total = this.#placed.length;
    this.#coverage.textContent = total === 0 ? "" : `${grounded} of ${total} phrases linked`;
    this.#list.show(
      this.#placed.map(({ annotation }) => ({ id: annotation.id, label: labelOf(state, annotation) })),
      state.selection,
    );
  }

  /** Which word is being said, and since when; a text without words has no time. */
  #showTime(): void {
    const spoken = this.#rows.flatMap((row) => {
      const of = row.block.of;
      const annotation = of === null ? undefined : this.#context.store.getState().sample?.annotations.get(of)?.record;
      return annotation?.words === undefined || annotation.words.length === 0 ? [] : [annotation];
    });
    if (spoken.length === 0) {
      this.#badge.clear();
      return;
    }
    const { playhead } = this.#context;
    let before = 0;
    for (const { stream, words = [] } of spoken) {
      const media_ns = playhead.toMedia(stream, playhead.state.timelineNs);
      const index = words.findIndex((word) => media_ns >= word.start_ns && media_ns < word.end_ns);
      const word = words[index];
      if (word !== undefined) {
        this.#badge.show("word", markOf(stream, playhead, before + index, word.start_ns));
        return;
      }
      before += words.length;
    }
    this.#badge.show("word", null);
  }

  /** The word under the playhead, and the line being spoken. */
  #paintSpoken(annotation: Annotation, row: Row, ranges: [HighlightName, AbstractRange][]): void {
    const { region } = annotation;
    if (region.type !== "time_span") return;
    const { playhead } = this.#context;
    const media = playhead.toMedia(annotation.stream, playhead.state.timelineNs);
    row.element.toggleAttribute("data-spoken", media >= region.start_ns && media < region.end_ns);
    const word = annotation.words?.find((entry) => media >= entry.start_ns && media < entry.end_ns);
    if (word === undefined) return;
    const range = document.createRange();
    range.setStart(row.words, row.block.offsets.toUnits(word.start));
    range.setEnd(row.words, row.block.offsets.toUnits(word.end));
    ranges.push(["word", range]);
  }

  #bringIntoView(id: string): void {
    const placed = this.#placed.find((entry) => entry.annotation.id === id);
    const row = placed?.row ?? this.#rows.find((entry) => entry.block.of === id);
    row?.element.scrollIntoView({ block: "nearest" });
  }

  // Gestures

  /** With Shift the browser would stretch its text selection up to here; on a span it means: this one too. */
  #onDown(event: MouseEvent): void {
    if (event.shiftKey && this.#hit(event.clientX, event.clientY).id !== null) event.preventDefault();
  }

  #onUp(event: PointerEvent): void {
    if (event.target instanceof Element && event.target.closest(".text-mark") !== null) return;
    const { store, playhead } = this.#context;
    const region = store.getState().linking === null ? this.#takeSelection() : null;
    if (region !== null) {
      store.actions.createAnnotation({ stream: region.stream, region: region.span });
      this.#context.announce(`Span drawn: ${region.span.quote}`);
      return;
    }
    const hit = this.#hit(event.clientX, event.clientY);
    if (hit.id === null && hit.row?.block.of != null) this.#seekWord(hit.row, hit.unit, playhead);
    store.actions.pick(hit.id ?? hit.row?.block.of ?? null, { toggle: event.shiftKey });
  }

  #seekWord(row: Row, unit: number, playhead: PaneContext["playhead"]): void {
    const annotation = this.#context.store.getState().sample?.annotations.get(row.block.of ?? "")?.record;
    if (annotation?.region.type !== "time_span") return;
    const point = row.block.offsets.toPoints(unit);
    const word = annotation.words?.find((entry) => point >= entry.start && point < entry.end);
    playhead.seek(playhead.toTimeline(annotation.stream, word?.start_ns ?? annotation.region.start_ns));
  }

  /** What the person selected within one line; the browser's selection is used up. */
  #takeSelection(): { readonly stream: string; readonly span: TextSpan } | null {
    const selection = document.getSelection();
    if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    const row = this.#rows.find((entry) => range.startContainer === entry.words || range.endContainer === entry.words);
    if (row === undefined) return null;
    const start = range.startContainer === row.words ? range.startOffset : 0;
    const end = range.endContainer === row.words ? range.endOffset : row.words.length;
    selection.removeAllRanges();
    const span = spanAt(row.block, start, end);
    return span === null ? null : { stream: row.block.stream, span };
  }

  #onMove(event: PointerEvent): void {
    if (event.buttons !== 0) return;
    const { id } = this.#hit(event.clientX, event.clientY);
    this.#lines.style.cursor = id === null ? "text" : "pointer";
    this.#context.store.actions.setHover(id);
  }

  /** The shortest span under a point of the screen. */
  #hit(x: number, y: number): { readonly id: string | null; readonly row: Row | null; readonly unit: number } {
    const caret = document.caretPositionFromPoint(x, y);
    const row = this.#rows.find((entry) => entry.words === caret?.offsetNode) ?? null;
    if (caret === null || row === null) return { id: null, row: null, unit: 0 };
    const inside = this.#placed
      .filter((entry) => entry.row === row && entry.start <= caret.offset && caret.offset <= entry.end)
      .filter(({ range }) =>
        [...range.getClientRects()].some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom),
      )
      .sort((a, b) => a.end - a.start - (b.end - b.start));
    return { id: inside[0]?.annotation.id ?? null, row, unit: caret.offset };
  }
}
