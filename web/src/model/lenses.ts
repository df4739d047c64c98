/**
 * Camera models (rules S3 and S4), the same numbers as `braid.space.camera`: none, Brown-Conrady, Kannala-Brandt, double
 * sphere. Results are in edge coordinates (origin at the picture's outer corner), half a pixel more than OpenCV's centres.
 */
import type { Vec3 } from "../base/rotation";
import { type Polynomial, plus, shifted, slope, smallestPositiveRoot, times } from "./polynomials";

export interface CameraModel {
  readonly fx_px: number;
  readonly fy_px: number;
  readonly cx_px: number;
  readonly cy_px: number;
  readonly width_px: number;
  readonly height_px: number;
  readonly skew_px?: number;
  readonly distortion?: string;
  readonly coefficients?: readonly number[];
}

export type PixelPoint = readonly [number, number];

/** From a point of the camera's frame of reference to the normalised plane; null where the lens has no picture of it. */
type Lens = (point_camera_m: Vec3) => readonly [number, number] | null;

const LENSES: Readonly<Record<string, (coefficients: readonly number[]) => Lens>> = {
  none: () => pinhole,
  brown_conrady: brownConrady,
  kannala_brandt: kannalaBrandt,
  double_sphere: doubleSphere,
};

/** Whether this module knows the camera's distortion. What it does not know, it does not draw. */
export function canProject(camera: CameraModel): boolean {
  return Object.hasOwn(LENSES, camera.distortion ?? "none");
}

/** Whether straight lines stay straight in the picture. */
export function isStraight(camera: CameraModel): boolean {
  return (camera.distortion ?? "none") === "none";
}

/** Whether the lens may see beyond a right angle: behind the plane of the camera. */
export function seesBehind(camera: CameraModel): boolean {
  return camera.distortion === "kannala_brandt" || camera.distortion === "double_sphere";
}

const made = new WeakMap<CameraModel, Lens>();

/** A point of the camera's frame of reference (OpenCV: x right, y down, z forward) in the picture; null when undefined. */
export function projectPoint(camera: CameraModel, point_camera_m: Vec3): PixelPoint | null {
  let lens = made.get(camera);
  if (lens === undefined) {
    lens = LENSES[camera.distortion ?? "none"]?.(camera.coefficients ?? []) ?? (() => null);
    made.set(camera, lens);
  }
  const plane = lens(point_camera_m);
  if (plane === null) return null;
  const [x, y] = plane;
  const u = camera.fx_px * x + (camera.skew_px ?? 0) * y + camera.cx_px + 0.5;
  const v = camera.fy_px * y + camera.cy_px + 0.5;
  return Number.isFinite(u) && Number.isFinite(v) ? [u, v] : null;
}

function pinhole([x, y, z]: Vec3): readonly [number, number] | null {
  return z > 0 ? [x / z, y / z] : null;
}

/** As OpenCV orders it (k1 k2 p1 p2 k3 k4 k5 k6). Beyond the radius where it stops rising it would fold the world back. */
function brownConrady(coefficients: readonly number[]): Lens {
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0] = coefficients;
  const [over, under]: [Polynomial, Polynomial] = [
    [1, k1, k2, k3],
    [1, k4, k5, k6],
  ];
  // With s = r^2 the derivative of r over/under has the sign of over under + 2 s (over' under - over under').
  const bend = plus(
    times(slope(over), under),
    times(over, slope(under)).map((value) => -value),
  );
  const rise = plus(
    times(over, under),
    shifted(bend).map((value) => 2 * value),
  );
  const limit = Math.min(smallestPositiveRoot(rise), smallestPositiveRoot(under));
  return (point) => {
    const plane = pinhole(point);
    if (plane === null) return null;
    const [x, y] = plane;
    const r2 = x * x + y * y;
    if (r2 >= limit) return null;
    const radial = (1 + r2 * (k1 + r2 * (k2 + r2 * k3))) / (1 + r2 * (k4 + r2 * (k5 + r2 * k6)));
    return [x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x), y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y];
  };
}

function kannalaBrandt(coefficients: readonly number[]): Lens {
  const [k1 = 0, k2 = 0, k3 = 0, k4 = 0] = coefficients;
  const root = smallestPositiveRoot([1, 3 * k1, 5 * k2, 7 * k3, 9 * k4]);
  const limit = Number.isFinite(root) ? Math.sqrt(root) : Math.PI;
  return ([x, y, z]) => {
    const rho = Math.hypot(x, y);
    const theta = Math.atan2(rho, z);
    if (theta >= limit || (rho <= 1e-12 && z <= 0)) return null;
    const t2 = theta * theta;
    const distorted = theta * (1 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4))));
    const scale = rho > 1e-12 ? distorted / rho : 1 / z;
    return [x * scale, y * scale];
  };
}

function doubleSphere(coefficients: readonly number[]): Lens {
  const [xi = 0, alpha = 0] = coefficients;
  const w1 = alpha <= 0.5 ? alpha / (1 - alpha) : (1 - alpha) / alpha;
  const w2 = (w1 + xi) / Math.sqrt(2 * w1 * xi + xi * xi + 1);
  return ([x, y, z]) => {
    const d1 = Math.hypot(x, y, z);
    const forward = xi * d1 + z;
    const d2 = Math.hypot(x, y, forward);
    const bottom = alpha * d2 + (1 - alpha) * forward;
    return z <= -w2 * d1 || bottom <= 0 ? null : [x / bottom, y / bottom];
  };
}
