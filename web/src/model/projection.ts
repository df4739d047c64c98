/** Cuboids in camera pictures (rules S3 and S4): clipped at the near plane, what is hidden told apart, truncation measured. */
import { apply, type QuatWxyz, type RigidTransform, rotate, type Vec3 } from "../base/rotation";
import { type CameraModel, canProject, isStraight, type PixelPoint, projectPoint, seesBehind } from "./lenses";
import { areaOf, type Bounds, boundsOf, convexHull, cutTo } from "./outlines";

export { type CameraModel, canProject, type PixelPoint, projectPoint } from "./lenses";

/** Nothing nearer than this to the camera's plane is drawn. */
export const NEAR_M = 0.1;
/** Edges are followed in so many steps by lenses that bend them. */
const EDGE_STEPS = 8;
const ROLLING_STEPS = 2;

export interface CuboidShape {
  readonly centre_m: Vec3;
  /** Length along local x, width along y, height along z. */
  readonly size_m: Vec3;
  readonly rotation_wxyz: QuatWxyz;
}

export interface ProjectedLine {
  readonly points_px: readonly PixelPoint[];
  /** On the far side of the cuboid: drawn dashed. */
  readonly hidden: boolean;
}

export interface ProjectedCuboid {
  /** The edges, in edge coordinates; those that cross the near plane are cut there. */
  readonly lines: readonly ProjectedLine[];
  /** From the middle of the floor to the middle of its front: where the object heads. */
  readonly heading: readonly PixelPoint[];
  /** Bounds of all that is before the camera; null when nothing is. */
  readonly amodal_px: Bounds | null;
  /** Bounds of the part inside the picture; null when nothing is. */
  readonly visible_px: Bounds | null;
  /** 1 - visible area / amodal area of the outline. */
  readonly truncation: number;
  /** Of the centre, along the camera's axis. */
  readonly depth_m: number;
}

/** The corners in order of sign bits: bit 0 x, bit 1 y, bit 2 z; set means the positive side. */
export function cuboidCorners(cuboid: CuboidShape): readonly Vec3[] {
  return Array.from({ length: 8 }, (_, corner) =>
    placeOn(cuboid, corner & 1 ? 1 : -1, corner & 2 ? 1 : -1, corner & 4 ? 1 : -1),
  );
}

/** A place on the cuboid, each part -1..1 from one face to the other. */
export function placeOn(shape: CuboidShape, x: number, y: number, z: number): Vec3 {
  const [length, width, height] = shape.size_m;
  const [a, b, c] = rotate(shape.rotation_wxyz, [(x * length) / 2, (y * width) / 2, (z * height) / 2]);
  return [shape.centre_m[0] + a, shape.centre_m[1] + b, shape.centre_m[2] + c];
}

