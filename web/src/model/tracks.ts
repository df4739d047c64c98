/**
 * The shape of a track at a media time: linear between key frames, the shortest turn for rotations.
 * Absent before the first key frame and from a key frame without shape on; the last shape is held.
 */
import { slerp } from "../base/rotation";
import type { KeyFrame, Keypoints, Point, RotatedBox, Shape, Track, Vec3 } from "./records";

export interface TrackMoment {
  readonly shape: Shape;
  /** Whether a person's key frame stands at exactly this time. */
  readonly keyed: boolean;
  readonly occluded: boolean;
}

/** Index of the last key frame that is not after the time; -1 when there is none. */
export function keyFrameBefore(key_frames: readonly KeyFrame[], at_ns: number): number {
  let low = 0;
  let high = key_frames.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((key_frames[middle]?.at_ns ?? Number.POSITIVE_INFINITY) <= at_ns) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function shapeAt(track: Track, at_ns: number): TrackMoment | null {
  const index = keyFrameBefore(track.key_frames, at_ns);
  const before = track.key_frames[index];
  if (before === undefined || before.shape === null) return null;
  const occluded = before.occluded ?? false;
  if (before.at_ns === at_ns) return { shape: before.shape, keyed: true, occluded };
  const after = track.key_frames[index + 1];
  if (after === undefined || after.shape === null) return { shape: before.shape, keyed: false, occluded };
  const share = (at_ns - before.at_ns) / (after.at_ns - before.at_ns);
  return { shape: between(before.shape, after.shape, share), keyed: false, occluded };
}

/** The same track with a key frame at `at_ns`: editing an interpolated moment makes one. */
export function withKeyFrame(track: Track, key_frame: KeyFrame): Track {
  const rest = track.key_frames.filter((other) => other.at_ns !== key_frame.at_ns);
  return { ...track, key_frames: [...rest, key_frame].sort((a, b) => a.at_ns - b.at_ns) };
}

/** Between two shapes of one kind; of different kinds, or of outlines that do not match, the first is held. */
function between(a: Shape, b: Shape, share: number): Shape {
  const mix = (from: number, to: number) => from + (to - from) * share;
  const mixPoints = (from: readonly Point[], to: readonly Point[]): readonly Point[] =>
    from.map(([x, y], index) => [mix(x, to[index]?.[0] ?? x), mix(y, to[index]?.[1] ?? y)] as const);
  if (a.type === "box" && b.type === "box") {
    return {
      type: "box",
      x0_px: mix(a.x0_px, b.x0_px),
      y0_px: mix(a.y0_px, b.y0_px),
      x1_px: mix(a.x1_px, b.x1_px),
      y1_px: mix(a.y1_px, b.y1_px),
    };
  }
  if (a.type === "rotated_box" && b.type === "rotated_box") return mixRotated(a, b, mix);
  if (a.type === "keypoints" && b.type === "keypoints") return mixKeypoints(a, b, share);
  if (a.type === "polyline" && b.type === "polyline" && a.points_px.length === b.points_px.length) {
    return { ...a, points_px: mixPoints(a.points_px, b.points_px) };
  }
  if (a.type === "polygon" && b.type === "polygon" && sameRings(a.rings_px, b.rings_px) && !a.holes_px?.length) {
    return { ...a, rings_px: a.rings_px.map((ring, index) => mixPoints(ring, b.rings_px[index] ?? ring)) };
  }
  if (a.type === "cuboid" && b.type === "cuboid" && a.frame === b.frame) {
    const mix3 = (from: Vec3, to: Vec3): Vec3 => [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])];
    return {
      ...a,
      centre_m: mix3(a.centre_m, b.centre_m),
      size_m: mix3(a.size_m, b.size_m),
      rotation_wxyz: slerp(a.rotation_wxyz, b.rotation_wxyz, share),
    };
  }
  return a;
}

function mixRotated(a: RotatedBox, b: RotatedBox, mix: (from: number, to: number) => number): RotatedBox {
  const turn = b.angle_rad - a.angle_rad;
  const shortest = turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
  return {
    type: "rotated_box",
    cx_px: mix(a.cx_px, b.cx_px),
    cy_px: mix(a.cy_px, b.cy_px),
    width_px: mix(a.width_px, b.width_px),
    height_px: mix(a.height_px, b.height_px),
    angle_rad: mix(a.angle_rad, a.angle_rad + shortest),
  };
}

/** Joints by name; the visibility of the earlier one holds. */
function mixKeypoints(a: Keypoints, b: Keypoints, share: number): Keypoints {
  const later = new Map(b.points.map((point) => [point.name, point]));
  return {
    type: "keypoints",
    points: a.points.map((point) => {
      const to = later.get(point.name) ?? point;
      return {
        ...point,
        x_px: point.x_px + (to.x_px - point.x_px) * share,
        y_px: point.y_px + (to.y_px - point.y_px) * share,
      };
    }),
  };
}

function sameRings(a: readonly (readonly Point[])[], b: readonly (readonly Point[])[]): boolean {
  return a.length === b.length && a.every((ring, index) => ring.length === b[index]?.length);
}
