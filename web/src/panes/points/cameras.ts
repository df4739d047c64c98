/** The orbiting eye of the point pane, as plain numbers: perspective, z up. */
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

export const START: Orbit = { target_m: [8, 0, 0], yaw_rad: Math.PI, pitch_rad: 0.5, distance_m: 45 };

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

/** The place on a level plane under a screen point; null above the horizon and further than `reach_m` away. */
export function groundInOrbit(
  orbit: Orbit,
  rect: Rect,
  x: number,
  y: number,
  level_m: number,
  reach_m = 300,
): Vec3 | null {
  const scale = rect.height / 2 / Math.tan(FIELD_OF_VIEW_RAD / 2);
  const right = (x - rect.x - rect.width / 2) / scale;
  const up = -(y - rect.y - rect.height / 2) / scale;
  const [cy, sy] = [Math.cos(orbit.yaw_rad), Math.sin(orbit.yaw_rad)];
  const [cp, sp] = [Math.cos(orbit.pitch_rad), Math.sin(orbit.pitch_rad)];
  const ray: Vec3 = [-cy * cp - sy * right - cy * sp * up, -sy * cp + cy * right - sy * sp * up, -sp + cp * up];
  const eye = eyeOf(orbit);
  const far = (level_m - eye[2]) / ray[2];
  if (!(far > 0) || far * Math.hypot(...ray) > reach_m) return null;
  return [eye[0] + ray[0] * far, eye[1] + ray[1] * far, level_m];
}
