/** Captions, transcripts and text streams with their spans. The text stays plain; spans are painted as highlights. */
import { snapped, wordBeside } from "../../base/segments";
import type { Annotation, Stream, TextSpan } from "../../model/records";
import { markOf } from "../../playhead/reading_at";
import { classesFor, className } from "../../store/ontology";
import { SPEAKER } from "../../store/utterances";
import type { WorkspaceState } from "../../store/workspace";
import type { Pane, PaneContext } from "../pane";
import { ObjectList } from "../shared/object-list";
import { labelOf } from "../shared/standing";
import { TimeBadge } from "../shared/time_badge";
import { type Block, blocksOf, spanAt, unitsIn } from "./blocks";
import { EdgeHandles } from "./edge_handles";
import { arrowDirection, type Edge, type Grain, steppedEdge } from "./edges";
import type { Painted } from "./highlights";
import { type Place, pickAmong, placesOf, type SpanAnnotation } from "./placing";
import { RowPaint } from "./row_paint";
import { paintedRange, placesUnder, type Row, Rows, rangeOf, type Spot } from "./rows";
import { spokenSpan, wordIndexAt, wordOfPoint } from "./spoken";
import { Transcribing } from "./transcribing";
import { type Cursor, cursorAt, moved, widened } from "./word_cursor";

/** Objects that the list beside the text names; it shows no more. */
const MOST_LISTED = 500;

/** Commands that move an edge: which, which way the arrow points, how far. */
const EDGE_COMMANDS: Readonly<Record<string, readonly [Edge, 1 | -1, Grain]>> = {
  "text.end.right": ["end", 1, "words"],
  "text.end.left": ["end", -1, "words"],
  "text.start.right": ["start", 1, "words"],
  "text.start.left": ["start", -1, "words"],
  "text.end.right.exact": ["end", 1, "graphemes"],
  "text.end.left.exact": ["end", -1, "graphemes"],
  "text.start.right.exact": ["start", 1, "graphemes"],
  "text.start.left.exact": ["start", -1, "graphemes"],
};

export class TextPane implements Pane {
  readonly #streams: readonly Stream[];
  readonly #context: PaneContext;
  readonly #lines = document.createElement("div");
  readonly #scroll = document.createElement("div");
  readonly #coverage = document.createElement("p");
  readonly #badge = new TimeBadge("");
  readonly #list: ObjectList;
  readonly #rows: Rows;
  readonly #paint: RowPaint;
  readonly #handles: EdgeHandles;
  readonly #writing: Transcribing;
  readonly #leave = new AbortController();
  readonly #texts = new Map<string, string>();
  #spans: readonly SpanAnnotation[] = [];
  #timed: readonly { readonly row: Row; readonly annotation: Annotation }[] = [];
  #cursor: Cursor | null = null;
  #drawnFrom: unknown = null;
  #namedFrom: unknown = null;
  #listedFrom: readonly unknown[] = [];
  #frame: number | null = null;
  #host: HTMLElement | null = null;

