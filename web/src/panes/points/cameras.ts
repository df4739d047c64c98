/** The two eyes of the point pane, as plain numbers: an orbit in perspective, and a map seen from above (x up, y left). */
import type { Vec3 } from "../../base/rotation";

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Orbit {
  readonly target_m: Vec3;
  /** Where the eye stands around the target; pitch above the ground. */
  readonly yaw_rad: number;
  readonly pitch_rad: number;
  readonly distance_m: number;
}

export const FIELD_OF_VIEW_RAD = (50 * Math.PI) / 180;
export const NEAR_M = 0.2;

export function eyeOf(orbit: Orbit): Vec3 {
  const flat = Math.cos(orbit.pitch_rad) * orbit.distance_m;
  return [
    orbit.target_m[0] + Math.cos(orbit.yaw_rad) * flat,
    orbit.target_m[1] + Math.sin(orbit.yaw_rad) * flat,
    orbit.target_m[2] + Math.sin(orbit.pitch_rad) * orbit.distance_m,
  ];
}

export function turnedOrbit(orbit: Orbit, dx_px: number, dy_px: number): Orbit {
  const pitch = orbit.pitch_rad + dy_px * 0.006;
  return { ...orbit, yaw_rad: orbit.yaw_rad - dx_px * 0.006, pitch_rad: Math.max(-0.2, Math.min(1.55, pitch)) };
}

/** Moves over the ground, so that what is under the pointer stays roughly there. */
export function pannedOrbit(orbit: Orbit, dx_px: number, dy_px: number, height_px: number): Orbit {
  const m_per_px = (2 * orbit.distance_m * Math.tan(FIELD_OF_VIEW_RAD / 2)) / Math.max(1, height_px);
  const [cos, sin] = [Math.cos(orbit.yaw_rad), Math.sin(orbit.yaw_rad)];
  const [x, y, z] = orbit.target_m;
  // Right on the screen is (-sin, cos) of the eye's direction, up is away from the eye.
  const [right, away] = [-dx_px * m_per_px, dy_px * m_per_px];
  return { ...orbit, target_m: [x - sin * right - cos * away, y + cos * right - sin * away, z] };
}

export function nearedOrbit(orbit: Orbit, factor: number): Orbit {
  return { ...orbit, distance_m: Math.max(1, Math.min(600, orbit.distance_m * factor)) };
}

/** A point on the screen and how far before the eye it lies; null behind the near plane. */
export function seenInOrbit(orbit: Orbit, rect: Rect, point_m: Vec3): readonly [number, number, number] | null {
  const eye = eyeOf(orbit);
  const [dx, dy, dz] = [point_m[0] - eye[0], point_m[1] - eye[1], point_m[2] - eye[2]];
  const [cy, sy] = [Math.cos(orbit.yaw_rad), Math.sin(orbit.yaw_rad)];
  const [cp, sp] = [Math.cos(orbit.pitch_rad), Math.sin(orbit.pitch_rad)];
  const depth = -(dx * cy * cp + dy * sy * cp + dz * sp);
  if (depth < NEAR_M) return null;
  const right = -dx * sy + dy * cy;
  const up = -dx * cy * sp - dy * sy * sp + dz * cp;
  const scale = rect.height / 2 / Math.tan(FIELD_OF_VIEW_RAD / 2) / depth;
  return [rect.x + rect.width / 2 + right * scale, rect.y + rect.height / 2 - up * scale, depth];
}

export interface TopView {
  readonly x_m: number;
  readonly y_m: number;
  readonly px_per_m: number;
}

export function seenFromTop(top: TopView, rect: Rect, point_m: Vec3): readonly [number, number] {
  return [
    rect.x + rect.width / 2 - (point_m[1] - top.y_m) * top.px_per_m,
    rect.y + rect.height / 2 - (point_m[0] - top.x_m) * top.px_per_m,
  ];
}

/** The ground place (x, y in metres) under a screen point of the top view. */
export function groundAt(top: TopView, rect: Rect, x: number, y: number): readonly [number, number] {
  return [
    top.x_m - (y - rect.y - rect.height / 2) / top.px_per_m,
    top.y_m - (x - rect.x - rect.width / 2) / top.px_per_m,
  ];
}

export function zoomedTop(top: TopView, rect: Rect, x: number, y: number, factor: number): TopView {
  const [gx, gy] = groundAt(top, rect, x, y);
  const px_per_m = Math.max(0.5, Math.min(400, top.px_per_m * factor));
  const ratio = top.px_per_m / px_per_m;
  return { x_m: gx + (top.x_m - gx) * ratio, y_m: gy + (top.y_m - gy) * ratio, px_per_m };
}
