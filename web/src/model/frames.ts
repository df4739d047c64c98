/**
 * The tree of frames of reference: calibrations hold still, trajectories move in timeline time.
 * A transform between two frames may be asked for at two instants, so that a sweep lands where a later camera saw it.
 */
import { compose, IDENTITY, invert, type RigidTransform, slerp } from "../base/rotation";
import type { Calibration, TimedPose, Trajectory } from "./records";

/** Between poses further apart than this a moving frame's pose is missing, ... */
export const MAX_GAP_NS = 100_000_000;
/** ... save this near to one of them; and so it is this long before the first and after the last pose. */
export const MAX_EXTRAPOLATION_NS = 50_000_000;

interface Parent {
  readonly frame: string;
  parent_from_frame(at_ns: number): RigidTransform | null;
}

export class FrameTree {
  readonly #parents = new Map<string, Parent>();

  constructor(calibrations: readonly Calibration[], trajectories: readonly Trajectory[]) {
    for (const { frame, parent_frame, parent_from_frame } of calibrations) {
      if (frame !== parent_frame) {
        this.#parents.set(frame, { frame: parent_frame, parent_from_frame: () => parent_from_frame ?? IDENTITY });
      }
    }
    for (const { frame, parent_frame, poses } of trajectories) {
      if (frame !== parent_frame) {
        this.#parents.set(frame, { frame: parent_frame, parent_from_frame: (at_ns) => poseAt(poses, at_ns) });
      }
    }
  }

  /** `dst_from_src`, each at its own instant; null when they do not meet or a pose is missing. */
  between(dst: string, dst_at_ns: number, src: string, src_at_ns: number): RigidTransform | null {
    const [up, down] = [this.#line(src), this.#line(dst)];
    // With two instants what moves must be left behind: only the roots may meet. With one, the nearest ancestor does.
    const meets = src_at_ns === dst_at_ns ? up.find((frame) => down.includes(frame)) : up.at(-1);
    if (meets === undefined || !down.includes(meets)) return null;
    const meet_from_src = this.#climb(up, meets, src_at_ns);
    const meet_from_dst = this.#climb(down, meets, dst_at_ns);
    if (meet_from_src === null || meet_from_dst === null) return null;
    return compose(invert(meet_from_dst), meet_from_src);
  }

  /** The frame that carries all others of its tree: what stands still. */
  rootOf(frame: string): string {
    return this.#line(frame).at(-1) ?? frame;
  }

  /** The frame and its ancestors, nearest first; a ring ends where it would close. */
  #line(frame: string): readonly string[] {
    const line = [frame];
    for (;;) {
      const parent = this.#parents.get(line.at(-1) ?? "")?.frame;
      if (parent === undefined || line.includes(parent)) return line;
      line.push(parent);
    }
  }

  /** `end_from_first` along a line; null where a pose is missing. */
  #climb(line: readonly string[], end: string, at_ns: number): RigidTransform | null {
    let end_from_first = IDENTITY;
    for (const frame of line) {
      if (frame === end) return end_from_first;
      const step = this.#parents.get(frame)?.parent_from_frame(at_ns) ?? null;
      if (step === null) return null;
      end_from_first = compose(step, end_from_first);
    }
    return end_from_first;
  }
}

/** Linear and slerp between the poses around an instant; a little beyond them it goes on so, then is missing (rule T5). */
export function poseAt(poses: readonly TimedPose[], at_ns: number): RigidTransform | null {
  let low = 0;
  let high = poses.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((poses[middle]?.at_ns ?? Number.POSITIVE_INFINITY) <= at_ns) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [poses[low - 1], poses[low]];
  if (before?.at_ns === at_ns) return before.pose;
  const near = Math.min(
    before === undefined ? Number.POSITIVE_INFINITY : at_ns - before.at_ns,
    after === undefined ? Number.POSITIVE_INFINITY : after.at_ns - at_ns,
  );
  if (before === undefined || after === undefined) {
    const nearest = before ?? after;
    if (nearest === undefined || near > MAX_EXTRAPOLATION_NS) return null;
    const other = poses[before === undefined ? 1 : low - 2];
    if (other === undefined || Math.abs(other.at_ns - nearest.at_ns) > MAX_GAP_NS) return nearest.pose;
    return mixPoses(nearest.pose, other.pose, (at_ns - nearest.at_ns) / (other.at_ns - nearest.at_ns));
  }
  if (after.at_ns - before.at_ns > MAX_GAP_NS && near > MAX_EXTRAPOLATION_NS) return null;
  return mixPoses(before.pose, after.pose, (at_ns - before.at_ns) / (after.at_ns - before.at_ns));
}

export function mixPoses(from: RigidTransform, to: RigidTransform, share: number): RigidTransform {
  const [a, b] = [from.translation_m, to.translation_m];
  return {
    rotation_wxyz: slerp(from.rotation_wxyz, to.rotation_wxyz, share),
    translation_m: [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share],
  };
}
