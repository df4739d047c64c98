/** Pointer gestures on the point pane. Orbit view: turn, pan, zoom, choose. Top view: also draw, move, push faces, turn. */
import { conjugate, rotate, type Vec3, yawOf } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import type { PaneContext } from "../pane";
import { pointerIn } from "../shared/canvas_layer";
import {
  groundAt,
  nearedOrbit,
  type Orbit,
  pannedOrbit,
  type Rect,
  type TopView,
  turnedOrbit,
  zoomedTop,
} from "./cameras";
import { facePushed } from "./cuboid_edit";
import { type Eye, insideFromTop, screenBox, type TopHandle, topHandleAt } from "./draw_cuboids";
import type { ShownCuboid } from "./shown_cuboids";

export interface PointPorts {
  readonly context: PaneContext;
  readonly canvas: HTMLCanvasElement;
  cuboids(): readonly ShownCuboid[];
  rects(): { readonly orbit: Rect; readonly top: Rect };
  orbit(): Orbit;
  setOrbit(orbit: Orbit): void;
  top(): TopView;
  setTop(top: TopView): void;
  eyes(): { readonly orbit: Eye; readonly top: Eye };
  /** A rectangle was drawn on the ground. */
  drawn(from_m: readonly [number, number], to_m: readonly [number, number]): void;
  reshaped(shown: ShownCuboid, shape: CuboidShape): void;
  redraw(): void;
}

type Ground = readonly [number, number];
type Drag =
  | { readonly kind: "turn" | "pan"; x: number; y: number }
  | { readonly kind: "top-pan"; x: number; y: number }
  | { readonly kind: "draw"; readonly from_m: Ground; to_m: Ground }
  | {
      readonly kind: "edit";
      readonly shown: ShownCuboid;
      readonly handle: TopHandle;
      readonly from_m: Ground;
      next: CuboidShape;
    };

export class PointGestures {
  readonly #ports: PointPorts;
  readonly #leave = new AbortController();
  #drag: Drag | null = null;
  #moved = false;

