/** Cuboids over the points, in either view: edges, heading, label, handles. */

import { rotate, type Vec3 } from "../../base/rotation";
import type { Tokens } from "../../base/tokens";
import { CUBOID_EDGES, type CuboidShape, cuboidCorners } from "../../model/projection";
import { drawSuspectBadge, type Look } from "../shared/looks";

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

/** A place on the cuboid, each part -1..1 from one face to the other. */
export function placeOn(shape: CuboidShape, x: number, y: number, z: number): Vec3 {
  const [length, width, height] = shape.size_m;
  const [a, b, c] = rotate(shape.rotation_wxyz, [(x * length) / 2, (y * width) / 2, (z * height) / 2]);
  return [shape.centre_m[0] + a, shape.centre_m[1] + b, shape.centre_m[2] + c];
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
  context.lineWidth = look.selected ? 2.5 : strong ? 2 : 1.4;
  if (interpolated) context.setLineDash([5, 4]);
  context.beginPath();
  for (const [from, to] of CUBOID_EDGES) segment(context, corners[from] ?? null, corners[to] ?? null);
  // The heading: from the middle to beyond the front, on the floor.
  segment(context, eye(placeOn(shape, 0, 0, -1)), eye(placeOn(shape, 1.35, 0, -1)));
  context.stroke();
  if (strong) {
    context.globalAlpha *= look.selected ? 0.22 : 0.13;
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
  if (!labelled && !strong) return;
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

/** What may be dragged in the top view. */
export type TopHandle =
  | { readonly kind: "face"; readonly axis: 0 | 1; readonly side: 1 | -1 }
  | { readonly kind: "turn" }
  | { readonly kind: "body" };

const FACES: readonly { readonly kind: "face"; readonly axis: 0 | 1; readonly side: 1 | -1 }[] = [
  { kind: "face", axis: 0, side: 1 },
  { kind: "face", axis: 0, side: -1 },
  { kind: "face", axis: 1, side: 1 },
  { kind: "face", axis: 1, side: -1 },
];

export function handlePlaces(shape: CuboidShape): readonly { readonly handle: TopHandle; readonly place_m: Vec3 }[] {
  return [
    ...FACES.map((handle) => ({
      handle,
      place_m: handle.axis === 0 ? placeOn(shape, handle.side, 0, 0) : placeOn(shape, 0, handle.side, 0),
    })),
    { handle: { kind: "turn" } as const, place_m: placeOn(shape, 1.35, 0, 0) },
  ];
}

export function drawHandles(context: CanvasRenderingContext2D, tokens: Tokens, eye: Eye, shape: CuboidShape): void {
  context.save();
  context.fillStyle = tokens.foreground[0];
  context.strokeStyle = tokens.background[0];
  for (const { handle, place_m } of handlePlaces(shape)) {
    const seen = eye(place_m);
    if (seen === null) continue;
    context.beginPath();
    if (handle.kind === "turn") context.arc(seen[0], seen[1], 5, 0, 7);
    else context.rect(seen[0] - 4, seen[1] - 4, 8, 8);
    context.fill();
    context.stroke();
  }
  context.restore();
}

/** The handle of the selected cuboid under a point of the top view. */
export function topHandleAt(shape: CuboidShape, eye: Eye, x: number, y: number, ground_m: Vec3): TopHandle | null {
  for (const { handle, place_m } of handlePlaces(shape)) {
    const seen = eye(place_m);
    if (seen !== null && Math.hypot(seen[0] - x, seen[1] - y) <= 8) return handle;
  }
  return insideFromTop(shape, ground_m) ? { kind: "body" } : null;
}

/** Whether a ground place lies in the cuboid's outline from above. */
export function insideFromTop(shape: CuboidShape, ground_m: Vec3): boolean {
  const [w, x, y, z] = shape.rotation_wxyz;
  const offset: Vec3 = [ground_m[0] - shape.centre_m[0], ground_m[1] - shape.centre_m[1], 0];
  const [a, b] = rotate([w, -x, -y, -z], offset);
  return Math.abs(a) <= shape.size_m[0] / 2 && Math.abs(b) <= shape.size_m[1] / 2;
}
