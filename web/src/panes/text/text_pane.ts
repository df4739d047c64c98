/** Captions, transcripts and text streams with their spans. The text stays plain; spans are painted as highlights. */
import type { Annotation, Stream, TextSpan } from "../../model/records";
import { markOf } from "../../playhead/reading_at";
import { className } from "../../store/ontology";
import { SPEAKER } from "../../store/utterances";
import type { WorkspaceState } from "../../store/workspace";
import type { Pane, PaneContext } from "../pane";
import { ObjectList } from "../shared/object_list";
import { labelOf } from "../shared/standing";
import { TimeBadge } from "../shared/time_badge";
import { blocksOf, unitsIn } from "./blocks";
import { EdgeHandles } from "./edge_handles";
import type { Painted } from "./highlights";
import { placesOf, type SpanAnnotation } from "./placing";
import { RowPaint } from "./row_paint";
import { paintedRange, type Row, Rows, rangeOf } from "./rows";
import { SpanEdits } from "./span_edits";
import { SpanPointer } from "./span_pointer";
import { spokenSpan, wordIndexAt } from "./spoken";
import { Transcribing } from "./transcribing";
import { WordKeys } from "./word_keys";

/** Objects that the list beside the text names; it shows no more. */
const MOST_LISTED = 500;

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
  readonly #edits: SpanEdits;
  readonly #pointer: SpanPointer;
  readonly #keys: WordKeys;
  readonly #leave = new AbortController();
  readonly #texts = new Map<string, string>();
  #spans: readonly SpanAnnotation[] = [];
  #timed: readonly { readonly row: Row; readonly annotation: Annotation }[] = [];
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
    this.#edits = new SpanEdits({ rows: this.#rows, context, writing: this.#writing, spans: () => this.#spans });
    const shared = { rows: this.#rows, paint: this.#paint, context, edits: this.#edits };
    this.#keys = new WordKeys({ ...shared, writing: this.#writing, changed: () => this.#redraw() });
    this.#pointer = new SpanPointer({ ...shared, clicked: () => this.#keys.forget() });
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
    this.#pointer.listen(signal);
    this.#keys.listen(this.#scroll, signal);
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
    return this.#edits.run(commandId) || this.#writing.run(commandId);
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
    this.#keys.onLaidOut();
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
      [...(draft === null ? [] : this.#draftRanges(draft.id, draft.span)), ...this.#keys.painted],
      draft !== null,
    );
    for (const { block, element } of this.#rows.list) {
      const { of } = block;
      if (of === null) continue;
      element.toggleAttribute("data-selected", state.selection.has(of));
      element.toggleAttribute("data-linked", state.linked.has(of));
    }
    this.#handles.show(this.#edits.selected);
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
}
