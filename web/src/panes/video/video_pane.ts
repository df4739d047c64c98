/** Video with its annotations. The shown frame is known from mediaTime alone; everything drawn belongs to that frame. */
import { formatNs } from "../../base/ns";
import { readTokens, type Tokens } from "../../base/tokens";
import type { Stream } from "../../model/records";
import { stepByKey, steppersOf } from "../../playhead/steppers";
import type { Pane, PaneContext } from "../pane";
import { annotationsOf } from "../shared/by_stream";
import { CanvasLayer, clientRect } from "../shared/canvas_layer";
import { lookOf } from "../shared/looks";
import { MediaClock } from "../shared/media_clock";
import { ProjectedLayer } from "../shared/projected_layer";
import { drawShape } from "./draw_shapes";
import { FrameSource } from "./frame_source";
import { clampIndex, type FrameTable, frameAt, frameSpan, lastNotAfter, nextKeyFrame } from "./frame_table";
import { boundsOf, type ShownShape, shownShapes } from "./shown_shapes";
import { buildVideoDom, setVisible, type VideoDom } from "./video_dom";
import { VideoGestures } from "./video_gestures";
import { fitInto, toScreen, type Viewport } from "./viewport";

export class VideoPane implements Pane {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  readonly #dom: VideoDom;
  readonly #layer: CanvasLayer;
  readonly #gestures: VideoGestures;
  readonly #projected: ProjectedLayer;
  readonly #cleanups: (() => void)[] = [];
  #tokens: Tokens | null = null;
  #table: FrameTable | null = null;
  #source: FrameSource | null = null;
  #clock: MediaClock | null = null;
  #shown: number | null = null;
  #asked: number | null = null;
  #view: Viewport = { scale: 1, left_px: 0, top_px: 0 };
  #fit: Viewport = this.#view;
  #problem = "Loading the frame table…";
  #gone = false;

