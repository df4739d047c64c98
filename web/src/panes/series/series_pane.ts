/** Numeric channels over time, at the playhead and zoom of all time panes, with their time spans. */
import { readTokens, type Tokens } from "../../base/tokens";
import type { Annotation, Stream } from "../../model/records";
import { indexAt, markOf, medianPeriod, offsetText, ruleOf } from "../../playhead/reading_at";
import { stepIn } from "../../playhead/steppers";
import { type TimeView, timeViewOf } from "../../playhead/time_view";
import type { Pane, PaneContext } from "../pane";
import { CanvasLayer } from "../shared/canvas_layer";
import { drawPlayhead } from "../shared/draw_time";
import { onTheme } from "../shared/on_theme";
import { type BandBox, SpanBands } from "../shared/span_bands";
import { SpanGestures } from "../shared/span_gestures";
import { TimeAxis } from "../shared/time_axis";
import { TimeBadge } from "../shared/time_badge";
import { rememberChannels, rememberedChannels, usefulChannels } from "./channel_choice";
import { ChannelList } from "./channel_list";
import { Plot } from "./plot";
import { seriesStepper } from "./series_stepper";
import { requestFor, type SeriesChannel, type SeriesData, type SeriesRequest, serves, valueAt } from "./series_window";

/** Wheel steps come in bursts: one request after the burst. */
const QUIET_MS = 80;

const STEP_BINS = 4000;

export class SeriesPane implements Pane {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  readonly #root = document.createElement("div");
  readonly #plotHost = document.createElement("div");
  readonly #badge: TimeBadge;
  readonly #layer: CanvasLayer;
  readonly #gestures: SpanGestures;
  readonly #bands: SpanBands;
  readonly #view: TimeView;
  readonly #cleanups: (() => void)[] = [];
  readonly #list: ChannelList;
  #chosen: readonly number[] | null = null;
  #tokens: Tokens | null = null;
  #plot: Plot | null = null;
  #data: SeriesData | null = null;
  #have: SeriesRequest | null = null;
  #asked: SeriesRequest | null = null;
  #timer = 0;
  #problem = "Loading the series…";
  #gone = false;

