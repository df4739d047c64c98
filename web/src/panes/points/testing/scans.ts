/** Scans made by hand for the tests of this folder. */
import { fromYaw, rotate, type Vec3 } from "../../../base/rotation";
import type { CuboidShape } from "../../../model/projection";
import type { Tile } from "../tiles";

/** A tile in steps of 2 mm. */
export function tileOf(points_m: readonly Vec3[]): Tile {
  return {
    count: points_m.length,
    scale_m: 0.002,
    offset_m: [0, 0, 0],
    steps: Int16Array.from(points_m.flatMap((point) => point.map((value) => Math.round(value / 0.002)))),
    intensity: new Uint8Array(points_m.length),
    original: Uint32Array.from(points_m.keys()),
  };
}

/** What a scanner at the origin sees of a cuboid: points on the two upright faces that look at it. */
export function seenSides(shape: CuboidShape, step_m = 0.15): Vec3[] {
  const [length, width, height] = shape.size_m;
  const points: Vec3[] = [];
  for (const axis of [0, 1] as const) {
    for (const side of [-1, 1]) {
      const normal = rotate(shape.rotation_wxyz, axis === 0 ? [side, 0, 0] : [0, side, 0]);
      const half = (axis === 0 ? length : width) / 2;
      const face: Vec3 = [0, 1, 2].map((part) => (shape.centre_m[part] ?? 0) + (normal[part] ?? 0) * half) as never;
      if (normal[0] * face[0] + normal[1] * face[1] >= 0) continue;
      const across = axis === 0 ? width : length;
      for (let a = -across / 2 + 0.02; a <= across / 2; a += step_m) {
        for (let b = -height / 2 + 0.02; b <= height / 2; b += step_m) {
          const local: Vec3 = axis === 0 ? [side * half, a, b] : [a, side * half, b];
          const [x, y, z] = rotate(shape.rotation_wxyz, local);
          points.push([shape.centre_m[0] + x, shape.centre_m[1] + y, shape.centre_m[2] + z]);
        }
      }
    }
  }
  return points;
}

/** Ground that rises by `slope` along x, in a square about a place, with a hole where the cuboid shades it. */
export function ground(about: Vec3, slope: number, shade: CuboidShape | null, step_m = 0.25): Vec3[] {
  const points: Vec3[] = [];
  for (let x = about[0] - 7; x <= about[0] + 7; x += step_m) {
    for (let y = about[1] - 7; y <= about[1] + 7; y += step_m) {
      const local =
        shade === null ? null : rotate(fromYawBack(shade), [x - shade.centre_m[0], y - shade.centre_m[1], 0]);
      const shaded =
        shade !== null &&
        local !== null &&
        Math.abs(local[0]) < shade.size_m[0] / 2 &&
        Math.abs(local[1]) < shade.size_m[1] / 2;
      if (!shaded) points.push([x, y, about[2] + slope * (x - about[0])]);
    }
  }
  return points;
}

function fromYawBack({ rotation_wxyz: [w, x, y, z] }: CuboidShape) {
  return [w, -x, -y, -z] as const;
}

export function car(x: number, y: number, floor: number, yaw: number): CuboidShape {
  return { centre_m: [x, y, floor + 0.8], size_m: [4.4, 1.9, 1.6], rotation_wxyz: fromYaw(yaw) };
}
