/** Video with its annotations. The shown frame is known from mediaTime alone; everything drawn belongs to that frame. */
import { readTokens, type Tokens } from "../../base/tokens";
import type { Annotation, Stream } from "../../model/records";
import { markOf } from "../../playhead/reading_at";
import { readingStepper, stepIn } from "../../playhead/steppers";
import { publishTicks } from "../../playhead/ticks";
import type { Pane, PaneContext } from "../pane";
import { annotationsOf } from "../shared/by_stream";
import { CanvasLayer, clientRect } from "../shared/canvas_layer";
import { ghostsOf, neighboursOf } from "../shared/ghosts";
import { lookOf } from "../shared/looks";
import { MediaClock } from "../shared/media_clock";
import { onTheme } from "../shared/on_theme";
import { ProjectedLayer } from "../shared/projected_layer";
import { drawGhost, drawShape } from "./draw_shapes";
import { FrameSource } from "./frame_source";
import { type FrameTable, frameAt, frameSpan, lastNotAfter } from "./frame_table";
import { boundsOf, type ShownShape, shownShapes, withShapes } from "./shown_shapes";
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
    const { root, absent, badge } = this.#dom;
    root.append(absent, this.#layer.canvas, badge.element);
    host.append(root);
    this.#tokens = readTokens(getComputedStyle(root));
    const { playhead } = this.#context;
    this.#cleanups.push(
      stepIn(root, playhead, readingStepper(playhead, this.#stream)),
      this.#context.store.subscribe(() => this.#layer.invalidate()),
      this.#context.playhead.subscribe(() => this.#follow()),
      ghostsOf(this.#context.store).subscribe(() => this.#layer.invalidate()),
      onTheme(() => {
        this.#tokens = readTokens(getComputedStyle(root));
        this.#layer.invalidate();
      }),
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
    const { video, screen } = this.#dom;
    this.#table = table;
    this.#problem = "";
    screen.setSize(table.width_px, table.height_px);
    for (const element of [video, screen.canvas]) {
      element.style.width = `${table.width_px}px`;
      element.style.height = `${table.height_px}px`;
    }
    const { starts_ns: times_ns, end_ns, key_frames } = table;
    this.#cleanups.push(publishTicks(this.#context.playhead, this.#stream.id, { times_ns, end_ns, key_frames }));
    this.#source = new FrameSource(video, screen, table, {
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
    this.#shown = index;
    const start_ns = this.#table?.starts_ns[index];
    if (start_ns !== undefined) this.#clock?.report(start_ns);
    this.#paintStatus();
    this.#layer.invalidate();
  }

  #onFallback(index: number): void {
    const picture = new Image();
    picture.onload = () => {
      if (this.#asked !== index || this.#gone) return;
      this.#dom.screen.show(picture);
      this.#shown = index;
      this.#paintStatus();
      this.#layer.invalidate();
    };
    picture.src = this.#context.api.streamUrl(this.#stream.id, `frame/${index}`);
  }

  #shapes(): readonly ShownShape[] {
    if (this.#table === null || this.#shown === null || !this.#dom.absent.hidden) return [];
    const annotations = annotationsOf(this.#context.store.getState().sample, this.#stream.id);
    return shownShapes(withShapes(annotations), this.#table, this.#shown);
  }

  #draw(canvas: CanvasRenderingContext2D): void {
    const tokens = this.#tokens;
    if (tokens === null) return;
    const state = this.#context.store.getState();
    const [index, at_ns] = [this.#shown ?? 0, this.#table?.starts_ns[this.#shown ?? -1]];
    if (at_ns !== undefined && this.#dom.absent.hidden) {
      this.#projected.draw(canvas, tokens, (x, y) => toScreen(this.#view, x, y), { index, at_ns });
    }
    this.#drawGhosts(canvas, tokens);
    for (const shown of this.#shapes()) {
      const edited = this.#gestures.preview(shown);
      drawShape(canvas, this.#view, tokens, edited, lookOf(state, tokens, shown.annotation));
    }
    this.#gestures.drawDraft(canvas, tokens);
    this.#dom.root.dataset["drawn"] = this.#shown === null ? "" : String(this.#shown);
    this.#dom.root.dataset["version"] = String(state.version);
  }

  #drawGhosts(canvas: CanvasRenderingContext2D, tokens: Tokens): void {
    const { store } = this.#context;
    const state = store.getState();
    const [table, index] = [this.#table, this.#shown];
    if (!ghostsOf(store).on || table === null || index === null) return;
    for (const id of state.selection) {
      const annotation = state.sample?.annotations.get(id)?.record;
      if (annotation?.stream !== this.#stream.id || annotation.region.type !== "track") continue;
      const { colour } = lookOf(state, tokens, annotation);
      const { start_ns, end_ns } = frameSpan(table, index);
      for (const shape of neighboursOf(annotation.region, start_ns, end_ns)) {
        drawGhost(canvas, this.#view, shape, colour);
      }
    }
  }

  #paintStatus(): void {
    const { badge, root, absent, screen } = this.#dom;
    const table = this.#table;
    if (table === null) {
      badge.say(this.#problem);
      return;
    }
    const index = this.#shown;
    const at_ns = index === null ? undefined : table.starts_ns[index];
    if (!absent.hidden) badge.show("frame", null);
    else if (index !== null && at_ns !== undefined) {
      badge.show("frame", markOf(this.#stream.id, this.#context.playhead, index, at_ns), table.proxy ? "proxy" : "");
    } else badge.say("…");
    root.dataset["frame"] = index === null ? "" : String(index);
    root.dataset["decoded"] = screen.isServers ? "server" : "here";
    root.dataset["settled"] = String(index !== null && (this.#asked === null || this.#asked === index));
  }

  #setViewport(view: Viewport): void {
    this.#view = view;
    const transform = `translate(${view.left_px}px, ${view.top_px}px) scale(${view.scale})`;
    this.#dom.video.style.transform = transform;
    this.#dom.screen.canvas.style.transform = transform;
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
    return this.#rectOf(this.#shapes().find(({ annotation }) => annotation.id === annotationId));
  }

  placeOf(annotation: Annotation): DOMRect | null {
    if (annotation.stream !== this.#stream.id || this.#table === null || this.#shown === null) return null;
    return this.#rectOf(shownShapes([annotation], this.#table, this.#shown)[0]);
  }

  #rectOf(shown: ShownShape | undefined): DOMRect | null {
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
