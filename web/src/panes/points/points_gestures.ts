/** Pointer gestures on the point pane: turn, pan, zoom, choose; draw on the ground; drag faces, edges and turns. */

import type { Vec3 } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import type { PaneContext } from "../pane";
import { pointerIn } from "../shared/canvas_layer";
import { listenToPointer } from "../shared/pointer";
import type { ShownCuboid } from "../shared/shown_cuboids";
import { groundInOrbit, nearedOrbit, turnedOrbit } from "./cameras";
import { dragged, type Handle } from "./cuboid_edit";
import { handleAt, insideFromTop, screenBox } from "./draw_cuboids";
import { type FlatId, pannedFlat, placeUnder, zoomedFlat } from "./flat_views";
import { begun, extended, type Outline, seedOf } from "./ground_drawing";
import { type Placed, viewAt } from "./layout";
import type { PointEyes } from "./point_eyes";

export interface PointPorts {
  readonly context: PaneContext;
  readonly canvas: HTMLCanvasElement;
  readonly eyes: PointEyes;
  cuboids(): readonly ShownCuboid[];
  /** The cuboid that the flat views follow. */
  followed(): ShownCuboid | null;
  /** Height of the ground, metres. */
  level(): number;
  drawn(seed: CuboidShape): void;
  /** A drag in progress; null when it was given up. */
  dragging(shown: ShownCuboid, shape: CuboidShape | null): void;
  reshaped(shown: ShownCuboid, shape: CuboidShape): void;
  redraw(): void;
}

type Drag =
  | { readonly kind: "turn" | "pan"; x: number; y: number }
  | { readonly kind: "flat-pan"; readonly id: FlatId; x: number; y: number }
  | { readonly kind: "draw"; outline: Outline }
  | {
      readonly kind: "edit";
      readonly id: FlatId;
      readonly shown: ShownCuboid;
      readonly handle: Handle;
      readonly from_m: Vec3;
      next: CuboidShape;
    };

const CURSORS: Readonly<Record<Handle["kind"], string>> = { faces: "move", turn: "grab", body: "move" };

export class PointGestures {
  readonly #ports: PointPorts;
  readonly #leave = new AbortController();
  #drag: Drag | null = null;
  #moved = false;
  /** The axis of an outline whose width is still to come. */
  #waiting: Outline | null = null;

