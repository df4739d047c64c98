/** Views without perspective, as plain numbers: a map of the ground, and a cuboid from the top, the side and the front. */
import { rotate, type Vec3 } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import type { Rect } from "./cameras";

export interface FlatView {
  /** What stands in the middle. */
  readonly centre_m: Vec3;
  /** Unit vectors of the pane's frame of reference that go right and up on the screen. */
  readonly right: Vec3;
  readonly up: Vec3;
  readonly px_per_m: number;
}

export type FlatId = "top" | "side" | "front";

/** Which of a cuboid's axes go right and up in its three views: from above, from its right side, and facing it. */
export const AXES: Readonly<Record<FlatId, readonly [0 | 1, 1 | 2]>> = { top: [0, 1], side: [0, 2], front: [1, 2] };

export const MAP: FlatView = { centre_m: [8, 0, 0], right: [0, -1, 0], up: [1, 0, 0], px_per_m: 8 };

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function moved(from: Vec3, along: Vec3, by: number, across: Vec3, by2: number): Vec3 {
  return [
    from[0] + along[0] * by + across[0] * by2,
    from[1] + along[1] * by + across[1] * by2,
    from[2] + along[2] * by + across[2] * by2,
  ];
}

export function seenFlat(view: FlatView, rect: Rect, point_m: Vec3): readonly [number, number] {
  const offset: Vec3 = [point_m[0] - view.centre_m[0], point_m[1] - view.centre_m[1], point_m[2] - view.centre_m[2]];
  return [
    rect.x + rect.width / 2 + dot(offset, view.right) * view.px_per_m,
    rect.y + rect.height / 2 - dot(offset, view.up) * view.px_per_m,
  ];
}

/** The place under a screen point, on the plane through the middle of the view. */
export function placeUnder(view: FlatView, rect: Rect, x: number, y: number): Vec3 {
  const right_m = (x - rect.x - rect.width / 2) / view.px_per_m;
  const up_m = -(y - rect.y - rect.height / 2) / view.px_per_m;
  return moved(view.centre_m, view.right, right_m, view.up, up_m);
}

export function pannedFlat(view: FlatView, dx_px: number, dy_px: number): FlatView {
  const centre_m = moved(view.centre_m, view.right, -dx_px / view.px_per_m, view.up, dy_px / view.px_per_m);
  return { ...view, centre_m };
}

/** Zooms about a screen point that stays where it is. */
export function zoomedFlat(view: FlatView, rect: Rect, x: number, y: number, factor: number): FlatView {
  const px_per_m = Math.max(0.5, Math.min(800, view.px_per_m * factor));
  const here = placeUnder(view, rect, x, y);
  const ratio = view.px_per_m / px_per_m;
  const centre = view.centre_m.map((part, axis) => (here[axis] ?? 0) + (part - (here[axis] ?? 0)) * ratio);
  return { ...view, px_per_m, centre_m: [centre[0] ?? 0, centre[1] ?? 0, centre[2] ?? 0] };
}

/** A cuboid seen along one of its own axes, with air around it. */
export function viewOf(shape: CuboidShape, id: FlatId, rect: Rect): FlatView {
  const [across, upwards] = AXES[id];
  const unit = (axis: number): Vec3 => rotate(shape.rotation_wxyz, [+(axis === 0), +(axis === 1), +(axis === 2)]);
  const fit = Math.min(rect.width / (shape.size_m[across] + 2.4), rect.height / (shape.size_m[upwards] + 1.8));
  return {
    centre_m: shape.centre_m,
    right: unit(across),
    up: unit(upwards),
    px_per_m: Math.max(4, Math.min(160, fit)),
  };
}
