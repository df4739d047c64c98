/** Outlines drawn on the ground: one drag spans a rectangle that lies as the view does, or two drags: its axis, its width. */
import { conjugate, fromYaw, rotate, type Vec3 } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import { SMALLEST_M } from "./cuboid_edit";

/** Nominal until the points say more. */
const HEIGHT_M = 1.6;

export interface Outline {
  readonly kind: "rectangle" | "axis" | "width";
  readonly from_m: Vec3;
  readonly to_m: Vec3;
  /** Heading of a rectangle: away from who looks. */
  readonly yaw_rad: number;
  /** Of `width`: how far from the axis. */
  readonly half_width_m: number;
}

export function begun(at_m: Vec3, yaw_rad: number, kind: "rectangle" | "axis"): Outline {
  return { kind, from_m: at_m, to_m: at_m, yaw_rad, half_width_m: 0.9 };
}

/** The pointer moved: a corner, the front end of the axis, or the distance from it. */
export function extended(outline: Outline, at_m: Vec3): Outline {
  if (outline.kind !== "width") return { ...outline, to_m: at_m };
  const { centre_m, yaw_rad } = lineOf(outline);
  const off = rotate(conjugate(fromYaw(yaw_rad)), [at_m[0] - centre_m[0], at_m[1] - centre_m[1], 0]);
  return { ...outline, half_width_m: Math.max(SMALLEST_M / 2, Math.abs(off[1])) };
}

function lineOf({ from_m, to_m }: Outline) {
  const [dx, dy] = [to_m[0] - from_m[0], to_m[1] - from_m[1]];
  const centre_m: Vec3 = [(from_m[0] + to_m[0]) / 2, (from_m[1] + to_m[1]) / 2, from_m[2]];
  return { centre_m, yaw_rad: Math.atan2(dy, dx), length_m: Math.hypot(dx, dy) };
}

/** The box over the outline, standing on its ground; null while it is too small to be meant. */
export function seedOf(outline: Outline): CuboidShape | null {
  const line = lineOf(outline);
  const raised: Vec3 = [line.centre_m[0], line.centre_m[1], line.centre_m[2] + HEIGHT_M / 2];
  if (line.length_m < 0.2) return null;
  if (outline.kind !== "rectangle") {
    const size_m: Vec3 = [line.length_m, 2 * outline.half_width_m, HEIGHT_M];
    return { centre_m: raised, size_m, rotation_wxyz: fromYaw(line.yaw_rad) };
  }
  const across: Vec3 = [outline.to_m[0] - outline.from_m[0], outline.to_m[1] - outline.from_m[1], 0];
  const [dx, dy] = rotate(conjugate(fromYaw(outline.yaw_rad)), across);
  return {
    centre_m: raised,
    size_m: [Math.max(SMALLEST_M, Math.abs(dx)), Math.max(SMALLEST_M, Math.abs(dy)), HEIGHT_M],
    rotation_wxyz: fromYaw(outline.yaw_rad),
  };
}