  constructor(ports: PointPorts) {
    this.#ports = ports;
    const { canvas } = ports;
    listenToPointer(canvas, this.#leave.signal, {
      down: (event) => this.#down(event),
      move: (event) => this.#move(event),
      up: (event) => this.#up(event),
      cancel: () => this.abandon(),
      leave: () => ports.context.store.actions.setHover(null),
      wheel: (event) => this.#wheel(event),
      hasOwnMenu: true,
    });
  }

  dispose(): void {
    this.#leave.abort();
  }

  /** Whether a cuboid is being dragged: the views hold still until it is let go. */
  get isEditing(): boolean {
    return this.#drag?.kind === "edit";
  }

  preview(shown: ShownCuboid): CuboidShape {
    const drag = this.#drag;
    return drag?.kind === "edit" && drag.shown.annotation.id === shown.annotation.id ? drag.next : shown.shape;
  }

  /** The outline being drawn on the ground, as the box over it. */
  get draft(): CuboidShape | null {
    const outline = this.#drag?.kind === "draw" ? this.#drag.outline : this.#waiting;
    return outline === null ? null : seedOf(outline);
  }

  /** Gives up what is being drawn or dragged; false when there was nothing. */
  abandon(): boolean {
    const drag = this.#drag;
    const was = drag?.kind === "edit" || drag?.kind === "draw" || this.#waiting !== null;
    if (drag?.kind === "edit") this.#ports.dragging(drag.shown, null);
    this.#drag = null;
    this.#waiting = null;
    this.#ports.redraw();
    return was;
  }

  /** Where the ground is under the pointer, and which way who looks there faces. */
  #ground(view: Placed, x: number, y: number): { readonly at_m: Vec3; readonly yaw_rad: number } | null {
    const { eyes, level } = this.#ports;
    if (view.id === "orbit") {
      const at_m = groundInOrbit(eyes.orbit, view.rect, x, y, level());
      return at_m === null ? null : { at_m, yaw_rad: eyes.orbit.yaw_rad + Math.PI };
    }
    if (view.id !== "top") return null;
    const flat = eyes.flat("top");
    const [px, py] = placeUnder(flat, view.rect, x, y);
    return { at_m: [px, py, level()], yaw_rad: Math.atan2(flat.up[1], flat.up[0]) };
  }

  #under(x: number, y: number): ShownCuboid | null {
    const view = viewAt(this.#ports.eyes.views, x, y);
    if (view === null) return null;
    if (view.id === "side" || view.id === "front") return this.#ports.followed();
    const eye = this.#ports.eyes.eye(view.id);
    const ground = view.id === "top" ? placeUnder(this.#ports.eyes.flat("top"), view.rect, x, y) : null;
    let best: ShownCuboid | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const shown of this.#ports.cuboids()) {
      let size = Number.POSITIVE_INFINITY;
      if (ground !== null) {
        if (insideFromTop(shown.shape, ground)) size = shown.shape.size_m[0] * shown.shape.size_m[1];
      } else {
        const box = screenBox(shown.shape, eye);
        if (box !== null && x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1) {
          size = (box.x1 - box.x0) * (box.y1 - box.y0);
        }
      }
      if (size < least) {
        best = shown;
        least = size;
      }
    }
    return best;
  }

  #held(view: Placed, x: number, y: number): { readonly shown: ShownCuboid; readonly handle: Handle } | null {
    const shown = this.#ports.followed();
    if (view.id === "orbit" || shown === null || this.#ports.context.store.getState().linking !== null) return null;
    const flat = this.#ports.eyes.flat(view.id);
    const handle = handleAt(shown.shape, view.id, flat.px_per_m, placeUnder(flat, view.rect, x, y));
    return handle === null ? null : { shown, handle };
  }

  #down(event: PointerEvent): void {
    const { canvas, context } = this.#ports;
    const { x, y } = pointerIn(canvas, event);
    canvas.parentElement?.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    this.#moved = false;
    const view = viewAt(this.#ports.eyes.views, x, y);
    if (view === null) return;
    const main = event.button === 0;
    const drawing = main && context.store.getState().tool === "cuboid";
    if (drawing && this.#waiting !== null) {
      this.#drag = { kind: "draw", outline: this.#waiting };
      this.#moved = true;
      return;
    }
    const ground = drawing ? this.#ground(view, x, y) : null;
    if (ground !== null) {
      const kind = event.shiftKey ? "axis" : "rectangle";
      this.#drag = { kind: "draw", outline: begun(ground.at_m, ground.yaw_rad, kind) };
    } else if (view.id === "orbit") {
      this.#drag = { kind: !main || event.shiftKey ? "pan" : "turn", x, y };
    } else {
      const held = main ? this.#held(view, x, y) : null;
      const from_m = placeUnder(this.#ports.eyes.flat(view.id), view.rect, x, y);
      this.#drag =
        held === null
          ? { kind: "flat-pan", id: view.id, x, y }
          : { kind: "edit", id: view.id, ...held, from_m, next: held.shown.shape };
    }
  }

  #move(event: PointerEvent): void {
    const { canvas } = this.#ports;
    const { x, y } = pointerIn(canvas, event);
    const drag = this.#drag;
    if (drag === null) {
      this.#point(x, y);
      return;
    }
    if (event.movementX !== 0 || event.movementY !== 0) this.#moved = true;
    if (drag.kind === "draw") {
      const view = viewAt(this.#ports.eyes.views, x, y);
      const ground = view === null ? null : this.#ground(view, x, y);
      if (ground !== null) drag.outline = extended(drag.outline, ground.at_m);
    } else if (drag.kind === "edit") {
      const view = this.#ports.eyes.views.find((placed) => placed.id === drag.id);
      if (view === undefined) return;
      const to_m = placeUnder(this.#ports.eyes.flat(drag.id), view.rect, x, y);
      drag.next = dragged(drag.shown.shape, drag.id, drag.handle, drag.from_m, to_m);
      this.#ports.dragging(drag.shown, drag.next);
    } else this.#moveEye(drag, x, y);
    this.#ports.redraw();
  }

  /** Nothing is pressed: hover, the cursor, and the width of an outline that waits for it. */
  #point(x: number, y: number): void {
    const { context, canvas, eyes } = this.#ports;
    const view = viewAt(eyes.views, x, y);
    if (view === null) return;
    const ground = context.store.getState().tool === "cuboid" ? this.#ground(view, x, y) : null;
    if (this.#waiting !== null && ground !== null) {
      this.#waiting = extended(this.#waiting, ground.at_m);
      this.#ports.redraw();
      return;
    }
    context.store.actions.setHover(this.#under(x, y)?.annotation.id ?? null);
    const handle = this.#held(view, x, y)?.handle.kind;
    canvas.style.cursor = ground !== null ? "crosshair" : handle === undefined ? "default" : CURSORS[handle];
  }

  #moveEye(drag: Exclude<Drag, { kind: "draw" | "edit" }>, x: number, y: number): void {
    const { eyes } = this.#ports;
    const [dx, dy] = [x - drag.x, y - drag.y];
    drag.x = x;
    drag.y = y;
    if (drag.kind === "flat-pan") eyes.setFlat(drag.id, pannedFlat(eyes.flat(drag.id), dx, dy));
    else if (drag.kind === "turn") eyes.orbit = turnedOrbit(eyes.orbit, dx, dy);
    else eyes.panOrbit(dx, dy);
  }

  #up(event: PointerEvent): void {
    const { canvas, context } = this.#ports;
    canvas.releasePointerCapture(event.pointerId);
    const drag = this.#drag;
    this.#drag = null;
    const { x, y } = pointerIn(canvas, event);
    if (drag === null) return;
    if (!this.#moved) {
      if (event.button === 0) {
        const picked = this.#under(x, y)?.annotation.id ?? null;
        context.store.actions.pick(picked, { toggle: event.ctrlKey || event.metaKey });
      }
    } else if (drag.kind === "draw") this.#finish(drag.outline);
    else if (drag.kind === "edit") {
      this.#ports.dragging(drag.shown, null);
      this.#ports.reshaped(drag.shown, drag.next);
    }
    this.#ports.redraw();
  }

  #finish(outline: Outline): void {
    const seed = seedOf(outline);
    const isAxis = outline.kind === "axis" && seed !== null;
    this.#waiting = isAxis ? { ...outline, kind: "width" } : null;
    if (isAxis) this.#ports.context.announce("Heading set; drag or click for the width");
    else if (seed !== null) this.#ports.drawn(seed);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { canvas, eyes } = this.#ports;
    const { x, y } = pointerIn(canvas, event);
    const view = viewAt(eyes.views, x, y);
    if (view === null) return;
    if (view.id === "orbit") eyes.orbit = nearedOrbit(eyes.orbit, Math.exp(event.deltaY * 0.0012));
    else eyes.setFlat(view.id, zoomedFlat(eyes.flat(view.id), view.rect, x, y, Math.exp(-event.deltaY * 0.0015)));
  }
}