  constructor(streams: readonly Stream[], context: PaneContext) {
    this.#streams = streams;
    this.#context = context;
    this.#rows = new Rows(this.#lines, context);
    this.#paint = new RowPaint(this.#rows, this.#scroll);
    this.#handles = new EdgeHandles(this.#rows, context, () => this.#redraw());
    this.#writing = new Transcribing(this.#rows, context, () => this.#drawNow());
    this.#list = new ObjectList("Spans and lines of text", {
      onPick: (id) => context.store.actions.pick(id),
      onHover: (id) => context.store.actions.setHover(id),
    });
  }

  mount(host: HTMLElement): void {
    this.#host = host;
    host.classList.add("text-pane");
    this.#scroll.className = "text-lines";
    this.#scroll.tabIndex = 0;
    this.#scroll.setAttribute("role", "group");
    this.#scroll.setAttribute("aria-label", "Text");
    this.#scroll.append(this.#lines, ...this.#handles.elements);
    this.#lines.className = "text-rows";
    this.#coverage.className = "text-coverage";
    host.append(this.#scroll, this.#coverage, this.#list.element, this.#badge.element);
    const { signal } = this.#leave;
    // Not pointerup: that one does not count the clicks.
    this.#lines.addEventListener("mouseup", (event) => this.#onUp(event), { signal });
    this.#lines.addEventListener("mousedown", (event) => this.#onDown(event), { signal });
    this.#lines.addEventListener("pointermove", (event) => this.#onMove(event), { signal });
    this.#lines.addEventListener("pointerleave", () => this.#context.store.actions.setHover(null), { signal });
    this.#scroll.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    const stops = [
      this.#context.store.subscribe((state, before) => {
        if (state.reveal !== null && state.reveal !== before.reveal) this.#bringIntoView(state.reveal.id);
        this.#redraw();
      }),
      this.#context.playhead.subscribe(() => this.#redraw()),
    ];
    const size = new ResizeObserver(() => this.#redraw());
    size.observe(this.#scroll);
    signal.addEventListener("abort", () => {
      size.disconnect();
      for (const stop of stops) stop();
    });
    for (const stream of this.#streams) void this.#fetch(stream);
    this.#redraw();
  }

  resize(): void {}

  run(commandId: string): boolean {
    const move = EDGE_COMMANDS[commandId];
    return move === undefined ? this.#writing.run(commandId) : this.#stepEdge(...move);
  }

  anchorOf(annotationId: string): DOMRect | null {
    const found = this.#paint.find(annotationId);
    const range = found === null ? null : rangeOf(found.row, found.place.start, found.place.end);
    const rect = range?.getClientRects()[0] ?? this.#rows.ofAnnotation(annotationId)?.element.getBoundingClientRect();
    const host = this.#host?.getBoundingClientRect();
    if (rect === undefined || host === undefined) return null;
    return rect.bottom < host.top || rect.top > host.bottom ? null : DOMRect.fromRect(rect);
  }

  /** Where a span is that is not in the sample (a proposal). */
  placeOf(annotation: Annotation): DOMRect | null {
    const { region } = annotation;
    if (region.type !== "text_span") return null;
    const row = this.#rows.list.find(({ block }) => unitsIn(block, region, annotation.stream) !== null);
    const units = row === undefined ? null : unitsIn(row.block, region, annotation.stream);
    const rect = row === undefined || units === null ? undefined : rangeOf(row, ...units).getClientRects()[0];
    const host = this.#host?.getBoundingClientRect();
    if (rect === undefined || host === undefined) return null;
    return rect.bottom < host.top || rect.top > host.bottom ? null : DOMRect.fromRect(rect);
  }

  dispose(): void {
    this.#leave.abort();
    this.#writing.dispose();
    this.#paint.dispose();
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
    this.#drawAnew();
  }

  // Drawing

  #drawAnew(): void {
    this.#drawnFrom = null;
    this.#redraw();
  }

  /** At once: keys that come next belong to the line that is opened. */
  #drawNow(): void {
    this.#drawnFrom = null;
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#draw();
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
    if (this.#namedFrom !== state.ontology) this.#name(state);
    this.#show(state);
    this.#host.dataset["version"] = String(state.version);
  }

  #layOut(state: WorkspaceState): void {
    const { sample } = state;
    if (sample === null) return;
    this.#drawnFrom = sample.annotations;
    const { writing } = this.#writing;
    const blocks = blocksOf(sample, this.#texts, writing?.id ?? null);
    const isNew = this.#rows.show(blocks, writing?.key ?? null);
    this.#paint.place(placesOf(sample, blocks));
    if (isNew) this.#paint.watch();
    this.#spans = [...sample.annotations.values()].flatMap(({ record }) =>
      record.region.type === "text_span" ? [record as SpanAnnotation] : [],
    );
    this.#timed = this.#rows.list.flatMap((row) => {
      const annotation = sample.annotations.get(row.block.of ?? "")?.record;
      return annotation === undefined || spokenSpan(annotation) === null ? [] : [{ row, annotation }];
    });
    if (this.#cursor !== null && this.#rows.ofElement(this.#cursor.row.element) === undefined) this.#cursor = null;
    this.#name(state);
    this.#writing.onLaidOut();
  }

  /** What stands above each line: who speaks and the class, or the stream. */
  #name(state: WorkspaceState): void {
    this.#namedFrom = state.ontology;
    for (const { block, mark, holder } of this.#rows.list) {
      const annotation = block.of === null ? undefined : state.sample?.annotations.get(block.of)?.record;
      const stream = state.sample?.streams.get(block.stream)?.record;
      const who = annotation?.attributes?.[SPEAKER];
      const name =
        annotation === undefined
          ? (stream?.name ?? "")
          : [typeof who === "string" ? who : "", className(state.ontology, annotation.class_id)]
              .filter((part) => part !== "")
              .join(" · ");
      if (mark.textContent !== name) mark.textContent = name;
      const language = annotation?.language ?? "";
      if (holder.lang !== language) holder.lang = language;
    }
  }

  #show(state: WorkspaceState): void {
    const draft = this.#handles.draft;
    this.#paint.paint(
      state,
      [
        ...(draft === null ? [] : this.#draftRanges(draft.id, draft.span)),
        ...(this.#cursor === null ? [] : [["cursor", paintedRange(this.#cursor.row, ...this.#cursor.units)] as const]),
      ],
      draft !== null,
    );
    for (const { block, element } of this.#rows.list) {
      const { of } = block;
      if (of === null) continue;
      element.toggleAttribute("data-selected", state.selection.has(of));
      element.toggleAttribute("data-linked", state.linked.has(of));
    }
    this.#handles.show(this.#selectedSpan(state));
    this.#showTime(state);
    this.#showCoverage(state);
  }

  #draftRanges(id: string, span: TextSpan): readonly Painted[] {
    const stream = this.#context.store.getState().sample?.annotations.get(id)?.record.stream;
    return this.#rows.list.flatMap((row): Painted[] => {
      const { block } = row;
      if (block.stream !== stream || block.of !== (span.of ?? null)) return [];
      const start = Math.max(span.start, block.start) - block.start;
      const end = Math.min(span.end, block.start + block.offsets.length) - block.start;
      return start < end
        ? [["selected", paintedRange(row, block.offsets.toUnits(start), block.offsets.toUnits(end))]]
        : [];
    });
  }

  #selectedSpan(state: WorkspaceState): SpanAnnotation | null {
    const [id] = state.selection;
    if (state.selection.size !== 1 || state.linking !== null || this.#writing.writing !== null) return null;
    const record = state.sample?.annotations.get(id ?? "")?.record;
    return record?.region.type === "text_span" ? (record as SpanAnnotation) : null;
  }

  #showCoverage(state: WorkspaceState): void {
    const sources = [this.#spans, state.sample?.links, state.selection, state.ontology];
    if (sources.every((source, at) => source === this.#listedFrom[at])) return;
    this.#listedFrom = sources;
    const ends = new Set(
      [...(state.sample?.links.values() ?? [])].flatMap(({ record }) => [record.source.id, record.target.id]),
    );
    const grounded = this.#spans.filter((span) => span.entity != null || ends.has(span.id)).length;
    const total = this.#spans.length;
    this.#coverage.textContent = total === 0 ? "" : `${grounded} of ${total} phrases linked`;
    this.#list.show(
      this.#spans.slice(0, MOST_LISTED).map((annotation) => ({ id: annotation.id, label: labelOf(state, annotation) })),
      state.selection,
    );
  }

  /** The word being said and the line that it stands in; a text without times has none. */
  #showTime(state: WorkspaceState): void {
    const { playhead } = this.#context;
    const painted: Painted[] = [];
    let isMarked = false;
    let before = 0;
    for (const { row, annotation } of this.#timed) {
      const { words = [], stream } = annotation;
      const media_ns = playhead.toMedia(stream, playhead.state.timelineNs);
      const [start_ns, end_ns] = spokenSpan(annotation) ?? [0, 0];
      row.element.toggleAttribute("data-spoken", media_ns >= start_ns && media_ns < end_ns);
      const index = wordIndexAt(words, media_ns);
      const word = index === null ? undefined : words[index];
      const { block } = row;
      if (
        index !== null &&
        word !== undefined &&
        word.start >= block.start &&
        word.start < block.start + block.offsets.length
      ) {
        const unit = (point: number) => block.offsets.toUnits(point - block.start);
        painted.push(["word", paintedRange(row, unit(word.start), unit(word.end))]);
        if (!isMarked) this.#badge.show("word", markOf(stream, playhead, before + index, word.start_ns));
        isMarked = true;
      }
      if (!block.continues) before += words.length;
    }
    this.#paint.paintSpoken(painted);
    if (before === 0 || state.sample === null) this.#badge.clear();
    else if (!isMarked) this.#badge.show("word", null);
  }

  #bringIntoView(id: string): void {
    const row = this.#paint.find(id)?.row ?? this.#rows.ofAnnotation(id);
    row?.element.scrollIntoView({ block: "nearest" });
  }

  // Pointer

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
    this.#cursor = null;
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
    if (units !== null) this.#mark(spot.row.block, spanAt(spot.row.block, ...units));
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
    return this.#mark(first.row.block, span);
  }

  /** A new span; the same one again is only selected. */
  #mark(block: Block, span: TextSpan | null): boolean {
    if (span === null) return false;
    const { store } = this.#context;
    const { ontology, activeClass } = store.getState();
    const classes = classesFor(ontology, "text_span");
    const classId = (classes.find(({ id }) => id === activeClass) ?? classes[0])?.id;
    const same = this.#spans.find(
      ({ stream, region, class_id }) =>
        stream === block.stream &&
        (region.of ?? null) === block.of &&
        region.start === span.start &&
        region.end === span.end &&
        class_id === classId,
    );
    if (same !== undefined) store.actions.select([same.id]);
    else {
      store.actions.createAnnotation({ stream: block.stream, region: span });
      this.#context.announce(`Span drawn: ${span.quote}`);
    }
    return true;
  }

  #onMove(event: PointerEvent): void {
    if (event.buttons !== 0) return;
    const [id = null] = this.#idsAt(event, this.#rows.spotAt(event.clientX, event.clientY));
    this.#lines.style.cursor = id === null ? "text" : "pointer";
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

  // Keys

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.#scroll) return;
    if (!this.#keyed(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#redraw();
  }

  #keyed({ key, shiftKey }: KeyboardEvent): boolean {
    const cursor = this.#cursor;
    const arrow = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : null;
    // Without a cursor Shift and an arrow move the edge of the selected span, as they do everywhere.
    if (arrow !== null && !(shiftKey && cursor === null)) {
      if (cursor === null) this.#cursor = this.#firstCursor();
      else this.#cursor = shiftKey ? widened(cursor, arrow) : moved(this.#rows.list, cursor, arrow);
      this.#sayCursor();
      return true;
    }
    if (shiftKey) return false;
    if (key === "ArrowDown" || key === "ArrowUp") {
      this.#cursor = null;
      return this.#writing.enter(key === "ArrowDown" ? 1 : -1);
    }
    if (key === "Enter" && cursor !== null) {
      this.#cursor = null;
      return this.#mark(cursor.row.block, spanAt(cursor.row.block, ...cursor.units));
    }
    if (key === "Enter") return this.#writing.run("text.edit");
    if (key === "Escape" && cursor !== null) {
      this.#cursor = null;
      return true;
    }
    return false;
  }

  #firstCursor(): Cursor | null {
    const [id] = this.#context.store.getState().selection;
    const place = id === undefined ? null : this.#paint.find(id);
    if (place !== null) return { row: place.row, units: [place.place.start, place.place.end] };
    const row = this.#rows.ofAnnotation(id ?? "") ?? this.#rows.list[0];
    return row === undefined ? null : cursorAt({ row, unit: 0 });
  }

  #sayCursor(): void {
    if (this.#cursor === null) return;
    const { row, units } = this.#cursor;
    row.element.scrollIntoView({ block: "nearest" });
    this.#context.announce(row.block.offsets.text.slice(...units));
  }

  #stepEdge(edge: Edge, arrow: 1 | -1, by: Grain): boolean {
    const annotation = this.#selectedSpan(this.#context.store.getState());
    const block = this.#rows.list.find(
      (row) => row.block.stream === annotation?.stream && row.block.of === (annotation.region.of ?? null),
    )?.block;
    if (annotation === null || block === undefined) return false;
    const direction = arrowDirection(block.whole, annotation.region, edge, arrow);
    const next = steppedEdge(block.whole, annotation.region, edge, direction, by);
    if (next === null) return true;
    this.#context.store.actions.updateRegion(annotation.id, next);
    this.#context.announce(`Span is now: ${next.quote}`);
    return true;
  }
}
