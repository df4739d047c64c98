/**
 * Where the object of a cuboid is at an instant, in the frame that stands still (rule S3): interpolated between its key
 * frames in the world, carried on at its own speed a little beyond them, and at rest when only one is known.
 */
import { apply, multiply, normalise, type RigidTransform, slerp } from "../base/rotation";
import { type FrameTree, mixPoses } from "./frames";
import type { CuboidShape } from "./projection";
import type { Annotation, Cuboid } from "./records";
import { keyFrameBefore } from "./tracks";

/** A cuboid is followed so far beyond the first and the last of its key frames. */
export const MAX_CARRY_NS = 150_000_000;

/** Key frames to either side that are enough to say where an object is. */
const AROUND = 3;

export interface TimedCuboid {
  /** Timeline time. */
  readonly at_ns: number;
  readonly cuboid: Cuboid;
}

/** The cuboids that say where an annotation's object is: its key frames, or those of its entity in the same stream. */
export function sightings(
  annotation: Annotation,
  siblings: Iterable<Annotation>,
  toTimeline: (media_ns: number) => number,
  mediaOf: (annotation: Annotation) => number | null,
  /** Media time about which is asked: of a long track only what lies around it is looked at. */
  about_ns: number,
): readonly TimedCuboid[] {
  const { region, entity } = annotation;
  if (region.type === "track") {
    const here = keyFrameBefore(region.key_frames, about_ns);
    return region.key_frames
      .slice(Math.max(0, here - AROUND), here + AROUND + 1)
      .flatMap(({ at_ns, shape }) => (shape?.type === "cuboid" ? [{ at_ns: toTimeline(at_ns), cuboid: shape }] : []));
  }
  const seen: TimedCuboid[] = [];
  const all = entity == null ? [annotation] : siblings;
  for (const other of all) {
    if (other.id !== annotation.id && (other.entity !== entity || other.stream !== annotation.stream)) continue;
    const media_ns = mediaOf(other);
    if (other.region.type === "cuboid" && media_ns !== null) {
      seen.push({ at_ns: toTimeline(media_ns), cuboid: other.region });
    }
  }
  return seen.sort((a, b) => a.at_ns - b.at_ns);
}

export function carried(cuboid: CuboidShape, dst_from_src: RigidTransform): CuboidShape {
  return {
    centre_m: apply(dst_from_src, cuboid.centre_m),
    size_m: cuboid.size_m,
    rotation_wxyz: normalise(multiply(dst_from_src.rotation_wxyz, cuboid.rotation_wxyz)),
  };
}

/** The shape in `frame` (where that is at `at_ns`); null when poses are missing or the object is not known then. */
export function cuboidAt(
  seen: readonly TimedCuboid[],
  at_ns: number,
  frame: string,
  tree: FrameTree,
): CuboidShape | null {
  const after = seen.findIndex((sighting) => sighting.at_ns >= at_ns);
  const place = after < 0 ? seen.length : after;
  const here = seen[place];
  const placed = (sighting: TimedCuboid) => {
    const to = tree.between(frame, at_ns, sighting.cuboid.frame, sighting.at_ns);
    return to === null ? null : carried(sighting.cuboid, to);
  };
  if (here?.at_ns === at_ns) return placed(here);
  const [from, to] =
    place === 0 ? [seen[0], seen[1]] : place === seen.length ? seen.slice(-2) : [seen[place - 1], here];
  if (from === undefined) return null;
  const first = placed(from);
  if (first === null || to === undefined) return near(at_ns, from) ? first : null;
  const second = placed(to);
  const beyond = at_ns < from.at_ns ? from : at_ns > to.at_ns ? to : null;
  if (second === null || (beyond !== null && !near(at_ns, beyond))) return null;
  const share = (at_ns - from.at_ns) / (to.at_ns - from.at_ns);
  const size = share < 0 || share > 1 ? (beyond === from ? first : second).size_m : first.size_m;
  const pose = mixPoses(poseOf(first), poseOf(second), share);
  const inside = share >= 0 && share <= 1;
  const mixed = [0, 1, 2].map((axis) => (first.size_m[axis] ?? 0) * (1 - share) + (second.size_m[axis] ?? 0) * share);
  return {
    centre_m: pose.translation_m,
    size_m: inside ? [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0] : size,
    // Beyond the ends only the speed is carried on, not the turn.
    rotation_wxyz: inside ? pose.rotation_wxyz : slerp(first.rotation_wxyz, second.rotation_wxyz, share < 0 ? 0 : 1),
  };
}

function near(at_ns: number, { at_ns: known_ns }: TimedCuboid): boolean {
  return Math.abs(at_ns - known_ns) <= MAX_CARRY_NS;
}

function poseOf(shape: CuboidShape): RigidTransform {
  return { rotation_wxyz: shape.rotation_wxyz, translation_m: shape.centre_m };
}
