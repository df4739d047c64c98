/** Pointer gestures on time: seek, scrub, pan, zoom, draw spans and drag their edges. One gesture is one edit. */

import type { Annotation, Region } from "../../model/records";
import type { TimeView } from "../../playhead/time_view";
import type { PaneContext } from "../pane";
import { pointerIn } from "./canvas_layer";
import { markedAt } from "./habits";
import { listenToPointer } from "./pointer";
import { betweenBoth, dragged, type EdgeSpan, type Grip, grab, sharing, snap } from "./span_edges";
import type { TimeAxis } from "./time_axis";

/** What lies at a height of the pane: a stream's spans in timeline time. */
export interface SpanLane {
  readonly stream: string;
  /** The class that a span drawn here takes; null for the active one. */
  readonly classId: string | null;
  readonly spans: readonly EdgeSpan[];
  /** Ids among the spans whose edges may be dragged. */
  readonly editable: (id: string) => boolean;
  /** Whether spans may be drawn here. */
  readonly drawable: boolean;
}

export interface SpanPorts {
  readonly context: PaneContext;
  readonly canvas: HTMLCanvasElement;
  readonly view: TimeView;
  axis(): TimeAxis;
  /** null over rulers and headers' empty space: a press there scrubs. */
  laneAt(y: number, x: number): SpanLane | null;
  redraw(): void;
  /** Plain wheel: true when the pane scrolled by itself. */
  scroll?(deltaY: number): boolean;
}

export interface Draft {
  readonly stream: string;
  readonly classId: string | null;
  readonly start_ns: number;
  readonly end_ns: number;
}

type Drag =
  | { readonly kind: "scrub" }
  | { readonly kind: "pan"; readonly x: number; readonly from_ns: number; readonly to_ns: number }
  | { readonly kind: "draw"; readonly lane: SpanLane; readonly from_ns: number; to_ns: number }
  | {
      readonly kind: "edit";
      readonly lane: SpanLane;
      readonly grip: Grip;
      readonly span: EdgeSpan;
      readonly from_ns: number;
      /** The neighbour of the same class on the other side of the boundary: it moves along, unless Shift is held. */
      readonly neighbour: EdgeSpan | null;
      next: { start_ns: number; end_ns: number };
      neighbourNext: { start_ns: number; end_ns: number } | null;
    };

const REACH_PX = 5;
const CLICK_PX = 3;

export class SpanGestures {
  readonly #ports: SpanPorts;
  readonly #leave = new AbortController();
  #drag: Drag | null = null;
  #moved = false;
  #pressed = { x: 0, y: 0 };
  #in_ns: number | null = null;
  #lastLane: SpanLane | null = null;

