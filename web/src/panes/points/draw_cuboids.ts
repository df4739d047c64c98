/** Cuboids over the points, in any view: edges, heading, label, and in flat views the handles. */
import { conjugate, rotate, type Vec3 } from "../../base/rotation";
import type { Tokens } from "../../base/tokens";
import { CUBOID_EDGES, type CuboidShape, cuboidCorners, placeOn } from "../../model/projection";
import { drawSuspectBadge, type Look } from "../shared/looks";
import type { Handle } from "./cuboid_edit";
import { AXES, type FlatId } from "./flat_views";

/** A point of the pane's frame of reference on the screen; null when it cannot be seen. */
export type Eye = (point_m: Vec3) => readonly [number, number] | null;

export interface ScreenBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export function screenBox(shape: CuboidShape, eye: Eye): ScreenBox | null {
  const seen = cuboidCorners(shape).map(eye);
  if (seen.some((point) => point === null)) return null;
  const xs = seen.map((point) => point?.[0] ?? 0);
  const ys = seen.map((point) => point?.[1] ?? 0);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

export function drawCuboid(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  eye: Eye,
  shape: CuboidShape,
  look: Look,
  interpolated: boolean,
  labelled: boolean,
): void {
  const corners = cuboidCorners(shape).map(eye);
  const strong = look.selected || look.hovered || look.linked;
  context.save();
  context.globalAlpha = look.dimmed ? 0.2 : 1;
  context.strokeStyle = look.colour;
  context.lineWidth = look.selected ? 2.25 : strong ? 2 : 1.3;
  if (interpolated) context.setLineDash([5, 4]);
  context.beginPath();
  for (const [from, to] of CUBOID_EDGES) segment(context, corners[from] ?? null, corners[to] ?? null);
  // The heading: from the middle to beyond the front, on the floor.
  segment(context, eye(placeOn(shape, 0, 0, -1)), eye(placeOn(shape, 1.35, 0, -1)));
  context.stroke();
  if (strong) {
    context.globalAlpha *= look.selected ? 0.18 : 0.12;
    context.fillStyle = look.colour;
    const floor = [0, 1, 3, 2].map((corner) => corners[corner] ?? null);
    if (floor.every((point) => point !== null)) {
      context.beginPath();
      for (const point of floor) context.lineTo(point[0], point[1]);
      context.closePath();
      context.fill();
    }
  }
  context.restore();
  const top = eye(placeOn(shape, 0, 0, 1.1));
  if (top === null || look.dimmed) return;
  if (look.suspect) drawSuspectBadge(context, tokens, top[0], top[1] - 8);
  if (!labelled) return;
  context.save();
  context.font = `600 11px ${tokens.font}`;
  const width = context.measureText(look.label).width + 8;
  const y = top[1] - (look.suspect ? 28 : 14);
  context.fillStyle = look.colour;
  context.fillRect(top[0] - width / 2, y - 7, width, 15);
  context.fillStyle = tokens.onClass;
  context.textBaseline = "middle";
  context.fillText(look.label, top[0] - width / 2 + 4, y + 1);
  context.restore();
}

function segment(
  context: CanvasRenderingContext2D,
  from: readonly [number, number] | null,
  to: readonly [number, number] | null,
): void {
  if (from === null || to === null) return;
  context.moveTo(from[0], from[1]);
  context.lineTo(to[0], to[1]);
}

/** A place given along the two axes of a flat view, -1..1 from face to face, in the middle of the third. */
export function placeInView(shape: CuboidShape, view: FlatId, across: number, upwards: number): Vec3 {
  const parts: [number, number, number] = [0, 0, 0];
  const [a, b] = AXES[view];
  parts[a] = across;
  parts[b] = upwards;
  return placeOn(shape, ...parts);
}

/** Beyond the face that it turns: the front from above, the roof from the side and the front. */
export function turnPlace(shape: CuboidShape, view: FlatId, px_per_m: number): Vec3 {
  const [across, upwards] = AXES[view];
  const beyond = (axis: number) => 1 + (2 * 22) / px_per_m / Math.max(0.01, shape.size_m[axis] ?? 1);
  return view === "top" ? placeInView(shape, view, beyond(across), 0) : placeInView(shape, view, 0, beyond(upwards));
}

export function drawHandles(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  eye: Eye,
  shape: CuboidShape,
  view: FlatId,
  px_per_m: number,
): void {
  context.save();
  context.fillStyle = tokens.foreground[0];
  context.strokeStyle = tokens.background[0];
  for (const across of [-1, 0, 1]) {
    for (const upwards of [-1, 0, 1]) {
      if (across === 0 && upwards === 0) continue;
      const seen = eye(placeInView(shape, view, across, upwards));
      if (seen === null) continue;
      const half = across !== 0 && upwards !== 0 ? 2.5 : 3.5;
      context.beginPath();
      context.rect(seen[0] - half, seen[1] - half, 2 * half, 2 * half);
      context.fill();
      context.stroke();
    }
  }
  const turn = eye(turnPlace(shape, view, px_per_m));
  const edge = eye(view === "top" ? placeInView(shape, view, 1, 0) : placeInView(shape, view, 0, 1));
  if (turn !== null && edge !== null) {
    context.strokeStyle = tokens.foreground[0];
    context.beginPath();
    segment(context, edge, turn);
    context.stroke();
    context.strokeStyle = tokens.background[0];
    context.beginPath();
    context.arc(turn[0], turn[1], 5, 0, 7);
    context.fill();
    context.stroke();
  }
  context.restore();
}

const REACH_PX = 8;

/** What of the selected cuboid lies under a place of a flat view's plane. */
export function handleAt(shape: CuboidShape, view: FlatId, px_per_m: number, place_m: Vec3): Handle | null {
  const turn = turnPlace(shape, view, px_per_m);
  const [a, b] = AXES[view];
  const local = (place: Vec3) => {
    const [x, y, z] = shape.centre_m;
    const own = rotate(conjugate(shape.rotation_wxyz), [place[0] - x, place[1] - y, place[2] - z]);
    return [own[a], own[b]] as const;
  };
  const [u, v] = local(place_m);
  const [tu, tv] = local(turn);
  if (Math.hypot(u - tu, v - tv) * px_per_m <= REACH_PX + 1) return { kind: "turn" };
  const [half_u, half_v] = [shape.size_m[a] / 2, shape.size_m[b] / 2];
  const reach = REACH_PX / px_per_m;
  if (Math.abs(u) > half_u + reach || Math.abs(v) > half_v + reach) return null;
  // A small cuboid keeps a middle to be moved by.
  const side = (place: number, half: number): -1 | 0 | 1 =>
    Math.abs(Math.abs(place) - half) <= Math.min(reach, half * 0.45) || Math.abs(place) > half
      ? place > 0
        ? 1
        : -1
      : 0;
  const [across, upwards] = [side(u, half_u), side(v, half_v)];
  return across === 0 && upwards === 0 ? { kind: "body" } : { kind: "faces", across, upwards };
}

/** Whether a ground place lies in the cuboid's outline from above. */
export function insideFromTop(shape: CuboidShape, ground_m: Vec3): boolean {
  const offset: Vec3 = [ground_m[0] - shape.centre_m[0], ground_m[1] - shape.centre_m[1], 0];
  const [a, b] = rotate(conjugate(shape.rotation_wxyz), offset);
  return Math.abs(a) <= shape.size_m[0] / 2 && Math.abs(b) <= shape.size_m[1] / 2;
}
