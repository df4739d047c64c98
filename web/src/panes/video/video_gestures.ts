/** Pointer gestures on the video pane: choose, draw, move, resize, zoom and pan. One gesture is one edit. */

import type { Tokens } from "../../base/tokens";
import type { Annotation, Box, Stream } from "../../model/records";
import type { PaneContext } from "../pane";
import { pointerIn } from "../shared/canvas_layer";
import { continueTrack, type ShownReading, withShape } from "../shared/continue_track";
import { listenToPointer } from "../shared/pointer";
import { boxBetween, cursorOf, type Handle, handleAt, withHandleMoved } from "./box_gesture";
import { type FrameTable, frameSpan } from "./frame_table";
import { type ShownShape, shapeUnder } from "./shown_shapes";
import { toPicture, toScreen, type Viewport, zoomed } from "./viewport";

export interface GesturePorts {
  readonly context: PaneContext;
  readonly stream: Stream;
  readonly canvas: HTMLCanvasElement;
  frame(): { readonly table: FrameTable; readonly index: number } | null;
  shapes(): readonly ShownShape[];
  viewport(): Viewport;
  wholePicture(): Viewport;
  setViewport(view: Viewport): void;
  redraw(): void;
}

type Drag =
  | { readonly kind: "draw"; readonly from: readonly [number, number]; box: Box | null }
  | {
      readonly kind: "move";
      readonly id: string;
      readonly from: readonly [number, number];
      readonly handle: Handle;
      readonly box: Box;
      next: Box;
    }
  | { readonly kind: "pan"; readonly x: number; readonly y: number; readonly view: Viewport };

const REACH_PX = 7;

export class VideoGestures {
  readonly #ports: GesturePorts;
  readonly #leave = new AbortController();
  #drag: Drag | null = null;