  constructor(stream: Stream, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
    this.#badge = new TimeBadge(stream.name);
    // Above the legend, where the axes need nothing.
    this.#badge.element.style.cssText = "left:52px;top:8px;bottom:auto;max-width:calc(100% - 60px)";
    this.#list = new ChannelList(stream.name, (index) => void this.#toggle(index));
    this.#bands = new SpanBands(stream.id, context);
    this.#view = timeViewOf(context.playhead);
    this.#layer = new CanvasLayer((canvas, _width, height) => this.#draw(canvas, height));
    this.#gestures = new SpanGestures({
      context,
      canvas: this.#layer.canvas,
      view: this.#view,
      axis: () => this.#axis(),
      laneAt: (y) => (y > this.#box().top_px + this.#box().height_px ? null : this.#bands.lane),
      redraw: () => this.#layer.invalidate(),
    });
  }

  mount(host: HTMLElement): void {
    const root = this.#root;
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", `Series ${this.#stream.name}`);
    root.style.cssText =
      "position:relative;width:100%;height:100%;overflow:hidden;background:var(--bg-1);outline-offset:-2px";
    root.append(this.#plotHost, this.#layer.canvas, this.#badge.element, this.#list.element);
    host.append(root);
    this.#tokens = readTokens(getComputedStyle(root));
    root.addEventListener("keydown", (event) => {
      if (!this.#gestures.key(event, this.#bands.lane)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.#cleanups.push(
      this.#context.store.subscribe(() => this.#layer.invalidate()),
      this.#context.playhead.subscribe(() => this.#onPlayhead()),
      this.#view.subscribe(() => this.#onView()),
      stepIn(
        root,
        this.#context.playhead,
        seriesStepper(this.#context.playhead, this.#stream, (from_ns, to_ns) => this.#timesIn(from_ns, to_ns)),
      ),
      onTheme(() => {
        this.#tokens = readTokens(getComputedStyle(root));
        void this.#redraw();
      }),
    );
    this.#onPlayhead();
    this.#onView();
  }

  #onPlayhead(): void {
    const { startNs, endNs, playing, timelineNs } = this.#context.playhead.state;
    this.#view.setBounds({ from_ns: startNs, to_ns: endNs });
    if (playing) this.#view.reveal(timelineNs);
    this.#layer.invalidate();
  }

  #onView(): void {
    const { from_ns, to_ns } = this.#view.window;
    this.#plot?.showWindow(from_ns / 1e9, to_ns / 1e9);
    this.#layer.invalidate();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#load(), this.#data === null ? 0 : QUIET_MS);
  }

  async #load(): Promise<void> {
    const { api, playhead } = this.#context;
    const width = this.#layer.width_px;
    const { from_ns, to_ns } = this.#view.window;
    const [from, to] = [playhead.toMedia(this.#stream.id, from_ns), playhead.toMedia(this.#stream.id, to_ns)];
    if (this.#gone || width <= 0 || (serves(this.#have, from, to, width) && this.#chosen !== null)) return;
    // The first answer only names the channels.
    const asked = requestFor(from, to, width);
    const request = this.#chosen === null ? { ...asked, bins: 1 } : { ...asked, only: this.#chosen.join(",") };
    this.#asked = request;
    try {
      const data = await api.streamJson<SeriesData>(this.#stream.id, "series", { ...request });
      if (this.#gone || this.#asked !== request) return;
      await this.#show(data, request);
    } catch (error) {
      this.#problem = `This series cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#layer.invalidate();
  }

  /** Readings are exact as long as there are fewer than bins. */
  async #timesIn(from_ns: number, to_ns: number): Promise<readonly number[]> {
    const request = { from_ns, to_ns, bins: STEP_BINS, only: String(this.#chosen?.[0] ?? 0) };
    const data = await this.#context.api.streamJson<SeriesData>(this.#stream.id, "series", request);
    return data.channels[this.#chosen?.[0] ?? 0]?.t_ns ?? [];
  }

  async #show(data: SeriesData, request: SeriesRequest): Promise<void> {
    if (this.#chosen === null) {
      // The names are known now: ask again, for what is drawn only.
      this.#chosen = rememberedChannels(this.#stream.name, data.channels) ?? usefulChannels(data.channels);
      this.#data = data;
      await this.#load();
      return;
    }
    if (this.#plot === null) await this.#begin(data);
    this.#data = data;
    this.#have = request;
    this.#problem = "";
    const { playhead } = this.#context;
    this.#list.show(data.channels, this.#chosen, (index) => this.#colourOf(index));
    this.#plot?.setData(this.#drawn(data), (media_ns) => playhead.toTimeline(this.#stream.id, media_ns) / 1e9);
  }

  /** Draws one channel more or less; the last one stays. */
  async #toggle(index: number): Promise<void> {
    const chosen = this.#chosen ?? [];
    const next = chosen.includes(index)
      ? chosen.filter((one) => one !== index)
      : [...chosen, index].sort((a, b) => a - b);
    if (next.length === 0 || this.#data === null) return;
    this.#chosen = next;
    rememberChannels(this.#stream.name, this.#data.channels, next);
    await this.#redraw();
  }

  /** From the beginning: other channels, or other colours. */
  async #redraw(): Promise<void> {
    this.#plot?.dispose();
    this.#plot = null;
    this.#have = null;
    await this.#load();
  }

  #drawn(data: SeriesData): readonly SeriesChannel[] {
    return (this.#chosen ?? []).flatMap((index) => data.channels[index] ?? []);
  }

  #colourOf(index: number): string {
    const classes = this.#tokens?.classes ?? [];
    return classes[(this.#chosen ?? []).indexOf(index) % Math.max(1, classes.length)] ?? "currentColor";
  }

  async #begin(data: SeriesData): Promise<void> {
    const [{ default: Library }] = await Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]);
    if (this.#gone || this.#tokens === null || this.#plot !== null) return;
    const size = { width: this.#layer.width_px, height: this.#layer.height_px };
    this.#plot = new Plot(Library, this.#plotHost, this.#drawn(data), this.#tokens, size, () => {
      const { from_ns, to_ns } = this.#view.window;
      return [from_ns / 1e9, to_ns / 1e9];
    });
  }

  #box(): BandBox {
    const { width_px, height_px } = this.#layer;
    return this.#plot?.box ?? { left_px: 0, top_px: 0, width_px, height_px };
  }

  #axis(): TimeAxis {
    const { left_px, width_px } = this.#box();
    return new TimeAxis(this.#view.window, left_px, width_px);
  }

  #draw(canvas: CanvasRenderingContext2D, height: number): void {
    const tokens = this.#tokens;
    if (tokens === null) return;
    const axis = this.#axis();
    const box = this.#box();
    canvas.save();
    canvas.beginPath();
    canvas.rect(box.left_px, 0, box.width_px, height);
    canvas.clip();
    this.#bands.draw(canvas, tokens, this.#gestures, axis, box, box.top_px + box.height_px - 10);
    drawPlayhead(canvas, tokens, axis.xOf(this.#context.playhead.state.timelineNs), box.left_px, height);
    canvas.restore();
    this.#sayValues();
    this.#showTime();
    this.#root.dataset["version"] = String(this.#context.store.getState().version);
  }

  /** The nearest reading that was loaded; between readings that were drawn together only how far they are. */
  #showTime(): void {
    const { playhead } = this.#context;
    const times = this.#data?.channels[this.#chosen?.[0] ?? 0]?.t_ns ?? [];
    if (this.#problem !== "" || times.length === 0) {
      if (this.#problem !== "") this.#badge.say(this.#problem);
      else this.#badge.offset(null);
      return;
    }
    const rule = { ...ruleOf(this.#stream, []), period_ns: medianPeriod(times) };
    const index = indexAt(times, playhead.toMedia(this.#stream.id, playhead.state.timelineNs), rule);
    const at_ns = index === null ? undefined : times[index];
    if (index === null || at_ns === undefined) this.#badge.offset(null);
    else {
      const mark = markOf(this.#stream.id, playhead, index, at_ns);
      this.#badge.offset(offsetText(mark.offset_ns, mark.sigma_ns));
    }
  }

  /** The values that hold at the playhead, beside the names. */
  #sayValues(): void {
    const { playhead } = this.#context;
    const media_ns = playhead.toMedia(this.#stream.id, playhead.state.timelineNs);
    this.#list.say((this.#data?.channels ?? []).map((channel) => valueAt(channel, media_ns)));
  }

  resize(widthPx: number, heightPx: number): void {
    this.#layer.resize(widthPx, heightPx);
    if (widthPx > 0 && heightPx > 0) this.#plot?.resize(widthPx, heightPx);
    this.#onView();
  }

  anchorOf(annotationId: string): DOMRect | null {
    return this.#bands.rectOf(annotationId, this.#axis(), this.#box(), this.#layer.canvas);
  }

  placeOf(annotation: Annotation): DOMRect | null {
    return this.#bands.placeOf(annotation, this.#axis(), this.#box(), this.#layer.canvas);
  }

  dispose(): void {
    this.#gone = true;
    clearTimeout(this.#timer);
    for (const cleanup of this.#cleanups) cleanup();
    this.#gestures.dispose();
    this.#plot?.dispose();
    this.#layer.dispose();
    this.#root.remove();
  }
}
