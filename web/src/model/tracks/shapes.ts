/** Between two shapes of one kind (rules K3-K6). What cannot be mixed holds: the answer is null. */
import { compose, invert, type RigidTransform, slerp } from "../../base/rotation";
import type { Cuboid, Keypoints, Shape, Vec3 } from "../records";
import type { World } from "./moment";
import { betweenPolygons, betweenPolylines } from "./outlines";

/** Media times of the two shapes and of the one between them. */
export interface Times {
  readonly a_ns: number;
  readonly b_ns: number;
  readonly at_ns: number;
}

export function betweenShapes(a: Shape, b: Shape, times: Times, world: World | undefined): Shape | null {
  const weight = (times.at_ns - times.a_ns) / (times.b_ns - times.a_ns);
  if (a.type === "box" && b.type === "box") {
    return {
      type: "box",
      x0_px: mix(a.x0_px, b.x0_px, weight),
      y0_px: mix(a.y0_px, b.y0_px, weight),
      x1_px: mix(a.x1_px, b.x1_px, weight),
      y1_px: mix(a.y1_px, b.y1_px, weight),
    };
  }
  if (a.type === "rotated_box" && b.type === "rotated_box") {
    return {
      type: "rotated_box",
      cx_px: mix(a.cx_px, b.cx_px, weight),
      cy_px: mix(a.cy_px, b.cy_px, weight),
      width_px: mix(a.width_px, b.width_px, weight),
      height_px: mix(a.height_px, b.height_px, weight),
      angle_rad: a.angle_rad + weight * shortestTurn(b.angle_rad - a.angle_rad),
    };
  }
  if (a.type === "polygon" && b.type === "polygon") return betweenPolygons(a, b, weight);
  if (a.type === "polyline" && b.type === "polyline") return betweenPolylines(a, b, weight);
  if (a.type === "keypoints" && b.type === "keypoints") return betweenKeypoints(a, b, weight);
  if (a.type === "cuboid" && b.type === "cuboid") return betweenCuboids(a, b, weight, times, world);
  return null;
}

export function mix(a: number, b: number, weight: number): number {
  return a + weight * (b - a);
}

export function mix3(a: Vec3, b: Vec3, weight: number): Vec3 {
  return [mix(a[0], b[0], weight), mix(a[1], b[1], weight), mix(a[2], b[2], weight)];
}

/** The same turn within (-pi, pi]. */
export function shortestTurn(turn_rad: number): number {
  const whole = 2 * Math.PI;
  return turn_rad - whole * Math.ceil(turn_rad / whole - 0.5);
}

/** Joints by name; visibility holds, and so does a joint that is not labelled at both. */
function betweenKeypoints(a: Keypoints, b: Keypoints, weight: number): Keypoints {
  const later = new Map(b.points.filter((point) => point.visibility > 0).map((point) => [point.name, point]));
  return {
    type: "keypoints",
    points: a.points.map((point) => {
      const to = later.get(point.name);
      if (to === undefined || point.visibility === 0) return point;
      return { ...point, x_px: mix(point.x_px, to.x_px, weight), y_px: mix(point.y_px, to.y_px, weight) };
    }),
  };
}

/** Straight and on the shortest arc in the world, answered in the frame of `a`; in that frame without a world. */
function betweenCuboids(a: Cuboid, b: Cuboid, weight: number, times: Times, world: World | undefined): Cuboid | null {
  const [one, other] = [poseOf(a), poseOf(b)];
  const root_from_a = world?.(a.frame, times.a_ns) ?? null;
  const root_from_b = world?.(b.frame, times.b_ns) ?? null;
  const root_from_here = world?.(a.frame, times.at_ns) ?? null;
  let here: RigidTransform | null = null;
  if (root_from_a !== null && root_from_b !== null && root_from_here !== null) {
    const there = betweenPoses(compose(root_from_a, one), compose(root_from_b, other), weight);
    here = compose(invert(root_from_here), there);
  } else if (a.frame === b.frame) here = betweenPoses(one, other, weight);
  if (here === null) return null;
  return {
    type: "cuboid",
    frame: a.frame,
    centre_m: here.translation_m,
    size_m: mix3(a.size_m, b.size_m, weight),
    rotation_wxyz: here.rotation_wxyz,
  };
}

function betweenPoses(a: RigidTransform, b: RigidTransform, weight: number): RigidTransform {
  return {
    rotation_wxyz: slerp(a.rotation_wxyz, b.rotation_wxyz, weight),
    translation_m: mix3(a.translation_m, b.translation_m, weight),
  };
}

/** `frame_from_cuboid`. */
function poseOf({ rotation_wxyz, centre_m }: Cuboid): RigidTransform {
  return { rotation_wxyz, translation_m: centre_m };
}