  constructor(stream: Stream, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
    this.#projected = new ProjectedLayer(stream, context);
    this.#dom = buildVideoDom(stream.name);
    this.#layer = new CanvasLayer((canvas) => this.#draw(canvas));
    this.#gestures = new VideoGestures({
      context,
      stream,
      canvas: this.#layer.canvas,
      frame: () => (this.#table === null || this.#shown === null ? null : { table: this.#table, index: this.#shown }),
      shapes: () => this.#shapes(),
      viewport: () => this.#view,
      wholePicture: () => this.#fit,
      setViewport: (view) => this.#setViewport(view),
      redraw: () => this.#layer.invalidate(),
    });
  }

  mount(host: HTMLElement): void {
    const { root, absent, status } = this.#dom;
    root.append(this.#layer.canvas, absent, status);
    host.append(root);
    this.#tokens = readTokens(getComputedStyle(root));
    const steppers = steppersOf(this.#context.playhead);
    const stepper = { step: (count: number) => this.#step(count), stepKey: (way: 1 | -1) => this.#stepKey(way) };
    const onKey = (event: KeyboardEvent) => {
      if (!stepByKey(steppers, event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    const onFocus = () => steppers.focus(stepper);
    root.addEventListener("keydown", onKey);
    root.addEventListener("focusin", onFocus);
    this.#cleanups.push(
      steppers.add(stepper),
      this.#context.store.subscribe(() => this.#layer.invalidate()),
      this.#context.playhead.subscribe(() => this.#follow()),
    );
    this.#paintStatus();
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const table = await this.#context.api.streamJson<FrameTable>(this.#stream.id, "frames");
      if (this.#gone) return;
      if (table.starts_ns.length === 0) throw new Error("the video has no frames");
      this.#begin(table);
    } catch (error) {
      this.#problem = `This video cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
      this.#paintStatus();
    }
  }

  #begin(table: FrameTable): void {
    const { video, picture } = this.#dom;
    this.#table = table;
    this.#problem = "";
    for (const element of [video, picture]) {
      element.style.width = `${table.width_px}px`;
      element.style.height = `${table.height_px}px`;
    }
    this.#source = new FrameSource(video, table, {
      shown: (index) => this.#onShown(index),
      fallback: (index) => this.#onFallback(index),
    });
    this.#clock = new MediaClock(video, this.#context.playhead, this.#stream.id, {
      elementSeconds: (media_ns) => {
        const index = frameAt(table, media_ns);
        if (index === null) return null;
        return (table.playable_starts_s[index] ?? 0) + (media_ns - (table.starts_ns[index] ?? media_ns)) / 1e9;
      },
      mediaNs: (element_s) => table.starts_ns[lastNotAfter(table.playable_starts_s, element_s)] ?? 0,
    });
    video.src = this.#context.api.streamUrl(this.#stream.id, "media");
    video.addEventListener("error", () => {
      // The element gives up (codec, broken file): the server still decodes single frames.
      if (this.#asked !== null) this.#onFallback(this.#asked);
    });
    this.resize(this.#layer.width_px, this.#layer.height_px);
    this.#follow();
  }

  /** Brings the frame at the playhead onto the screen: by playing along, or by a proven seek. */
  #follow(): void {
    const { playhead } = this.#context;
    const table = this.#table;
    if (table === null || this.#gone) return;
    const index = frameAt(table, playhead.toMedia(this.#stream.id, playhead.state.timelineNs));
    setVisible(this.#dom.absent, index === null);
    this.#dom.video.muted = this.#clock === null || !this.#clock.leads || this.#clock.soundRefused;
    if (index !== null && playhead.state.playing) {
      this.#asked = null;
      this.#source?.release();
      this.#clock?.follow();
    } else {
      this.#clock?.stop();
      if (index !== null && index !== this.#asked) {
        this.#asked = index;
        if (this.#dom.video.error === null) this.#source?.want(index);
        else this.#onFallback(index);
      }
    }
    this.#paintStatus();
    this.#layer.invalidate();
  }

  #onShown(index: number): void {
    setVisible(this.#dom.picture, false);
    this.#shown = index;
    const start_ns = this.#table?.starts_ns[index];
    if (start_ns !== undefined) this.#clock?.report(start_ns);
    this.#paintStatus();
    this.#layer.invalidate();
  }

  #onFallback(index: number): void {
    const { picture } = this.#dom;
    picture.onload = () => {
      if (this.#asked !== index) return;
      setVisible(picture, true);
      this.#shown = index;
      this.#paintStatus();
      this.#layer.invalidate();
    };
    picture.src = this.#context.api.streamUrl(this.#stream.id, `frame/${index}`);
  }

  #step(count: number): void {
    if (this.#table === null) return;
    this.#goTo(clampIndex(this.#table, (this.#asked ?? this.#shown ?? 0) + count));
  }

  #stepKey(direction: 1 | -1): void {
    if (this.#table === null) return;
    const key = nextKeyFrame(this.#table, this.#asked ?? this.#shown ?? 0, direction);
    if (key !== null) this.#goTo(key);
  }

  #goTo(index: number): void {
    const { playhead } = this.#context;
    if (this.#table === null) return;
    playhead.pause();
    // A frame's first instant may map a nanosecond before it: the clock map rounds down both ways.
    const { start_ns, end_ns } = frameSpan(this.#table, index);
    let timeline_ns: number = playhead.toTimeline(this.#stream.id, start_ns);
    while (playhead.toMedia(this.#stream.id, timeline_ns) < start_ns && timeline_ns < end_ns) timeline_ns += 1;
    playhead.seek(timeline_ns);
  }

  #shapes(): readonly ShownShape[] {
    if (this.#table === null || this.#shown === null || !this.#dom.absent.hidden) return [];
    return shownShapes(annotationsOf(this.#context.store.getState().sample, this.#stream.id), this.#table, this.#shown);
  }

  #draw(canvas: CanvasRenderingContext2D): void {
    const tokens = this.#tokens;
    if (tokens === null) return;
    const state = this.#context.store.getState();
    const [index, at_ns] = [this.#shown ?? 0, this.#table?.starts_ns[this.#shown ?? -1]];
    if (at_ns !== undefined && this.#dom.absent.hidden) {
      this.#projected.draw(canvas, tokens, (x, y) => toScreen(this.#view, x, y), { index, at_ns });
    }
    for (const shown of this.#shapes()) {
      const edited = this.#gestures.preview(shown);
      drawShape(canvas, this.#view, tokens, edited, lookOf(state, tokens, shown.annotation));
    }
    this.#gestures.drawDraft(canvas, tokens);
    this.#dom.root.dataset["version"] = String(state.version);
  }

  #paintStatus(): void {
    const { status, root } = this.#dom;
    const table = this.#table;
    if (table === null) {
      status.textContent = this.#problem;
      return;
    }
    const index = this.#shown;
    const at_ns = index === null ? null : (table.starts_ns[index] ?? null);
    const name = this.#stream.name;
    status.textContent =
      index === null || at_ns === null
        ? `${name}  …`
        : `${name}  frame ${index}/${table.starts_ns.length - 1}  ${formatNs(at_ns)}${table.proxy ? "  proxy" : ""}`;
    root.dataset["frame"] = index === null ? "" : String(index);
    root.dataset["settled"] = String(index !== null && (this.#asked === null || this.#asked === index));
  }

  #setViewport(view: Viewport): void {
    this.#view = view;
    const transform = `translate(${view.left_px}px, ${view.top_px}px) scale(${view.scale})`;
    this.#dom.video.style.transform = transform;
    this.#dom.picture.style.transform = transform;
    this.#layer.invalidate();
  }

  resize(widthPx: number, heightPx: number): void {
    this.#layer.resize(widthPx, heightPx);
    if (this.#table === null || widthPx <= 0) return;
    const { width_px: width, height_px: height } = this.#table;
    this.#fit = fitInto({ width: widthPx, height: heightPx }, { width, height });
    this.#setViewport(this.#fit);
  }

  anchorOf(annotationId: string): DOMRect | null {
    const shown = this.#shapes().find(({ annotation }) => annotation.id === annotationId);
    const bounds = shown === undefined ? null : boundsOf(shown.shape);
    if (bounds === null) return null;
    const [x0, y0] = toScreen(this.#view, bounds.x0, bounds.y0);
    const [x1, y1] = toScreen(this.#view, bounds.x1, bounds.y1);
    return clientRect(this.#layer.canvas, x0, y0, x1, y1);
  }

  dispose(): void {
    this.#gone = true;
    for (const cleanup of this.#cleanups) cleanup();
    this.#clock?.stop();
    this.#source?.dispose();
    this.#gestures.dispose();
    this.#layer.dispose();
    this.#dom.video.removeAttribute("src");
    this.#dom.video.load();
    this.#dom.root.remove();
  }
}