/** Pairs of corners that an edge joins. */
export const CUBOID_EDGES: readonly (readonly [number, number])[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((corner) =>
  [1, 2, 4].filter((bit) => (corner & bit) === 0).map((bit) => [corner, corner | bit] as const),
);

/** An edge is hidden when both faces it joins look away from `eye_m`; from inside nothing is. */
export function hiddenEdges(cuboid: CuboidShape, eye_m: Vec3): readonly boolean[] {
  const [dx, dy, dz] = [0, 1, 2].map((axis) => (eye_m[axis] ?? 0) - (cuboid.centre_m[axis] ?? 0)) as [
    number,
    number,
    number,
  ];
  const [w, x, y, z] = cuboid.rotation_wxyz;
  const local = rotate([w, -x, -y, -z], [dx, dy, dz]);
  /** Which side of each axis the eye sees: 1, -1, or 0 for neither. */
  const seen = local.map((place, axis) => {
    const half = (cuboid.size_m[axis] ?? 0) / 2;
    return place > half ? 1 : place < -half ? -1 : 0;
  });
  const inside = seen.every((side) => side === 0);
  return CUBOID_EDGES.map(([from, to]) => {
    const along = from ^ to;
    return !inside && [1, 2, 4].every((bit, axis) => bit === along || seen[axis] !== ((from & bit) === 0 ? -1 : 1));
  });
}

export function projectCuboid(
  cuboid: CuboidShape,
  camera_from_frame: RigidTransform,
  camera: CameraModel,
  /** Where it stands when the last row of pixels is read (rolling shutter); `camera_from_frame` is the first row's then. */
  last_row_camera_from_frame: RigidTransform | null = null,
): ProjectedCuboid | null {
  if (!canProject(camera)) return null;
  const placed = (places: readonly Vec3[]) => {
    const first = places.map((place) => apply(camera_from_frame, place));
    if (last_row_camera_from_frame === null) return first;
    return rolled(
      camera,
      first,
      places.map((place) => apply(last_row_camera_from_frame, place)),
    );
  };
  const corners = placed(cuboidCorners(cuboid));
  const { rotation_wxyz: q, translation_m: t } = camera_from_frame;
  const eye = rotate([q[0], -q[1], -q[2], -q[3]], [-t[0], -t[1], -t[2]]);
  const hidden = hiddenEdges(cuboid, eye);
  const lines = CUBOID_EDGES.flatMap(([a, b], edge) =>
    traced(camera, corners[a], corners[b]).map((points_px) => ({ points_px, hidden: hidden[edge] ?? false })),
  );
  const pixels = lines.flatMap((line) => line.points_px);
  if (pixels.length < 3) return null;
  const hull = convexHull(pixels);
  const seen = cutTo(hull, { x0: 0, y0: 0, x1: camera.width_px, y1: camera.height_px });
  const area = areaOf(hull);
  const visible = seen.length >= 3 ? areaOf(seen) : 0;
  const [floor, front] = placed([placeOn(cuboid, 0, 0, -1), placeOn(cuboid, 1, 0, -1)]);
  return {
    lines,
    heading: traced(camera, floor, front)[0] ?? [],
    amodal_px: boundsOf(hull),
    visible_px: visible > 0 ? boundsOf(seen) : null,
    truncation: area <= 0 ? 1 : Math.min(1, Math.max(0, 1 - visible / area)),
    depth_m: corners.reduce((sum, corner) => sum + corner[2], 0) / corners.length,
  };
}

/** Each point at the time of its own row: two steps of a fixed point. A point without a picture goes with the mean. */
function rolled(camera: CameraModel, first_m: readonly Vec3[], last_m: readonly Vec3[]): readonly Vec3[] {
  let shares = first_m.map(() => 0);
  const at = () => first_m.map((point, index) => mix(point, last_m[index] ?? point, shares[index] ?? 0));
  for (let step = 0; step < ROLLING_STEPS; step++) {
    const rows = at().map((point) => {
      const pixel = projectPoint(camera, point);
      return pixel === null ? null : pixel[1] / camera.height_px;
    });
    const seen = rows.filter((row) => row !== null);
    const mean = seen.length === 0 ? 0.5 : seen.reduce((sum, row) => sum + row, 0) / seen.length;
    shares = rows.map((row) => Math.min(1, Math.max(0, row ?? mean)));
  }
  return at();
}

/**
 * What lies before the near plane of a line in space. It may bend in the picture, and break where that is undefined.
 * Lenses that see behind their plane leave out only what is nearer than that to the camera.
 */
function traced(camera: CameraModel, from_m: Vec3 | undefined, to_m: Vec3 | undefined): PixelPoint[][] {
  const wide = seesBehind(camera);
  const clipped = wide ? whole(from_m, to_m) : clipNear(from_m, to_m);
  if (clipped === null) return [];
  const steps = isStraight(camera) ? 1 : EDGE_STEPS;
  const lines: PixelPoint[][] = [];
  let line: PixelPoint[] = [];
  for (let step = 0; step <= steps; step++) {
    const [x, y, z] = mix(clipped[0], clipped[1], step / steps);
    const pixel = wide && x * x + y * y + z * z < NEAR_M * NEAR_M ? null : projectPoint(camera, [x, y, z]);
    if (pixel !== null) line.push(pixel);
    if ((pixel === null || step === steps) && line.length > 0) {
      lines.push(line);
      line = [];
    }
  }
  return lines;
}

function mix(a: Vec3, b: Vec3, share: number): Vec3 {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function whole(a: Vec3 | undefined, b: Vec3 | undefined): readonly [Vec3, Vec3] | null {
  return a === undefined || b === undefined ? null : [a, b];
}

function clipNear(a: Vec3 | undefined, b: Vec3 | undefined): readonly [Vec3, Vec3] | null {
  if (a === undefined || b === undefined || (a[2] < NEAR_M && b[2] < NEAR_M)) return null;
  if (a[2] >= NEAR_M && b[2] >= NEAR_M) return [a, b];
  const cut = mix(a, b, (NEAR_M - a[2]) / (b[2] - a[2]));
  const onPlane: Vec3 = [cut[0], cut[1], NEAR_M];
  return a[2] < NEAR_M ? [onPlane, b] : [a, onPlane];
}
