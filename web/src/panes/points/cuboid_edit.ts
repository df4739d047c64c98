/** Changing cuboids: moves along their own axes, turns, faces pushed, corners dragged in one of their flat views. */
import { conjugate, fromYaw, multiply, normalise, type QuatWxyz, rotate, type Vec3 } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import { AXES, type FlatId } from "./flat_views";

/** No face comes closer to its opposite than this. */
export const SMALLEST_M = 0.1;

/** Moved along its own axes: forward, left, up. */
export function moved(cuboid: CuboidShape, by_local_m: Vec3): CuboidShape {
  const [x, y, z] = rotate(cuboid.rotation_wxyz, by_local_m);
  const [a, b, c] = cuboid.centre_m;
  return { ...cuboid, centre_m: [a + x, b + y, c + z] };
}

/** Turned about the vertical of its frame of reference; counter-clockwise from above. */
export function turned(cuboid: CuboidShape, by_rad: number): CuboidShape {
  return { ...cuboid, rotation_wxyz: normalise(multiply(fromYaw(by_rad), cuboid.rotation_wxyz)) };
}

/** Turned a quarter with its outline kept: length becomes width. */
export function quarterTurned(cuboid: CuboidShape): CuboidShape {
  const [length, width, height] = cuboid.size_m;
  return { ...turned(cuboid, Math.PI / 2), size_m: [width, length, height] };
}

export type Axis = 0 | 1 | 2;

/** One face pushed out (positive) or in along its axis; the opposite face stays. */
export function facePushed(cuboid: CuboidShape, axis: Axis, side: 1 | -1, by_m: number): CuboidShape {
  const old = cuboid.size_m[axis];
  const size = Math.max(SMALLEST_M, old + by_m);
  const shift: [number, number, number] = [0, 0, 0];
  shift[axis] = (side * (size - old)) / 2;
  const size_m: [number, number, number] = [...cuboid.size_m];
  size_m[axis] = size;
  return { ...moved(cuboid, shift), size_m };
}

/** What may be taken hold of in a flat view: a face or, where two meet, an edge; the turning handle; all of it. */
export type Handle =
  | { readonly kind: "faces"; readonly across: -1 | 0 | 1; readonly upwards: -1 | 0 | 1 }
  | { readonly kind: "turn" }
  | { readonly kind: "body" };

/** A cuboid after its handle was dragged from one place of the view's plane to another. */
export function dragged(shape: CuboidShape, view: FlatId, handle: Handle, from_m: Vec3, to_m: Vec3): CuboidShape {
  const by: Vec3 = [to_m[0] - from_m[0], to_m[1] - from_m[1], to_m[2] - from_m[2]];
  if (handle.kind === "body") {
    const [x, y, z] = shape.centre_m;
    return { ...shape, centre_m: [x + by[0], y + by[1], z + by[2]] };
  }
  const [across, upwards] = AXES[view];
  const local_from_frame = conjugate(shape.rotation_wxyz);
  if (handle.kind === "turn") {
    const angle = (place: Vec3) => {
      const [a, b, c] = shape.centre_m;
      const local = rotate(local_from_frame, [place[0] - a, place[1] - b, place[2] - c]);
      return Math.atan2(local[upwards], local[across]);
    };
    return turnedInView(shape, view, angle(to_m) - angle(from_m));
  }
  const local = rotate(local_from_frame, by);
  let next = shape;
  for (const [axis, side] of [
    [across, handle.across],
    [upwards, handle.upwards],
  ] as const) {
    if (side !== 0) next = facePushed(next, axis, side, local[axis] * side);
  }
  return next;
}

/** Turned in the plane of a flat view, from its right towards its up. */
export function turnedInView(shape: CuboidShape, view: FlatId, by_rad: number): CuboidShape {
  const [c, s] = [Math.cos(by_rad / 2), Math.sin(by_rad / 2)];
  // Right x up: x X y = z from the top, x X z = -y from the side, y X z = x from the front.
  const turns: Readonly<Record<FlatId, QuatWxyz>> = { top: [c, 0, 0, s], side: [c, 0, -s, 0], front: [c, s, 0, 0] };
  return { ...shape, rotation_wxyz: normalise(multiply(shape.rotation_wxyz, turns[view])) };
}

/** Another size with the floor kept where it is: what a locked size does to the other key frames of a track. */
export function resizedOnFloor(cuboid: CuboidShape, size_m: Vec3): CuboidShape {
  return { ...moved(cuboid, [0, 0, (size_m[2] - cuboid.size_m[2]) / 2]), size_m };
}
