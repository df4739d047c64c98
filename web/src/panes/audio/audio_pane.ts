/** Sound as a waveform at any zoom, with its time spans; plays when it has the sound focus. */
import { readTokens, type Tokens } from "../../base/tokens";
import type { Annotation, Stream } from "../../model/records";
import { markOf } from "../../playhead/reading_at";
import { type TimeView, timeViewOf } from "../../playhead/time_view";
import type { Pane, PaneContext } from "../pane";
import { CanvasLayer } from "../shared/canvas_layer";
import { drawPlayhead, drawRuler, RULER_PX } from "../shared/draw_time";
import { drawWave } from "../shared/draw_wave";
import { MediaClock } from "../shared/media_clock";
import { onTheme } from "../shared/on_theme";
import { loadPeaks, type Peaks, type PeaksHeader } from "../shared/peaks";
import { sampleAt } from "../shared/sample_at";
import { type BandBox, SpanBands } from "../shared/span_bands";
import { SpanGestures } from "../shared/span_gestures";
import { TimeAxis } from "../shared/time_axis";
import { TimeBadge } from "../shared/time_badge";
import { type SoundFocus, soundFocusOf } from "./sound_focus";
import { onSoundLook, soundLook } from "./sound_look";
import { SpectrogramView } from "./spectrogram_view";

export class AudioPane implements Pane {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  readonly #root = document.createElement("div");
  readonly #audio = document.createElement("audio");
  readonly #badge: TimeBadge;
  readonly #layer: CanvasLayer;
  readonly #gestures: SpanGestures;
  readonly #bands: SpanBands;
  readonly #view: TimeView;
  readonly #focus: SoundFocus;
  readonly #cleanups: (() => void)[] = [];
  #clock: MediaClock | null = null;
  #tokens: Tokens | null = null;
  #peaks: Peaks | null = null;
  #spectrogram: SpectrogramView | null = null;
  #problem = "Loading the waveform…";
  #ticket = 0;
  #gone = false;