  constructor(ports: PointPorts) {
    this.#ports = ports;
    const { canvas } = ports;
    const { signal } = this.#leave;
    canvas.addEventListener("pointerdown", (event) => this.#down(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#move(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.#up(event), { signal });
    canvas.addEventListener("pointercancel", () => this.#abandon(), { signal });
    canvas.addEventListener("pointerleave", () => ports.context.store.actions.setHover(null), { signal });
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  }

  dispose(): void {
    this.#leave.abort();
  }

  preview(shown: ShownCuboid): CuboidShape {
    const drag = this.#drag;
    return drag?.kind === "edit" && drag.shown.annotation.id === shown.annotation.id ? drag.next : shown.shape;
  }

  /** The rectangle being drawn on the ground. */
  get draft(): { readonly from_m: Ground; readonly to_m: Ground } | null {
    return this.#drag?.kind === "draw" ? this.#drag : null;
  }

  #inTop(x: number, y: number): boolean {
    const { top } = this.#ports.rects();
    return x >= top.x && x < top.x + top.width && y >= top.y && y < top.y + top.height;
  }

  #ground(x: number, y: number): Ground {
    return groundAt(this.#ports.top(), this.#ports.rects().top, x, y);
  }

  #under(x: number, y: number): ShownCuboid | null {
    const { orbit } = this.#ports.eyes();
    const ground = this.#inTop(x, y) ? this.#ground(x, y) : null;
    let best: ShownCuboid | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const shown of this.#ports.cuboids()) {
      let size = Number.POSITIVE_INFINITY;
      if (ground !== null) {
        if (insideFromTop(shown.shape, [...ground, 0])) size = shown.shape.size_m[0] * shown.shape.size_m[1];
      } else {
        const box = screenBox(shown.shape, orbit);
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

  #handleAt(x: number, y: number): { readonly shown: ShownCuboid; readonly handle: TopHandle } | null {
    if (!this.#inTop(x, y)) return null;
    const { selection, linking } = this.#ports.context.store.getState();
    if (linking !== null) return null;
    const ground: Vec3 = [...this.#ground(x, y), 0];
    for (const shown of this.#ports.cuboids()) {
      if (!selection.has(shown.annotation.id)) continue;
      const handle = topHandleAt(shown.shape, this.#ports.eyes().top, x, y, ground);
      if (handle !== null) return { shown, handle };
    }
    return null;
  }

  #down(event: PointerEvent): void {
    const { canvas, context } = this.#ports;
    const { x, y } = pointerIn(canvas, event);
    canvas.parentElement?.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    this.#moved = false;
    if (!this.#inTop(x, y)) {
      this.#drag = { kind: event.button !== 0 || event.shiftKey ? "pan" : "turn", x, y };
      return;
    }
    const from_m = this.#ground(x, y);
    const held = event.button === 0 ? this.#handleAt(x, y) : null;
    if (event.button !== 0) this.#drag = { kind: "top-pan", x, y };
    else if (context.store.getState().tool === "cuboid") this.#drag = { kind: "draw", from_m, to_m: from_m };
    else if (held !== null) this.#drag = { kind: "edit", ...held, from_m, next: held.shown.shape };
    else this.#drag = { kind: "top-pan", x, y };
  }

  #move(event: PointerEvent): void {
    const { canvas, context } = this.#ports;
    const { x, y } = pointerIn(canvas, event);
    const drag = this.#drag;
    if (drag === null) {
      context.store.actions.setHover(this.#under(x, y)?.annotation.id ?? null);
      const handle = this.#handleAt(x, y)?.handle.kind;
      const drawing = context.store.getState().tool === "cuboid" && this.#inTop(x, y);
      canvas.style.cursor = drawing
        ? "crosshair"
        : handle === "turn"
          ? "grab"
          : handle === "face"
            ? "move"
            : handle === "body"
              ? "move"
              : "default";
      return;
    }
    if (event.movementX !== 0 || event.movementY !== 0) this.#moved = true;
    if (drag.kind === "draw") drag.to_m = this.#ground(x, y);
    else if (drag.kind === "edit") drag.next = edited(drag.shown.shape, drag.handle, drag.from_m, this.#ground(x, y));
    else this.#moveEye(drag, x, y);
    this.#ports.redraw();
  }

  #moveEye(drag: { readonly kind: "turn" | "pan" | "top-pan"; x: number; y: number }, x: number, y: number): void {
    const ports = this.#ports;
    const [dx, dy] = [x - drag.x, y - drag.y];
    drag.x = x;
    drag.y = y;
    if (drag.kind === "turn") ports.setOrbit(turnedOrbit(ports.orbit(), dx, dy));
    else if (drag.kind === "pan") ports.setOrbit(pannedOrbit(ports.orbit(), dx, dy, ports.rects().orbit.height));
    else {
      const top = ports.top();
      ports.setTop({ ...top, x_m: top.x_m + dy / top.px_per_m, y_m: top.y_m + dx / top.px_per_m });
    }
  }

  #up(event: PointerEvent): void {
    const { canvas, context } = this.#ports;
    canvas.releasePointerCapture(event.pointerId);
    const drag = this.#drag;
    this.#drag = null;
    const { x, y } = pointerIn(canvas, event);
    if (drag === null) return;
    if (!this.#moved) {
      if (event.button !== 0) return;
      context.store.actions.pick(this.#under(x, y)?.annotation.id ?? null, { toggle: event.ctrlKey || event.metaKey });
    } else if (drag.kind === "draw") this.#ports.drawn(drag.from_m, drag.to_m);
    else if (drag.kind === "edit") this.#ports.reshaped(drag.shown, drag.next);
    this.#ports.redraw();
  }

  #abandon(): void {
    this.#drag = null;
    this.#ports.redraw();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const ports = this.#ports;
    const { x, y } = pointerIn(ports.canvas, event);
    if (this.#inTop(x, y))
      ports.setTop(zoomedTop(ports.top(), ports.rects().top, x, y, Math.exp(-event.deltaY * 0.0015)));
    else ports.setOrbit(nearedOrbit(ports.orbit(), Math.exp(event.deltaY * 0.0012)));
  }
}

/** A cuboid after its handle was dragged over the ground. */
export function edited(shape: CuboidShape, handle: TopHandle, from_m: Ground, to_m: Ground): CuboidShape {
  const [dx, dy] = [to_m[0] - from_m[0], to_m[1] - from_m[1]];
  const [cx, cy, cz] = shape.centre_m;
  if (handle.kind === "body") return { ...shape, centre_m: [cx + dx, cy + dy, cz] };
  if (handle.kind === "turn") {
    const wanted = Math.atan2(to_m[1] - cy, to_m[0] - cx);
    const by = wanted - yawOf(shape.rotation_wxyz);
    const half = by / 2;
    const [w, x, y, z] = shape.rotation_wxyz;
    const [c, s] = [Math.cos(half), Math.sin(half)];
    return { ...shape, rotation_wxyz: [c * w - s * z, c * x - s * y, c * y + s * x, c * z + s * w] };
  }
  const local = rotate(conjugate(shape.rotation_wxyz), [dx, dy, 0]);
  return facePushed(shape, handle.axis, handle.side, local[handle.axis] * handle.side);
}
