/** All streams on one time axis: spans, instants, key frames, waveforms. Draws only rows and bars in sight. */
import { formatNs } from "../../base/ns";
import { readTokens, type Tokens } from "../../base/tokens";
import type { Stream } from "../../model/records";
import { suggestions, suggestionTolerance } from "../../model/tracks";
import { onTicks, ticksOf } from "../../playhead/ticks";
import { type TimeView, timeViewOf } from "../../playhead/time_view";
import { className, colourOf } from "../../store/ontology";
import type { Pane, PaneContext } from "../pane";
import { CanvasLayer, clientRect } from "../shared/canvas_layer";
import { drawPlayhead, drawRuler, RULER_PX } from "../shared/draw_time";
import { lookOf, mattersIn } from "../shared/looks";
import { onTheme } from "../shared/on_theme";
import { SpanGestures, type SpanLane } from "../shared/span_gestures";
import { clockMark } from "../shared/stream_spans";
import { TimeAxis } from "../shared/time_axis";
import { LaneBuilder } from "./build_lanes";
import { drawBar, drawHeader, drawMerged, drawReadings, drawSuggested, type RowScene } from "./draw_rows";
import { drawTrust } from "./draw_trust";
import { KeyDrag, type KeyPlace } from "./key_drag";
import { laneNote } from "./lane_note";
import { type Bar, type Lane, paintList, visibleRange } from "./lanes";
import { type Row, RowLayout } from "./row_layout";
import { WaveStrips } from "./wave_strips";

const HEADER_PX = 196;
const FILTER_LEFT_PX = 84;
/** From so many streams on, rows can be looked for by name. */
const MANY_STREAMS = 10;
/** How near a press must be to a diamond. */
const KEY_REACH_PX = 6;
/** Bars of one row that gestures look at; more share pixels anyway. */
const GRAB_LIMIT = 5000;

