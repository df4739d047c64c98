/**
 * Cuboids in camera pictures (rules S3 and S4): pinhole with none or Brown-Conrady distortion, clipped at the near plane.
 * Results are in edge coordinates (origin at the picture's outer corner), half a pixel more than OpenCV's centres.
 */
import { apply, type QuatWxyz, type RigidTransform, rotate, type Vec3 } from "../base/rotation";

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

export interface CuboidShape {
  readonly centre_m: Vec3;
  /** Length along local x, width along y, height along z. */
  readonly size_m: Vec3;
  readonly rotation_wxyz: QuatWxyz;
}

export type PixelPoint = readonly [number, number];

export interface ProjectedCuboid {
  /** Up to twelve lines, in edge coordinates; lines that cross the near plane are cut there. */
  readonly edges_px: readonly (readonly PixelPoint[])[];
  /** The hull's box, cut to the picture; null when nothing of it lies inside. */
  readonly box_px: { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number } | null;
  /** How many of the eight corners lie before the near plane and inside the picture. */
  readonly corners_visible: number;
}

/** The corners in order of sign bits: bit 0 x, bit 1 y, bit 2 z; set means the positive side. */
export function cuboidCorners(cuboid: CuboidShape): readonly Vec3[] {
  const [length, width, height] = cuboid.size_m;
  return Array.from({ length: 8 }, (_, corner) => {
    const local: Vec3 = [
      (corner & 1 ? 0.5 : -0.5) * length,
      (corner & 2 ? 0.5 : -0.5) * width,
      (corner & 4 ? 0.5 : -0.5) * height,
    ];
    const [x, y, z] = rotate(cuboid.rotation_wxyz, local);
    return [x + cuboid.centre_m[0], y + cuboid.centre_m[1], z + cuboid.centre_m[2]] as const;
  });
}

/** Pairs of corners that an edge joins. */
export const CUBOID_EDGES: readonly (readonly [number, number])[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((corner) =>
  [1, 2, 4].filter((bit) => (corner & bit) === 0).map((bit) => [corner, corner | bit] as const),
);

/** A point of the camera's frame of reference (OpenCV: x right, y down, z forward) in the picture; null when undefined. */
export function projectPoint(camera: CameraModel, point_camera_m: Vec3): PixelPoint | null {
  const [x, y, z] = point_camera_m;
  if (!(z > 0)) return null;
  const distorted = distort(camera, x / z, y / z);
  if (distorted === null) return null;
  const [u, v] = distorted;
  return [camera.fx_px * u + (camera.skew_px ?? 0) * v + camera.cx_px + 0.5, camera.fy_px * v + camera.cy_px + 0.5];
}

/** Whether this module knows the camera's distortion. What it does not know, it does not draw. */
export function canProject(camera: CameraModel): boolean {
  const name = camera.distortion ?? "none";
  return name === "none" || name === "brown_conrady";
}

export function projectCuboid(
  cuboid: CuboidShape,
  camera_from_frame: RigidTransform,
  camera: CameraModel,
  near_m = 0.1,
): ProjectedCuboid {
  const nothing: ProjectedCuboid = { edges_px: [], box_px: null, corners_visible: 0 };
  if (!canProject(camera)) return nothing;
  const corners = cuboidCorners(cuboid).map((corner) => apply(camera_from_frame, corner));
  const edges_px: PixelPoint[][] = [];
  for (const [a, b] of CUBOID_EDGES) {
    const clipped = clipNear(corners[a], corners[b], near_m);
    if (clipped === null) continue;
    edges_px.push(...tracedLine(camera, clipped[0], clipped[1]));
  }
  const visible = corners.filter((corner) => corner[2] >= near_m && inside(camera, projectPoint(camera, corner)));
  return { edges_px, box_px: hullBox(camera, edges_px), corners_visible: visible.length };
}

/** A straight line in space may bend in the picture: it is followed in steps, and broken where it is undefined. */
function tracedLine(camera: CameraModel, from_m: Vec3, to_m: Vec3): PixelPoint[][] {
  const bends = (camera.coefficients ?? []).some((value) => value !== 0);
  const steps = bends ? 16 : 1;
  const lines: PixelPoint[][] = [];
  let line: PixelPoint[] = [];
  for (let step = 0; step <= steps; step++) {
    const pixel = projectPoint(camera, mix(from_m, to_m, step / steps));
    if (pixel !== null) line.push(pixel);
    if ((pixel === null || step === steps) && line.length > 0) {
      if (line.length > 1) lines.push(line);
      line = [];
    }
  }
  return lines;
}

function mix(a: Vec3, b: Vec3, share: number): Vec3 {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function clipNear(a: Vec3 | undefined, b: Vec3 | undefined, near_m: number): readonly [Vec3, Vec3] | null {
  if (a === undefined || b === undefined || (a[2] < near_m && b[2] < near_m)) return null;
  if (a[2] >= near_m && b[2] >= near_m) return [a, b];
  const cut = mix(a, b, (near_m - a[2]) / (b[2] - a[2]));
  const onPlane: Vec3 = [cut[0], cut[1], near_m];
  return a[2] < near_m ? [onPlane, b] : [a, onPlane];
}

function inside(camera: CameraModel, pixel: PixelPoint | null): boolean {
  return (
    pixel !== null && pixel[0] >= 0 && pixel[1] >= 0 && pixel[0] <= camera.width_px && pixel[1] <= camera.height_px
  );
}

function hullBox(camera: CameraModel, edges_px: readonly (readonly PixelPoint[])[]): ProjectedCuboid["box_px"] {
  const points = edges_px.flat();
  if (points.length === 0) return null;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const x0 = Math.max(0, Math.min(...xs));
  const y0 = Math.max(0, Math.min(...ys));
  const x1 = Math.min(camera.width_px, Math.max(...xs));
  const y1 = Math.min(camera.height_px, Math.max(...ys));
  return x1 > x0 && y1 > y0 ? { x0, y0, x1, y1 } : null;
}

/**
 * Brown-Conrady as OpenCV orders it (k1 k2 p1 p2 k3 k4 k5 k6), on the normalised plane.
 * Beyond the radius where the polynomial stops growing it would fold the world back into the picture: null.
 */
function distort(camera: CameraModel, x: number, y: number): readonly [number, number] | null {
  const c = camera.coefficients ?? [];
  if ((camera.distortion ?? "none") === "none" || c.every((value) => value === 0)) return [x, y];
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0] = c;
  const r2 = x * x + y * y;
  const upper = 1 + r2 * (k1 + r2 * (k2 + r2 * k3));
  const lower = 1 + r2 * (k4 + r2 * (k5 + r2 * k6));
  if (!(lower > 0) || !growsUpTo(r2, [k1, k2, k3], [k4, k5, k6])) return null;
  const radial = upper / lower;
  return [x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x), y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y];
}

type Three = readonly [number, number, number];

/** Whether r * radial(r) grows everywhere from the centre to sqrt(r2), sampled on 24 radii. */
function growsUpTo(r2: number, upper: Three, lower: Three): boolean {
  const end = Math.sqrt(r2);
  let before = 0;
  for (let step = 1; step <= 24; step++) {
    const r = (end * step) / 24;
    const s = r * r;
    const over = 1 + s * (upper[0] + s * (upper[1] + s * upper[2]));
    const under = 1 + s * (lower[0] + s * (lower[1] + s * lower[2]));
    const now = (r * over) / under;
    if (!(now >= before)) return false;
    before = now;
  }
  return true;
}
