/** The handles of a selected shape: which one a pointer is on, and the shape as a drag of it leaves it. */
import type { Box, Point, RotatedBox, Shape } from "../../../model/records";
import type { Size } from "../../../model/shapes/rings";
import { angleTowards, fromLocal, resized, type Side, turnedTo } from "../../../model/shapes/rotated";
import {
  edgeNear,
  moved,
  type Vertex,
  vertexNear,
  withVertexAfter,
  withVertexAt,
} from "../../../model/shapes/vertices";
import { boxBetween } from "./box_tool";

export type Handle =
  | { readonly kind: "move" }
  | { readonly kind: "side"; readonly across: Side; readonly down: Side }
  | { readonly kind: "turn" }
  | { readonly kind: "vertex"; readonly vertex: Vertex }
  | { readonly kind: "edge"; readonly after: Vertex };

/** How far above a rotated box's upper side its handle stands, in screen pixels. */
export const TURN_HANDLE_PX = 26;
/** Turning with Shift goes in steps. */
const TURN_STEP = Math.PI / 12;

const SIDES: readonly (readonly [Side, Side])[] = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
];

export function sidesOf(
  shape: Box | RotatedBox,
): readonly { readonly side: readonly [Side, Side]; readonly at: Point }[] {
  const box = shape.type === "box" ? upright(shape) : shape;
  return SIDES.map((side) => ({
    side,
    at: fromLocal(box, [(side[0] * box.width_px) / 2, (side[1] * box.height_px) / 2]),
  }));
}

function upright(box: Box): RotatedBox {
  return {
    type: "rotated_box",
    cx_px: (box.x0_px + box.x1_px) / 2,
    cy_px: (box.y0_px + box.y1_px) / 2,
    width_px: box.x1_px - box.x0_px,
    height_px: box.y1_px - box.y0_px,
    angle_rad: 0,
  };
}

export function turnHandleOf(box: RotatedBox, scale: number): Point {
  return fromLocal(box, [0, -box.height_px / 2 - TURN_HANDLE_PX / scale]);
}

/** The handle within reach; null: none, though the place may lie inside the shape. */
export function handleNear(shape: Shape, x: number, y: number, reach: number, scale: number): Handle | null {
  if (shape.type === "rotated_box") {
    const [tx, ty] = turnHandleOf(shape, scale);
    if (Math.hypot(tx - x, ty - y) <= reach + 3 / scale) return { kind: "turn" };
  }
  if (shape.type === "box" || shape.type === "rotated_box") {
    const near = sidesOf(shape).find(({ at }) => Math.hypot(at[0] - x, at[1] - y) <= reach);
    if (near !== undefined) return { kind: "side", across: near.side[0], down: near.side[1] };
    return sideAlong(shape, x, y, reach);
  }
  const vertex = vertexNear(shape, x, y, reach);
  if (vertex !== null) return { kind: "vertex", vertex };
  const edge = edgeNear(shape, x, y, reach * 0.7);
  return edge === null ? null : { kind: "edge", after: edge.after };
}

/** Anywhere along a side counts as its middle handle. */
function sideAlong(shape: Box | RotatedBox, x: number, y: number, reach: number): Handle | null {
  const box = shape.type === "box" ? upright(shape) : shape;
  const [cos, sin] = [Math.cos(box.angle_rad), Math.sin(box.angle_rad)];
  const [dx, dy] = [x - box.cx_px, y - box.cy_px];
  const [u, v] = [Math.abs(dx * cos + dy * sin), Math.abs(dy * cos - dx * sin)];
  const [w, h] = [box.width_px / 2, box.height_px / 2];
  const near = reach * 0.6;
  if (Math.abs(u - w) <= near && v < h) {
    return { kind: "side", across: dx * cos + dy * sin > 0 ? 1 : -1, down: 0 };
  }
  if (Math.abs(v - h) <= near && u < w) return { kind: "side", across: 0, down: dy * cos - dx * sin > 0 ? 1 : -1 };
  return null;
}

export interface Pull {
  readonly from: Point;
  readonly to: Point;
  readonly shift: boolean;
  readonly size: Size;
}

/** The shape after its handle was drawn from one place to another. */
export function pulled(shape: Shape, handle: Handle, { from, to, shift, size }: Pull): Shape {
  if (handle.kind === "move") {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    return shape.type === "box" ? moved(shape, Math.round(dx), Math.round(dy), size) : moved(shape, dx, dy, size);
  }
  if (handle.kind === "side") {
    if (shape.type === "rotated_box") return resized(shape, handle.across, handle.down, to[0], to[1]);
    if (shape.type !== "box") return shape;
    const x0 = handle.across < 0 ? to[0] : shape.x0_px;
    const x1 = handle.across > 0 ? to[0] : shape.x1_px;
    const y0 = handle.down < 0 ? to[1] : shape.y0_px;
    const y1 = handle.down > 0 ? to[1] : shape.y1_px;
    return boxBetween(x0, y0, x1, y1, size);
  }
  if (handle.kind === "turn") {
    if (shape.type !== "rotated_box") return shape;
    const angle = angleTowards(shape, to[0], to[1]);
    return turnedTo(shape, shift ? Math.round(angle / TURN_STEP) * TURN_STEP : angle);
  }
  if (handle.kind === "vertex") return withVertexAt(shape, handle.vertex, to);
  return withVertexAfter(shape, handle.after, to);
}

export function cursorOf(handle: Handle | null, shape: Shape): string {
  if (handle === null) return "default";
  if (handle.kind === "move") return "move";
  if (handle.kind === "turn") return "grab";
  if (handle.kind === "edge") return "copy";
  if (handle.kind === "vertex") return "crosshair";
  // Rotated boxes show the arrow nearest to the direction in which the handle moves.
  const turn = shape.type === "rotated_box" ? shape.angle_rad : 0;
  const angle = Math.atan2(handle.down, handle.across) + turn;
  const eighth = ((Math.round(angle / (Math.PI / 4)) % 4) + 4) % 4;
  return ["ew-resize", "nwse-resize", "ns-resize", "nesw-resize"][eighth] ?? "move";
}