  constructor(stream: Stream, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
    this.#badge = new TimeBadge(stream.name);
    this.#bands = new SpanBands(stream.id, context);
    this.#view = timeViewOf(context.playhead);
    this.#focus = soundFocusOf(context.playhead);
    this.#layer = new CanvasLayer((canvas, width, height) => this.#draw(canvas, width, height));
    this.#gestures = new SpanGestures({
      context,
      canvas: this.#layer.canvas,
      view: this.#view,
      axis: () => this.#axis(),
      laneAt: (y) => (y < RULER_PX ? null : this.#bands.lane),
      redraw: () => this.#layer.invalidate(),
    });
  }

  mount(host: HTMLElement): void {
    const root = this.#root;
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", `Sound ${this.#stream.name}`);
    root.style.cssText =
      "position:relative;width:100%;height:100%;overflow:hidden;background:var(--bg-1);outline-offset:-2px";
    root.append(this.#layer.canvas, this.#badge.element);
    host.append(root);
    this.#tokens = readTokens(getComputedStyle(root));
    this.#audio.preload = "auto";
    root.addEventListener("pointerdown", () => this.#focus.take(this, true));
    root.addEventListener("keydown", (event) => {
      if (!this.#gestures.key(event, this.#bands.lane)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.#cleanups.push(
      this.#context.store.subscribe(() => this.#layer.invalidate()),
      this.#context.playhead.subscribe(() => this.#follow()),
      this.#view.subscribe(() => this.#layer.invalidate()),
      this.#focus.subscribe(() => this.#follow()),
      onSoundLook(() => this.#layer.invalidate()),
      onTheme(() => {
        this.#tokens = readTokens(getComputedStyle(root));
        this.#spectrogram?.repaint();
        this.#layer.invalidate();
      }),
    );
    this.#focus.take(this, false);
    void this.#load();
    this.#follow();
  }

  async #load(): Promise<void> {
    try {
      this.#peaks = await loadPeaks(this.#context.api, this.#stream.id);
      if (this.#gone) return;
      this.#problem = "";
      this.#begin(this.#peaks.header);
    } catch (error) {
      this.#problem = `This sound cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#layer.invalidate();
  }

  #begin(header: PeaksHeader): void {
    this.#clock = new MediaClock(this.#audio, this.#context.playhead, this.#stream.id, {
      elementSeconds: (media_ns) => {
        const since_ns = media_ns - header.start_ns;
        return since_ns >= 0 && since_ns < header.duration_ns ? since_ns / 1e9 : null;
      },
      mediaNs: (element_s) => header.start_ns + element_s * 1e9,
    });
    if (!this.#soundsElsewhere()) this.#audio.src = this.#context.api.streamUrl(this.#stream.id, "media");
    this.#follow();
  }

  /** A video made of the same bytes plays this sound already. */
  #soundsElsewhere(): boolean {
    const { asset, id } = this.#stream;
    const streams = this.#context.store.getState().sample?.streams.values() ?? [];
    return (
      asset != null &&
      [...streams].some(({ record }) => record.modality === "video" && record.asset === asset && record.id !== id)
    );
  }

  #follow(): void {
    const { startNs, endNs, playing, timelineNs } = this.#context.playhead.state;
    this.#view.setBounds({ from_ns: startNs, to_ns: endNs });
    if (playing) this.#view.reveal(timelineNs);
    const sounds = playing && this.#focus.has(this) && this.#audio.src !== "";
    if (sounds) {
      this.#clock?.follow();
      this.#reportLater();
    } else this.#clock?.stop();
    this.#layer.invalidate();
  }

  /** An audio element has no callback for its samples: its clock is read once a frame. */
  #reportLater(): void {
    if (this.#ticket !== 0) return;
    this.#ticket = requestAnimationFrame(() => {
      this.#ticket = 0;
      const start_ns = this.#peaks?.header.start_ns ?? 0;
      if (this.#clock?.leads && !this.#audio.paused && !this.#audio.seeking) {
        this.#clock.report(Math.round(start_ns + this.#audio.currentTime * 1e9));
        this.#reportLater();
      } else if (this.#clock?.leads) this.#reportLater();
    });
  }

  #axis(): TimeAxis {
    return new TimeAxis(this.#view.window, 0, this.#layer.width_px);
  }

  /** What spans fill: all below the ruler. */
  #box(): BandBox {
    const { width_px, height_px } = this.#layer;
    return { left_px: 0, top_px: RULER_PX + 2, width_px, height_px: height_px - RULER_PX - 4 };
  }

  #draw(canvas: CanvasRenderingContext2D, width: number, height: number): void {
    const tokens = this.#tokens;
    if (tokens === null) return;
    const { playhead, store } = this.#context;
    const axis = this.#axis();
    drawRuler(canvas, tokens, axis, 0, width, height);
    this.#drawSound(canvas, tokens, axis, width, height);
    this.#bands.draw(canvas, tokens, this.#gestures, axis, this.#box(), RULER_PX + 28);
    drawPlayhead(canvas, tokens, axis.xOf(playhead.state.timelineNs), 0, height);
    this.#root.dataset["version"] = String(store.getState().version);
    this.#showTime();
  }

  #showTime(): void {
    const { playhead } = this.#context;
    const header = this.#peaks?.header;
    if (header === undefined) {
      this.#badge.say(this.#problem);
      return;
    }
    const found = sampleAt(header, playhead.toMedia(this.#stream.id, playhead.state.timelineNs));
    this.#badge.show("sample", found === null ? null : markOf(this.#stream.id, playhead, found.index, found.media_ns));
  }

  /** The wave above the spectrogram where both are wanted. */
  #drawSound(canvas: CanvasRenderingContext2D, tokens: Tokens, axis: TimeAxis, width: number, height: number): void {
    const look = soundLook();
    const middle = look === "both" ? RULER_PX + (height - RULER_PX) * 0.4 : look === "wave" ? height : RULER_PX;
    if (look !== "wave") {
      this.#spectrogram ??= new SpectrogramView(this.#stream, this.#context, () => this.#layer.invalidate());
      this.#spectrogram.draw(canvas, tokens, axis, width, middle, height);
      drawPitches(canvas, tokens, this.#spectrogram.header?.top_hz ?? 0, middle, height);
    }
    if (look !== "spectrogram" && this.#peaks !== null) {
      const edges = Array.from({ length: Math.ceil(width) + 1 }, (_, x) =>
        this.#context.playhead.toMedia(this.#stream.id, axis.nsAt(x)),
      );
      drawWave(canvas, tokens, this.#peaks, edges, RULER_PX, middle);
    }
  }

  resize(widthPx: number, heightPx: number): void {
    this.#layer.resize(widthPx, heightPx);
  }

  anchorOf(annotationId: string): DOMRect | null {
    return this.#bands.rectOf(annotationId, this.#axis(), this.#box(), this.#layer.canvas);
  }

  placeOf(annotation: Annotation): DOMRect | null {
    return this.#bands.placeOf(annotation, this.#axis(), this.#box(), this.#layer.canvas);
  }

  dispose(): void {
    this.#gone = true;
    cancelAnimationFrame(this.#ticket);
    for (const cleanup of this.#cleanups) cleanup();
    this.#clock?.stop();
    this.#focus.release(this);
    this.#spectrogram?.dispose();
    this.#gestures.dispose();
    this.#layer.dispose();
    this.#audio.removeAttribute("src");
    this.#audio.load();
    this.#root.remove();
  }
}

/** Lines of the spectrogram at whole kilohertz, named at the left. */
function drawPitches(
  canvas: CanvasRenderingContext2D,
  tokens: Tokens,
  top_hz: number,
  top: number,
  bottom: number,
): void {
  const step_hz = bottom - top > 120 ? 1000 : 2000;
  canvas.font = `10px ${tokens.font}`;
  canvas.textBaseline = "middle";
  for (let hz = step_hz; hz < top_hz; hz += step_hz) {
    const y = bottom - (hz / top_hz) * (bottom - top);
    canvas.globalAlpha = 0.35;
    canvas.fillStyle = tokens.foreground[2];
    canvas.fillRect(0, y, canvas.canvas.width, 0.5);
    canvas.globalAlpha = 1;
    const text = `${hz / 1000} kHz`;
    canvas.fillStyle = `${tokens.background[0]}cc`;
    canvas.fillRect(2, y - 6, canvas.measureText(text).width + 6, 12);
    canvas.fillStyle = tokens.foreground[1];
    canvas.fillText(text, 5, y);
  }
}