export class TimelinePane implements Pane {
  readonly #streams: readonly Stream[];
  readonly #context: PaneContext;
  readonly #root = document.createElement("div");
  readonly #layer: CanvasLayer;
  readonly #keys: KeyDrag;
  readonly #gestures: SpanGestures;
  readonly #view: TimeView;
  readonly #builder = new LaneBuilder();
  readonly #waves: WaveStrips;
  readonly #cleanups: (() => void)[] = [];
  #tokens: Tokens | null = null;
  #layout = new RowLayout([]);
  #drawn: { readonly annotations: unknown; readonly ontology: unknown; readonly clock: string } = {
    annotations: null,
    ontology: null,
    clock: "",
  };
  readonly #filter = document.createElement("input");
  #lanes: readonly Lane[] = [];
  #scroll_px = 0;
  #reveal = 0;

  constructor(streams: readonly Stream[], context: PaneContext) {
    this.#streams = streams;
    this.#context = context;
    this.#view = timeViewOf(context.playhead);
    this.#layer = new CanvasLayer((canvas, width, height) => this.#draw(canvas, width, height));
    this.#waves = new WaveStrips(context, () => this.#layer.invalidate());
    this.#keys = new KeyDrag({
      context,
      canvas: this.#layer.canvas,
      axis: () => this.#axis(),
      keyAt: (x, y) => this.#keyAt(x, y),
      redraw: () => this.#layer.invalidate(),
    });
    this.#gestures = new SpanGestures({
      context,
      canvas: this.#layer.canvas,
      view: this.#view,
      axis: () => this.#axis(),
      laneAt: (y) => this.#spanLaneAt(y),
      redraw: () => this.#layer.invalidate(),
      scroll: (deltaY) => this.#scroll(deltaY),
    });
  }

  mount(host: HTMLElement): void {
    const root = this.#root;
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "Timeline");
    root.style.cssText =
      "position:relative;width:100%;height:100%;overflow:hidden;background:var(--bg-1);outline-offset:-2px";
    root.append(this.#layer.canvas);
    this.#buildFilter();
    host.append(root);
    this.#tokens = readTokens(getComputedStyle(root));
    root.addEventListener("keydown", (event) => this.#key(event));
    this.#cleanups.push(
      this.#context.store.subscribe(() => this.#onStore()),
      this.#context.playhead.subscribe(() => this.#onPlayhead()),
      this.#view.subscribe(() => this.#layer.invalidate()),
      onTheme(() => {
        this.#tokens = readTokens(getComputedStyle(root));
        this.#layer.invalidate();
      }),
      onTicks(this.#context.playhead, () => {
        this.#drawn = { ...this.#drawn, annotations: null };
        this.#onStore();
      }),
    );
    this.#onStore();
    this.#onPlayhead();
  }

  #onPlayhead(): void {
    const { startNs, endNs, playing, timelineNs } = this.#context.playhead.state;
    this.#view.setBounds({ from_ns: startNs, to_ns: endNs });
    if (playing) this.#view.reveal(timelineNs);
    // A corrected clock map arrives through the playhead.
    if (!playing) this.#onStore();
    this.#layer.invalidate();
  }

  #onStore(): void {
    const { sample, ontology, reveal } = this.#context.store.getState();
    const clock = this.#streams.map(({ id }) => clockMark(this.#context.playhead, id)).join(";");
    const { annotations = null } = sample ?? {};
    if (annotations !== this.#drawn.annotations || ontology !== this.#drawn.ontology || clock !== this.#drawn.clock) {
      this.#drawn = { annotations, ontology, clock };
      const lanes =
        sample === null
          ? []
          : this.#builder.build(
              sample,
              this.#streams,
              (id) => className(ontology, id),
              (stream, media_ns) => this.#context.playhead.toTimeline(stream, media_ns),
              clock,
              (stream) => ticksOf(this.#context.playhead, stream),
            );
      this.#lanes = lanes;
      this.#arrange();
    }
    if (reveal !== null && reveal.turn !== this.#reveal) {
      this.#reveal = reveal.turn;
      this.#bringIntoView(reveal.id);
    }
    this.#layer.invalidate();
  }

  /** The rows of the streams whose names hold what is looked for. */
  #arrange(): void {
    const wanted = this.#filter.value.trim().toLowerCase();
    const names = new Map(this.#streams.map(({ id, name }) => [id, name.toLowerCase()]));
    const lanes = this.#lanes.filter(({ stream }) => (names.get(stream) ?? "").includes(wanted));
    this.#layout = new RowLayout(lanes);
    this.#scroll(0);
  }

  #buildFilter(): void {
    const filter = this.#filter;
    filter.type = "search";
    filter.className = "timeline-filter";
    filter.placeholder = "Find a stream";
    filter.setAttribute("aria-label", "Find a stream in the timeline");
    filter.hidden = this.#streams.length < MANY_STREAMS;
    filter.style.cssText = `width:${HEADER_PX - FILTER_LEFT_PX - 6}px;left:${FILTER_LEFT_PX}px;height:${RULER_PX - 4}px;min-height:0`;
    filter.addEventListener("input", () => this.#arrange());
    filter.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        filter.value = "";
        this.#arrange();
        this.#root.focus();
      }
      event.stopPropagation();
    });
    this.#root.append(filter);
  }

  #bringIntoView(id: string): void {
    if (this.#layout.find(id) === null && this.#filter.value !== "") {
      this.#filter.value = "";
      this.#arrange();
    }
    const place = this.#layout.find(id);
    if (place === null) return;
    const { row, bar } = place;
    const room = this.#layer.height_px - RULER_PX;
    if (row.top_px < this.#scroll_px || row.top_px + row.height_px > this.#scroll_px + room) {
      this.#scroll_px = row.top_px - room / 2;
      this.#scroll(0);
    }
    this.#view.reveal(bar.start_ns);
  }

  #key(event: KeyboardEvent): void {
    let known = this.#keys.key(event) || this.#gestures.key(event, null);
    if (!known && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey)
      known = this.#shuttle(event.key);
    if (!known && !event.ctrlKey && !event.metaKey && !event.altKey) known = this.#page(event.key);
    if (!known) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Rows that are out of sight, by key. */
  #page(key: string): boolean {
    const by = { PageDown: 1, PageUp: -1 }[key];
    if (by === undefined) return false;
    this.#scroll(by * (this.#layer.height_px - RULER_PX - 20));
    return true;
  }

  /** J back, K stop, L on and faster: only while the timeline has the focus. K adds a key frame when nothing plays. */
  #shuttle(key: string): boolean {
    const { playhead } = this.#context;
    const { playing, rate, timelineNs } = playhead.state;
    if (key === "k" && playing) playhead.pause();
    else if (key === "j") playhead.seek(timelineNs - 1_000_000_000);
    else if (key === "l") {
      if (playing) playhead.setRate(rate * 2);
      playhead.play();
    } else return false;
    return true;
  }

  #scroll(deltaY: number): boolean {
    const most = Math.max(0, this.#layout.height_px - (this.#layer.height_px - RULER_PX));
    this.#scroll_px = Math.max(0, Math.min(most, this.#scroll_px + deltaY));
    this.#layer.invalidate();
    return most > 0;
  }

  #axis(): TimeAxis {
    return new TimeAxis(this.#view.window, HEADER_PX, this.#layer.width_px - HEADER_PX);
  }

  #rowAt(y: number): Row | null {
    return y < RULER_PX ? null : this.#layout.at(y - RULER_PX + this.#scroll_px);
  }

  #keyAt(x: number, y: number): KeyPlace | null {
    const lane = this.#rowAt(y)?.lane;
    if (lane === undefined || x < HEADER_PX) return null;
    const axis = this.#axis();
    const reach_ns = axis.ns_per_px * KEY_REACH_PX;
    const at_ns = axis.nsAt(x);
    const [first, end] = visibleRange(lane, at_ns - reach_ns, at_ns + reach_ns);
    let best: KeyPlace | null = null;
    for (const bar of lane.bars.slice(first, Math.min(end, first + GRAB_LIMIT))) {
      for (const key of bar.keys) {
        const off = Math.abs(key.at_ns - at_ns);
        if (off <= reach_ns && (best === null || off < Math.abs(best.key.at_ns - at_ns))) {
          best = { stream: lane.stream, bar, key };
        }
      }
    }
    return best;
  }

  #streamOf(lane: Lane): Stream | undefined {
    return this.#streams.find(({ id }) => id === lane.stream);
  }

  #spanLaneAt(y: number): SpanLane | null {
    const lane = this.#rowAt(y)?.lane;
    if (lane === undefined) return null;
    const { from_ns, to_ns } = this.#view.window;
    const [first, end] = visibleRange(lane, from_ns, to_ns);
    const bars = lane.bars.slice(first, Math.min(end, first + GRAB_LIMIT));
    const editable = new Set(bars.filter((bar) => bar.editable).map((bar) => bar.id));
    const stream = this.#streamOf(lane);
    return {
      stream: lane.stream,
      classId: lane.class_id,
      spans: bars,
      editable: (id) => editable.has(id),
      drawable: stream?.modality !== "text" && (lane.class_id === null || editable.size === bars.length),
    };
  }

  #draw(canvas: CanvasRenderingContext2D, width: number, height: number): void {
    const tokens = this.#tokens;
    if (tokens === null) return;
    const { playhead } = this.#context;
    const axis = this.#axis();
    drawRuler(canvas, tokens, axis, HEADER_PX, width, height);
    canvas.save();
    canvas.beginPath();
    canvas.rect(0, RULER_PX + 1, width, height - RULER_PX - 1);
    canvas.clip();
    for (const row of this.#layout.between(this.#scroll_px, this.#scroll_px + height - RULER_PX)) {
      const y_px = row.top_px - this.#scroll_px + RULER_PX + 1;
      this.#drawRow({ context: canvas, tokens, axis, left_px: HEADER_PX, width_px: width, y_px, row });
    }
    canvas.restore();
    this.#drawScrollMark(canvas, tokens, width, height - RULER_PX);
    drawPlayhead(canvas, tokens, axis.xOf(playhead.state.timelineNs), HEADER_PX, height);
    canvas.fillStyle = tokens.background[2];
    canvas.fillRect(0, 0, HEADER_PX, RULER_PX);
    canvas.font = `600 11px ${tokens.font}`;
    canvas.fillStyle = tokens.foreground[0];
    canvas.textBaseline = "middle";
    canvas.fillText(formatNs(playhead.state.timelineNs), 8, RULER_PX / 2 + 0.5);
    this.#root.dataset["version"] = String(this.#context.store.getState().version);
  }

  /** How much of the rows is in sight, and where. */
  #drawScrollMark(canvas: CanvasRenderingContext2D, tokens: Tokens, width: number, room: number): void {
    const whole = this.#layout.height_px;
    if (whole <= room) return;
    canvas.fillStyle = tokens.foreground[2];
    canvas.globalAlpha = 0.6;
    canvas.fillRect(width - 4, RULER_PX + (this.#scroll_px / whole) * room, 3, Math.max(16, (room / whole) * room));
    canvas.globalAlpha = 1;
  }

  #drawRow(scene: RowScene): void {
    const { context, tokens, axis, width_px, y_px, row } = scene;
    const state = this.#context.store.getState();
    const { lane } = row;
    context.save();
    context.beginPath();
    context.rect(HEADER_PX, y_px, width_px - HEADER_PX, row.height_px);
    context.clip();
    context.fillStyle = tokens.line;
    context.fillRect(HEADER_PX, y_px + row.height_px - 0.5, width_px, 0.5);
    if (lane.wave) this.#waves.draw(scene);
    drawReadings(scene);
    if (lane.class_id === null) drawTrust(scene, this.#context.playhead);
    const colour = lane.class_id === null ? null : (tokens.classes[colourOf(state.ontology, lane.class_id)] ?? null);
    for (const painted of paintList(lane, this.#view.window, (at) => axis.xOf(at), mattersIn(state))) {
      const { bar } = painted;
      const annotation = bar === null ? undefined : state.sample?.annotations.get(bar.id)?.record;
      if (bar === null || annotation === undefined) drawMerged(scene, painted, colour ?? tokens.accent);
      else {
        const moved = bar.keys.length > 0 ? this.#keys.preview(bar) : bar;
        const { start_ns, end_ns } = bar.keys.length > 0 ? moved : this.#gestures.preview(bar);
        const look = lookOf(state, tokens, annotation);
        const held = this.#keys.heldOf(bar.id);
        drawBar(scene, moved, axis.xOf(start_ns), axis.xOf(end_ns), look, held);
        if (look.selected) this.#drawSuggestions(scene, bar);
      }
    }
    this.#drawDraft(scene);
    context.restore();
    drawHeader(scene, lane.title, laneNote(this.#context.playhead, lane, this.#streamOf(lane)), colour);
  }

  #drawSuggestions(scene: RowScene, bar: Bar): void {
    const region = this.#context.store.getState().sample?.annotations.get(bar.id)?.record.region;
    if (region?.type !== "track") return;
    for (const { at_ns } of suggestions(region, suggestionTolerance(region))) {
      drawSuggested(scene, this.#context.playhead.toTimeline(scene.row.lane.stream, at_ns));
    }
  }

  #drawDraft({ context, tokens, axis, y_px, row }: RowScene): void {
    const { draft, in_ns } = this.#gestures;
    context.strokeStyle = tokens.accent;
    context.fillStyle = tokens.accent;
    if (draft !== null && draft.stream === row.lane.stream && draft.classId === row.lane.class_id) {
      const [x0, x1] = [axis.xOf(draft.start_ns), axis.xOf(draft.end_ns)];
      context.globalAlpha = 0.3;
      context.fillRect(x0, y_px + 2, x1 - x0, row.height_px - 4);
      context.globalAlpha = 1;
      context.strokeRect(x0, y_px + 2, x1 - x0, row.height_px - 4);
    }
    if (in_ns !== null) context.fillRect(axis.xOf(in_ns), y_px, 1, row.height_px);
  }

  resize(widthPx: number, heightPx: number): void {
    this.#layer.resize(widthPx, heightPx);
    this.#scroll(0);
  }

  anchorOf(annotationId: string): DOMRect | null {
    const place = this.#layout.find(annotationId);
    if (place === null) return null;
    const { row, bar } = place;
    const axis = this.#axis();
    const top = row.top_px - this.#scroll_px + RULER_PX + 1;
    const [x0, x1] = [axis.xOf(bar.start_ns), axis.xOf(bar.end_ns)];
    if (x1 < HEADER_PX || x0 > this.#layer.width_px || top < RULER_PX || top > this.#layer.height_px) return null;
    const right = Math.min(this.#layer.width_px, Math.max(x1, x0 + 6));
    return clientRect(this.#layer.canvas, Math.max(HEADER_PX, x0), top, right, top + row.height_px);
  }

  dispose(): void {
    this.#waves.dispose();
    for (const cleanup of this.#cleanups) cleanup();
    this.#keys.dispose();
    this.#gestures.dispose();
    this.#layer.dispose();
    this.#root.remove();
  }
}
