/** The time spans of one stream over a pane's height: what gestures take hold of, how they look, where they stand. */
import type { Tokens } from "../../base/tokens";
import type { Annotation } from "../../model/records";
import type { PaneContext } from "../pane";
import { bandList } from "./band_list";
import { clientRect } from "./canvas_layer";
import { drawBand, drawThinBand } from "./draw_time";
import { drawLinkBadge, drawSuspectBadge, lookOf, mattersIn } from "./looks";
import type { EdgeSpan } from "./span_edges";
import type { SpanGestures, SpanLane } from "./span_gestures";
import { type StreamSpan, spansOf } from "./stream_spans";
import type { TimeAxis } from "./time_axis";

/** The part of the pane's canvas that spans fill. */
export interface BandBox {
  readonly left_px: number;
  readonly top_px: number;
  readonly width_px: number;
  readonly height_px: number;
}

/** A band must be so wide to carry the number of its links. */
const BADGE_ROOM_PX = 40;

export class SpanBands {
  readonly #stream: string;
  readonly #context: PaneContext;

  constructor(stream: string, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
  }

  get #spans(): readonly StreamSpan[] {
    const { store, playhead } = this.#context;
    return spansOf(store.getState().sample, playhead, this.#stream);
  }

  get lane(): SpanLane {
    return { stream: this.#stream, classId: null, spans: this.#spans, editable: () => true, drawable: true };
  }

  /** The spans with what is being drawn or dragged; badges stand at `badge_y`. */
  draw(
    canvas: CanvasRenderingContext2D,
    tokens: Tokens,
    gestures: SpanGestures,
    axis: TimeAxis,
    box: BandBox,
    badge_y: number,
  ): void {
    const state = this.#context.store.getState();
    const [right, bottom] = [box.left_px + box.width_px, box.top_px + box.height_px];
    for (const band of bandList(this.#spans, (at) => axis.xOf(at), box.left_px, right, mattersIn(state))) {
      const look = lookOf(state, tokens, band.span.annotation);
      if (band.narrow) {
        drawThinBand(canvas, look, band.x0, box.top_px, bottom);
        continue;
      }
      const { start_ns, end_ns } = gestures.preview(band.span);
      const [x0, x1] = [axis.xOf(start_ns), axis.xOf(end_ns)];
      drawBand(canvas, tokens, look, x0, x1, box.top_px, bottom);
      if (look.suspect) drawSuspectBadge(canvas, tokens, Math.max(box.left_px, x0) + 10, badge_y);
      if (look.links > 0 && x1 - x0 > BADGE_ROOM_PX)
        drawLinkBadge(canvas, tokens, Math.min(right - 16, x1 - 18), badge_y, look.links);
    }
    drawDraft(canvas, tokens, gestures, axis, box);
  }

  rectOf(annotationId: string, axis: TimeAxis, box: BandBox, canvas: HTMLCanvasElement): DOMRect | null {
    const span = this.#spans.find(({ id }) => id === annotationId);
    return span === undefined ? null : rectOver(span, axis, box, canvas);
  }

  /** Where a span stands that is not in the sample (a proposal). */
  placeOf({ stream, region }: Annotation, axis: TimeAxis, box: BandBox, canvas: HTMLCanvasElement): DOMRect | null {
    if (stream !== this.#stream || region.type !== "time_span") return null;
    const { playhead } = this.#context;
    const start_ns = playhead.toTimeline(stream, region.start_ns);
    return rectOver({ start_ns, end_ns: playhead.toTimeline(stream, region.end_ns) }, axis, box, canvas);
  }
}

function rectOver(
  { start_ns, end_ns }: Pick<EdgeSpan, "start_ns" | "end_ns">,
  axis: TimeAxis,
  { left_px, top_px, width_px, height_px }: BandBox,
  canvas: HTMLCanvasElement,
): DOMRect | null {
  const x0 = Math.max(left_px, axis.xOf(start_ns));
  const x1 = Math.min(left_px + width_px, axis.xOf(end_ns));
  return x1 < x0 ? null : clientRect(canvas, x0, top_px, x1, top_px + height_px);
}

/** The span being drawn, and the place where one was begun with a key. */
function drawDraft(
  canvas: CanvasRenderingContext2D,
  tokens: Tokens,
  { draft, in_ns }: SpanGestures,
  axis: TimeAxis,
  { top_px, height_px }: BandBox,
): void {
  canvas.save();
  canvas.strokeStyle = tokens.accent;
  canvas.setLineDash([5, 3]);
  canvas.lineWidth = 1.5;
  if (draft !== null) {
    const [x0, x1] = [axis.xOf(draft.start_ns), axis.xOf(draft.end_ns)];
    canvas.globalAlpha = 0.2;
    canvas.fillStyle = tokens.accent;
    canvas.fillRect(x0, top_px, x1 - x0, height_px);
    canvas.globalAlpha = 1;
    canvas.strokeRect(x0, top_px, x1 - x0, height_px);
  }
  if (in_ns !== null) canvas.strokeRect(axis.xOf(in_ns), top_px, 0.01, height_px);
  canvas.restore();
}
