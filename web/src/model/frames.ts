/**
 * The tree of frames of reference: calibrations hold still, trajectories move in timeline time.
 * A transform between two frames may be asked for at two instants, so that a sweep lands where a later camera saw it.
 */
import { compose, IDENTITY, invert, type RigidTransform, slerp } from "../base/rotation";
import type { Calibration, TimedPose, Trajectory } from "./records";

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

  /** `dst_from_src`, each at its own instant, through their nearest common frame; null when they do not meet. */
  between(dst: string, dst_at_ns: number, src: string, src_at_ns: number): RigidTransform | null {
    // With two instants what moves must be left behind: only the roots may meet. With one, the nearest ancestor does.
    const up = this.#chain(src, src_at_ns);
    const down = this.#chain(dst, dst_at_ns);
    const meets = src_at_ns === dst_at_ns ? [...up.keys()].find((frame) => down.has(frame)) : lastKey(up);
    if (meets === undefined) return null;
    const meet_from_src = up.get(meets);
    const meet_from_dst = down.get(meets);
    if (meet_from_src === undefined || meet_from_dst === undefined) return null;
    return compose(invert(meet_from_dst), meet_from_src);
  }

  /** `ancestor_from_frame` for the frame and all its ancestors, nearest first; ends where a pose is missing. */
  #chain(frame: string, at_ns: number): Map<string, RigidTransform> {
    const chain = new Map<string, RigidTransform>([[frame, IDENTITY]]);
    let here = frame;
    let here_from_frame = IDENTITY;
    for (;;) {
      const parent = this.#parents.get(here);
      const step = parent?.parent_from_frame(at_ns) ?? null;
      if (parent === undefined || step === null || chain.has(parent.frame)) return chain;
      here_from_frame = compose(step, here_from_frame);
      here = parent.frame;
      chain.set(here, here_from_frame);
    }
  }
}

function lastKey<K>(map: ReadonlyMap<K, unknown>): K | undefined {
  return [...map.keys()].at(-1);
}

/** Linear and slerp between the poses around an instant; missing outside them (rule T5). */
export function poseAt(poses: readonly TimedPose[], at_ns: number): RigidTransform | null {
  const after = poses.findIndex((pose) => pose.at_ns >= at_ns);
  const to = poses[after];
  if (to === undefined) return null;
  if (to.at_ns === at_ns) return to.pose;
  const from = poses[after - 1];
  if (from === undefined) return null;
  const share = (at_ns - from.at_ns) / (to.at_ns - from.at_ns);
  const [a, b] = [from.pose.translation_m, to.pose.translation_m];
  return {
    rotation_wxyz: slerp(from.pose.rotation_wxyz, to.pose.rotation_wxyz, share),
    translation_m: [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share],
  };
}