  constructor(ports: SpanPorts) {
    this.#ports = ports;
    const { canvas } = ports;
    listenToPointer(canvas, this.#leave.signal, {
      down: (event) => this.#down(event),
      move: (event) => this.#move(event),
      up: (event) => this.#up(event),
      cancel: () => this.#abandon(),
      leave: () => ports.context.store.actions.setHover(null),
      wheel: (event) => this.#wheel(event),
    });
  }

  dispose(): void {
    this.#leave.abort();
  }

  /** The span being drawn, for the pane to paint. */
  get draft(): Draft | null {
    const drag = this.#drag;
    if (drag?.kind !== "draw" || !this.#moved) return null;
    const { lane, from_ns, to_ns } = drag;
    return {
      stream: lane.stream,
      classId: lane.classId,
      start_ns: Math.min(from_ns, to_ns),
      end_ns: Math.max(from_ns, to_ns),
    };
  }

  /** Where the in-point stands, if it is set. */
  get in_ns(): number | null {
    return this.#in_ns;
  }

  /** A span as the drag in progress would leave it. */
  preview(span: EdgeSpan): { readonly start_ns: number; readonly end_ns: number } {
    const drag = this.#drag;
    if (drag?.kind !== "edit") return span;
    if (drag.span.id === span.id) return drag.next;
    return drag.neighbour?.id === span.id ? (drag.neighbourNext ?? span) : span;
  }

  /** Keys of time: arrows pan and zoom, z shows all, i sets in and o then out. True when it was one of them. */
  key(event: KeyboardEvent, fallback: SpanLane | null): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const { view, context } = this.#ports;
    const { playhead } = context;
    const at_ns = playhead.state.timelineNs;
    const marked_ns = markedAt(playhead.state);
    const length = view.window.to_ns - view.window.from_ns;
    switch (event.key) {
      case "ArrowLeft":
        view.pan(-length * 0.1);
        return true;
      case "ArrowRight":
        view.pan(length * 0.1);
        return true;
      case "ArrowUp":
        view.zoom(at_ns, 1 / 1.4);
        return true;
      case "ArrowDown":
        view.zoom(at_ns, 1.4);
        return true;
      case "z":
        view.showAll();
        return true;
      case "i":
        this.#in_ns = marked_ns;
        this.#ports.redraw();
        return true;
      case "o":
        return this.#in_ns !== null && this.#setOut(marked_ns, this.#lastLane ?? fallback);
      default:
        return false;
    }
  }

  #setOut(at_ns: number, lane: SpanLane | null): boolean {
    const in_ns = this.#in_ns;
    if (in_ns === null || lane === null || !lane.drawable || at_ns === in_ns) return true;
    this.#in_ns = null;
    this.#create(lane, Math.min(in_ns, at_ns), Math.max(in_ns, at_ns));
    return true;
  }

  #reach(): number {
    return this.#ports.axis().ns_per_px * REACH_PX;
  }

  #down(event: PointerEvent): void {
    const { canvas, context, view } = this.#ports;
    const { x, y } = pointerIn(canvas, event);
    canvas.parentElement?.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    this.#pressed = { x, y };
    this.#moved = false;
    const at_ns = this.#ports.axis().nsAt(x);
    const lane = this.#ports.laneAt(y, x);
    this.#lastLane = lane ?? this.#lastLane;
    const state = context.store.getState();
    if (event.button !== 0) {
      this.#drag = { kind: "pan", x: event.clientX, ...view.window };
      return;
    }
    if (lane === null) {
      context.playhead.seek(at_ns);
      this.#drag = { kind: "scrub" };
      return;
    }
    const held = grab(lane.spans, at_ns, this.#reach());
    if (state.linking !== null) {
      if (held !== null) context.store.actions.pick(held.id);
      return;
    }
    const span = lane.spans.find((candidate) => candidate.id === held?.id);
    const drawing = state.tool === "time_span" || event.shiftKey;
    const movable = held !== null && lane.editable(held.id) && (held.grip !== "body" || state.selection.has(held.id));
    if (held !== null && span !== undefined && movable && !(drawing && held.grip === "body")) {
      const neighbour = this.#neighbour(lane, span, held.grip);
      const next = { ...span };
      this.#drag = {
        kind: "edit",
        lane,
        grip: held.grip,
        span,
        from_ns: at_ns,
        neighbour,
        next,
        neighbourNext: null,
      };
    } else if (drawing && lane.drawable) {
      const from_ns = snap(at_ns, this.#targets(lane, ""), this.#reach());
      this.#drag = { kind: "draw", lane, from_ns, to_ns: from_ns };
    } else this.#drag = { kind: "pan", x: event.clientX, ...view.window };
  }

  #move(event: PointerEvent): void {
    const { canvas, context, view, axis } = this.#ports;
    const { x, y } = pointerIn(canvas, event);
    const at_ns = axis().nsAt(x);
    const drag = this.#drag;
    if (drag === null) {
      this.#hover(x, y, at_ns);
      return;
    }
    if (Math.hypot(x - this.#pressed.x, y - this.#pressed.y) > CLICK_PX) this.#moved = true;
    if (!this.#moved) return;
    if (drag.kind === "scrub") context.playhead.seek(at_ns);
    if (drag.kind === "pan") {
      const by_ns = ((drag.x - event.clientX) * (drag.to_ns - drag.from_ns)) / Math.max(1, canvas.clientWidth);
      view.show({ from_ns: drag.from_ns + by_ns, to_ns: drag.to_ns + by_ns });
    }
    if (drag.kind === "draw") drag.to_ns = snap(at_ns, this.#targets(drag.lane, ""), this.#reach());
    if (drag.kind === "edit") {
      const alone = event.shiftKey || drag.neighbour === null;
      const targets = this.#targets(drag.lane, drag.span.id, alone ? "" : (drag.neighbour?.id ?? ""));
      drag.next = dragged(drag.span, drag.grip, at_ns - drag.from_ns, targets, this.#reach());
      drag.neighbourNext = null;
      if (!alone && drag.neighbour !== null) this.#moveBoth(drag, drag.neighbour);
    }
    this.#ports.redraw();
  }

  #moveBoth(drag: Extract<Drag, { kind: "edit" }>, neighbour: EdgeSpan): void {
    const isEnd = drag.grip === "end";
    const at_ns = betweenBoth(drag.span, neighbour, isEnd ? drag.next.end_ns : drag.next.start_ns);
    drag.next = isEnd ? { ...drag.next, end_ns: at_ns } : { ...drag.next, start_ns: at_ns };
    const { start_ns, end_ns } = neighbour;
    drag.neighbourNext = isEnd ? { start_ns: at_ns, end_ns } : { start_ns, end_ns: at_ns };
  }

  #neighbour(lane: SpanLane, span: EdgeSpan, grip: Grip): EdgeSpan | null {
    const { sample } = this.#ports.context.store.getState();
    const classOf = (id: string) => sample?.annotations.get(id)?.record.class_id;
    const alike = lane.spans.filter((other) => lane.editable(other.id) && classOf(other.id) === classOf(span.id));
    return sharing(alike, span, grip);
  }

  #hover(x: number, y: number, at_ns: number): void {
    const { canvas, context } = this.#ports;
    const lane = this.#ports.laneAt(y, x);
    const held = lane === null ? null : grab(lane.spans, at_ns, this.#reach());
    context.store.actions.setHover(held?.id ?? null);
    const editable = held !== null && lane?.editable(held.id) === true;
    const drawing = context.store.getState().tool === "time_span" && lane?.drawable === true;
    canvas.style.cursor =
      editable && held?.grip !== "body" ? "ew-resize" : held !== null ? "pointer" : drawing ? "crosshair" : "default";
  }

  #targets(lane: SpanLane, ...except: readonly string[]): readonly number[] {
    const { view, context } = this.#ports;
    const { from_ns, to_ns } = view.window;
    const edges = lane.spans
      .filter((span) => !except.includes(span.id) && span.end_ns >= from_ns && span.start_ns <= to_ns)
      .flatMap((span) => [span.start_ns, span.end_ns]);
    return [...edges, context.playhead.state.timelineNs];
  }

  #up(event: PointerEvent): void {
    const { canvas, context, axis } = this.#ports;
    canvas.releasePointerCapture(event.pointerId);
    const drag = this.#drag;
    this.#drag = null;
    if (drag === null) return;
    if (!this.#moved && drag.kind !== "scrub") {
      if (event.button !== 0) return;
      const { x, y } = pointerIn(canvas, event);
      const at_ns = axis().nsAt(x);
      const lane = this.#ports.laneAt(y, x);
      const held = lane === null ? null : grab(lane.spans, at_ns, this.#reach());
      context.store.actions.pick(held?.id ?? null, { toggle: event.ctrlKey || event.metaKey });
      context.playhead.seek(at_ns);
    } else if (drag.kind === "draw" && drag.to_ns !== drag.from_ns) {
      this.#create(drag.lane, Math.min(drag.from_ns, drag.to_ns), Math.max(drag.from_ns, drag.to_ns));
    } else if (drag.kind === "edit") this.#reshape(drag);
    this.#ports.redraw();
  }

  #abandon(): void {
    this.#drag = null;
    this.#ports.redraw();
  }

  #create(lane: SpanLane, start: number, end: number): void {
    const { context } = this.#ports;
    const start_ns: number = context.playhead.toMedia(lane.stream, start);
    const end_ns = Math.max(start_ns + 1, context.playhead.toMedia(lane.stream, end));
    const region: Region = { type: "time_span", start_ns, end_ns };
    context.store.actions.createAnnotation({
      stream: lane.stream,
      region,
      ...(lane.classId === null ? {} : { classId: lane.classId }),
    });
    context.announce("Time span drawn");
  }

  /** An edge that was not moved keeps its exact media time; a boundary that two share is one media time for both. */
  #reshape({ lane, span, grip, next, neighbour, neighbourNext }: Extract<Drag, { kind: "edit" }>): void {
    const { context } = this.#ports;
    if (next.start_ns === span.start_ns && next.end_ns === span.end_ns) return;
    const records = [this.#reshaped(lane, span, next)];
    if (neighbour !== null && neighbourNext !== null) records.push(this.#reshaped(lane, neighbour, neighbourNext));
    const changed = records.filter((record) => record !== null);
    if (changed.length < records.length) return;
    context.store.actions.update(changed.length > 1 ? `Move a shared boundary` : "Change region", changed);
    if (grip !== "body" && changed.length > 1) context.announce("Both sides of the boundary moved");
  }

  #reshaped(lane: SpanLane, span: EdgeSpan, next: { start_ns: number; end_ns: number }): Annotation | null {
    const { store, playhead } = this.#ports.context;
    const record = store.getState().sample?.annotations.get(span.id)?.record;
    if (record?.region.type !== "time_span") return null;
    const { region } = record;
    const media = (at_ns: number): number => playhead.toMedia(lane.stream, at_ns);
    const start_ns = next.start_ns === span.start_ns ? region.start_ns : media(next.start_ns);
    const end_ns = next.end_ns === span.end_ns ? region.end_ns : media(next.end_ns);
    return end_ns <= start_ns ? null : { ...record, region: { ...region, start_ns, end_ns } };
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { view, canvas, axis } = this.#ports;
    const { x } = pointerIn(canvas, event);
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.shiftKey ? event.deltaY : 0;
    if (sideways !== 0) view.pan(sideways * axis().ns_per_px);
    else if (!event.ctrlKey && this.#ports.scroll?.(event.deltaY) === true) return;
    else view.zoom(axis().nsAt(x), Math.exp(event.deltaY * 0.002));
  }
}
