/** Making and changing cuboids: which points lie inside, height from the points, moves in its own axes, faces dragged. */
import { conjugate, fromYaw, multiply, normalise, rotate, type Vec3 } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import { eachPoint, type Tile } from "./tiles";

/** No face comes closer to its opposite than this. */
export const SMALLEST_M = 0.1;

/** How many points lie inside; faces count. */
export function pointsInside(cuboid: CuboidShape, tiles: readonly Tile[]): number {
  let found = 0;
  const local_from_frame = conjugate(cuboid.rotation_wxyz);
  const [cx, cy, cz] = cuboid.centre_m;
  const [hx, hy, hz] = [cuboid.size_m[0] / 2, cuboid.size_m[1] / 2, cuboid.size_m[2] / 2];
  const reach2 = hx * hx + hy * hy + hz * hz;
  eachPoint(tiles, (x, y, z) => {
    const [dx, dy, dz] = [x - cx, y - cy, z - cz];
    if (dx * dx + dy * dy + dz * dz > reach2) return;
    const [a, b, c] = rotate(local_from_frame, [dx, dy, dz]);
    if (Math.abs(a) <= hx && Math.abs(b) <= hy && Math.abs(c) <= hz) found++;
  });
  return found;
}

/**
 * A cuboid from a rectangle drawn in the top view, turned by `yaw_rad`. Its height comes from the points over the
 * rectangle: from 5 cm under the lowest that stands out of the ground (2nd percentile) to the highest (99th).
 * Without points it is 1.6 m high on `ground_m`.
 */
export function cuboidFromTop(
  from_m: readonly [number, number],
  to_m: readonly [number, number],
  yaw_rad: number,
  tiles: readonly Tile[],
  ground_m: number,
): CuboidShape {
  const rotation_wxyz = fromYaw(yaw_rad);
  const [dx, dy] = rotate(conjugate(rotation_wxyz), [to_m[0] - from_m[0], to_m[1] - from_m[1], 0]);
  const [length, width] = [Math.max(SMALLEST_M, Math.abs(dx)), Math.max(SMALLEST_M, Math.abs(dy))];
  const centre = [(from_m[0] + to_m[0]) / 2, (from_m[1] + to_m[1]) / 2] as const;
  const column: CuboidShape = { centre_m: [...centre, 0], size_m: [length, width, 2e4], rotation_wxyz };
  const heights: number[] = [];
  const local_from_frame = conjugate(rotation_wxyz);
  eachPoint(tiles, (x, y, z) => {
    const [a, b] = rotate(local_from_frame, [x - centre[0], y - centre[1], 0]);
    if (Math.abs(a) <= column.size_m[0] / 2 && Math.abs(b) <= column.size_m[1] / 2) heights.push(z);
  });
  if (heights.length < 3) {
    return { centre_m: [...centre, ground_m + 0.8], size_m: [length, width, 1.6], rotation_wxyz };
  }
  heights.sort((a, b) => a - b);
  const at = (share: number) => heights[Math.min(heights.length - 1, Math.floor(share * heights.length))] ?? ground_m;
  const bottom = at(0.02) - 0.05;
  const top = Math.max(bottom + SMALLEST_M, at(0.99) + 0.05);
  return { centre_m: [...centre, (bottom + top) / 2], size_m: [length, width, top - bottom], rotation_wxyz };
}

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

/** Every face drawn in to the points inside, with 2 cm to spare; itself when fewer than three points are inside. */
export function fitted(cuboid: CuboidShape, tiles: readonly Tile[]): CuboidShape {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let found = 0;
  const local_from_frame = conjugate(cuboid.rotation_wxyz);
  const [cx, cy, cz] = cuboid.centre_m;
  eachPoint(tiles, (x, y, z) => {
    const local = rotate(local_from_frame, [x - cx, y - cy, z - cz]);
    if (local.some((value, axis) => Math.abs(value) > (cuboid.size_m[axis] ?? 0) / 2)) return;
    found++;
    local.forEach((value, axis) => {
      low[axis] = Math.min(low[axis] ?? value, value);
      high[axis] = Math.max(high[axis] ?? value, value);
    });
  });
  if (found < 3) return cuboid;
  let next = cuboid;
  for (const axis of [0, 1, 2] as const) {
    const half = cuboid.size_m[axis] / 2;
    next = facePushed(next, axis, 1, (high[axis] ?? half) + 0.02 - half);
    next = facePushed(next, axis, -1, -(low[axis] ?? -half) + 0.02 - half);
  }
  return next;
}