  constructor(ports: GesturePorts) {
    this.#ports = ports;
    const { canvas } = ports;
    listenToPointer(canvas, this.#leave.signal, {
      down: (event) => this.#down(event),
      move: (event) => this.#move(event),
      up: (event) => this.#up(event),
      cancel: () => this.#abandon(),
      leave: () => ports.context.store.actions.setHover(null),
      wheel: (event) => this.#wheel(event),
      double: () => ports.setViewport(ports.wholePicture()),
      hasOwnMenu: true,
    });
  }

  dispose(): void {
    this.#leave.abort();
  }

  /** A shown shape as the drag in progress would leave it. */
  preview(shown: ShownShape): ShownShape {
    const drag = this.#drag;
    if (drag?.kind !== "move" || drag.id !== shown.annotation.id) return shown;
    return { ...shown, shape: drag.next, interpolated: false };
  }

  drawDraft(context: CanvasRenderingContext2D, tokens: Tokens): void {
    if (this.#drag?.kind !== "draw" || this.#drag.box === null) return;
    const { box } = this.#drag;
    const [x0, y0] = toScreen(this.#ports.viewport(), box.x0_px, box.y0_px);
    const [x1, y1] = toScreen(this.#ports.viewport(), box.x1_px, box.y1_px);
    context.strokeStyle = tokens.accent;
    context.lineWidth = 2;
    context.setLineDash([5, 3]);
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }

  #point(event: MouseEvent): readonly [number, number] {
    const { x, y } = pointerIn(this.#ports.canvas, event);
    return toPicture(this.#ports.viewport(), x, y);
  }

  #reach(): number {
    return REACH_PX / this.#ports.viewport().scale;
  }

  #down(event: PointerEvent): void {
    const { context, canvas } = this.#ports;
    canvas.parentElement?.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    const state = context.store.getState();
    const from = this.#point(event);
    if (event.button !== 0 || event.altKey) {
      this.#drag = { kind: "pan", x: event.clientX, y: event.clientY, view: this.#ports.viewport() };
      return;
    }
    if (state.tool === "box" && this.#ports.frame() !== null) {
      context.playhead.pause();
      this.#drag = { kind: "draw", from, box: null };
      return;
    }
    const grabbed = state.linking === null ? this.#selectedBoxAt(from) : null;
    const under = shapeUnder(this.#ports.shapes(), ...from, this.#reach());
    if (grabbed === null) {
      context.store.actions.pick(under?.annotation.id ?? null, { toggle: event.shiftKey || event.ctrlKey });
      if (under === null)
        this.#drag = { kind: "pan", x: event.clientX, y: event.clientY, view: this.#ports.viewport() };
      return;
    }
    context.playhead.pause();
    const { annotation, box, handle } = grabbed;
    this.#drag = { kind: "move", id: annotation.id, from, handle, box, next: box };
  }

  #selectedBoxAt([x, y]: readonly [number, number]): { annotation: Annotation; box: Box; handle: Handle } | null {
    const { selection } = this.#ports.context.store.getState();
    for (const { annotation, shape } of this.#ports.shapes()) {
      if (!selection.has(annotation.id) || shape.type !== "box") continue;
      const handle = handleAt(shape, x, y, this.#reach());
      if (handle !== null) return { annotation, box: shape, handle };
    }
    return null;
  }

  #move(event: PointerEvent): void {
    const { context, canvas } = this.#ports;
    const [x, y] = this.#point(event);
    const drag = this.#drag;
    if (drag === null) {
      const under = shapeUnder(this.#ports.shapes(), x, y, this.#reach());
      context.store.actions.setHover(under?.annotation.id ?? null);
      const tool = context.store.getState().tool;
      const handle = this.#selectedBoxAt([x, y])?.handle ?? null;
      canvas.style.cursor =
        tool === "box" ? "crosshair" : handle === null && under !== null ? "pointer" : cursorOf(handle);
      return;
    }
    if (drag.kind === "pan") {
      const { view } = drag;
      this.#ports.setViewport({
        ...view,
        left_px: view.left_px + event.clientX - drag.x,
        top_px: view.top_px + event.clientY - drag.y,
      });
      return;
    }
    const table = this.#ports.frame()?.table;
    if (table === undefined) return;
    const picture = { width: table.width_px, height: table.height_px };
    if (drag.kind === "draw") drag.box = boxBetween(drag.from[0], drag.from[1], x, y, picture);
    else drag.next = withHandleMoved(drag.box, drag.handle, x - drag.from[0], y - drag.from[1], picture);
    this.#ports.redraw();
  }

  #up(event: PointerEvent): void {
    this.#ports.canvas.releasePointerCapture(event.pointerId);
    const drag = this.#drag;
    const frame = this.#ports.frame();
    this.#drag = null;
    if (drag === null || frame === null || drag.kind === "pan") return;
    if (drag.kind === "draw" && drag.box !== null) this.#create(drag.box, frame.table, frame.index);
    if (drag.kind === "move" && drag.next !== drag.box) this.#reshape(drag.id, drag.next, frame.table, frame.index);
    this.#ports.redraw();
  }

  #abandon(): void {
    this.#drag = null;
    this.#ports.redraw();
  }

  /** The exact frame's start and index go into the annotation, never `currentTime`. */
  #create(box: Box, table: FrameTable, index: number): void {
    const { context, stream } = this.#ports;
    const shown = readingOf(table, index);
    if (continueTrack(context, stream.id, box, shown)) return;
    const { at_ns } = shown;
    context.store.actions.createAnnotation({ stream: stream.id, region: box, at_ns, index });
    context.announce(`Box drawn on frame ${index}`);
  }

  #reshape(id: string, shape: Box, table: FrameTable, index: number): void {
    const { actions, getState } = this.#ports.context.store;
    const region = getState().sample?.annotations.get(id)?.record.region;
    if (region !== undefined) actions.updateRegion(id, withShape(region, shape, readingOf(table, index)));
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { x, y } = pointerIn(this.#ports.canvas, event);
    const ports = this.#ports;
    ports.setViewport(zoomed(ports.viewport(), ports.wholePicture(), x, y, Math.exp(-event.deltaY * 0.0015)));
  }
}

function readingOf(table: FrameTable, index: number): ShownReading {
  const { start_ns: at_ns, end_ns } = frameSpan(table, index);
  return { at_ns, end_ns, index };
}
