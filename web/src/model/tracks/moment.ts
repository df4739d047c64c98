/** Where a track is at a media time (rules K1-K7): linear in time, never in the number of the video frame. */
import type { RigidTransform } from "../../base/rotation";
import type { Attributes, KeyFrame, Shape, Track } from "../records";
import { onCubic } from "./cubic";
import { betweenShapes } from "./shapes";

/** `root_from_frame` at a media time of the track's stream; null where that pose is missing. */
export type World = (frame: string, media_ns: number) => RigidTransform | null;

export interface TrackMoment {
  readonly shape: Shape;
  /** Whether a key frame stands at exactly this time. */
  readonly keyed: boolean;
  /** Whether the shape is an earlier one, unchanged. */
  readonly held: boolean;
  readonly occluded: boolean;
  readonly attributes: Attributes;
}

export interface MomentOptions {
  /** Where cuboids' frames stand, so that they move straight there and not in a turning vehicle. */
  readonly world?: World | undefined;
  /** "cubic": centres run on a curve where there are three or more key frames. */
  readonly motion?: "linear" | "cubic";
  /** The last key frame answers for all later times, too. */
  readonly hold?: boolean;
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

/** The track at a media time of its stream; null where the thing is absent. */
export function shapeAt(track: Track, at_ns: number, options: MomentOptions = {}): TrackMoment | null {
  const keys = track.key_frames;
  const place = keyFrameBefore(keys, at_ns);
  const before = keys[place];
  if (before === undefined || before.shape === null) return null;
  const moment = (shape: Shape, keyed: boolean, held: boolean): TrackMoment => ({
    shape,
    keyed,
    held,
    occluded: before.occluded ?? false,
    attributes: heldAttributes(keys, place),
  });
  if (before.at_ns === at_ns) return moment(before.shape, true, false);
  const after = keys[place + 1];
  if (after === undefined) return options.hold ? moment(before.shape, false, true) : null;
  if (after.shape === null) return moment(before.shape, false, true);
  const times = { a_ns: before.at_ns, b_ns: after.at_ns, at_ns };
  const straight = betweenShapes(before.shape, after.shape, times, options.world);
  if (straight === null) return moment(before.shape, false, true);
  const shape = options.motion === "cubic" ? onCubic(keys, place, at_ns, straight, options.world) : straight;
  return moment(shape, false, false);
}

/** What the key frames up to `place` say: each attribute as it was set last. */
export function heldAttributes(keys: readonly KeyFrame[], place: number): Attributes {
  return Object.assign({}, ...keys.slice(0, place + 1).map((key) => key.attributes ?? {}));
}
