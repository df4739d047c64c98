/** Edits of cuboids and their tracks, each one undo step: made, reshaped, fitted, keyed, locked, copied on. */
import { compose, IDENTITY, invert, type RigidTransform } from "../../base/rotation";
import { carried, cuboidAt, sightings, type TimedCuboid } from "../../model/cuboid_motion";
import type { FrameTree } from "../../model/frames";
import type { CuboidShape } from "../../model/projection";
import type { Annotation, Cuboid, KeyFrame, Region, Stream, Track } from "../../model/records";
import { placedKeyFrame, withKeyFrame } from "../../model/tracks";
import { mentionsOf } from "../../store/derive";
import type { PaneContext } from "../pane";
import { framesOf } from "../shared/sample_frames";
import { type Moment, regionOf, type ShownCuboid } from "../shared/shown_cuboids";
import { resizedOnFloor } from "./cuboid_edit";
import { fitToPoints } from "./fit";
import type { PointIndex } from "./point_index";
import { readingCount, readingStart } from "./sweeps";

export interface ActionPorts {
  readonly context: PaneContext;
  readonly stream: Stream;
  moment(): Moment;
  /** The frame of reference of what is drawn. */
  frame(): string;
  points(): PointIndex | null;
  goTo(reading: number): void;
}

/** An old cuboid may leave its heading by so much when it is fitted again, and grow by so much. */
const REFIT_TURN_RAD = (15 * Math.PI) / 180;
const REFIT_ROOM_M = 0.5;

export class CuboidActions {
  readonly #ports: ActionPorts;

  constructor(ports: ActionPorts) {
    this.#ports = ports;
  }

  /** A cuboid over an outline, fitted to what stands in it; in a stream of many sweeps a track of one key frame. */
  create(seed: CuboidShape): void {
    const { context, stream } = this.#ports;
    const points = this.#ports.points();
    const fit = points === null ? null : fitToPoints(seed, points, { turn_rad: Math.PI });
    const shape = fit?.shape ?? seed;
    const { index, at_ns } = this.#ports.moment();
    const cuboid = regionOf(shape, this.#ports.frame(), IDENTITY);
    if (readingCount(stream) > 1) {
      const region: Track = { type: "track", key_frames: [{ at_ns, index, shape: cuboid }], size_locked: true };
      context.store.actions.createAnnotation({ stream: stream.id, region });
    } else context.store.actions.createAnnotation({ stream: stream.id, region: cuboid, at_ns, index });
    context.announce(
      fit === null ? "Cuboid placed; there are too few points to fit it to" : `Cuboid fitted to ${fit.count} points`,
    );
  }

  fit(shown: ShownCuboid): void {
    const { context } = this.#ports;
    const points = this.#ports.points();
    const [length, width, height] = shown.shape.size_m;
    const seed = { ...shown.shape, size_m: [length + REFIT_ROOM_M, width + REFIT_ROOM_M, height] as const };
    const locked = isLocked(shown.annotation.region) && keyCount(shown.annotation.region) > 1;
    const options = { turn_rad: REFIT_TURN_RAD, ...(locked ? { size_m: shown.shape.size_m } : {}) };
    const fit = points === null ? null : fitToPoints(seed, points, options);
    if (fit === null) {
      context.store.actions.notify("There are too few points here to fit the cuboid to", { tone: "error" });
      return;
    }
    this.reshape(shown, fit.shape, "Fit cuboid to points");
    context.announce(`Cuboid fitted to ${fit.count} points${locked ? ", size kept" : ""}`);
  }

  /** What the annotation becomes when its cuboid has this shape now. */
  regionFor(shown: ShownCuboid, shape: CuboidShape): Region {
    const { index, at_ns } = this.#ports.moment();
    const cuboid = regionOf(shape, shown.frame, shown.pane_from_frame);
    const old = shown.annotation.region;
    if (old.type !== "track") return cuboid;
    const key = old.key_frames.find((candidate) => candidate.at_ns === at_ns);
    const next = placedKeyFrame(old, { ...key, at_ns, index, shape: cuboid });
    return isLocked(next) && !sameSize(shape, shown.shape) ? allSized(next, cuboid) : next;
  }

  reshape(shown: ShownCuboid, shape: CuboidShape, reason = "Change cuboid"): void {
    const region = this.regionFor(shown, shape);
    this.#write(shown.annotation, region, reason);
  }

  #write(annotation: Annotation, region: Region, reason: string): void {
    if (region.type === "track" && annotation.region.type !== "track") {
      // A track's times are those of its key frames.
      const { at_ns: _at, index: _index, ...rest } = annotation;
      this.#ports.context.store.actions.update(reason, [{ ...rest, region }]);
    } else this.#ports.context.store.actions.update(reason, [{ ...annotation, region }]);
  }

  toggleLock(shown: ShownCuboid): void {
    const { context } = this.#ports;
    const { region } = shown.annotation;
    if (region.type !== "track") {
      context.store.actions.notify("Only a track has a size to lock; make a key frame first (K)");
      return;
    }
    const { size_locked, ...rest } = region;
    if (size_locked === true) this.#write(shown.annotation, rest, "Unlock the size");
    else {
      const cuboid = regionOf(shown.shape, shown.frame, shown.pane_from_frame);
      this.#write(shown.annotation, allSized({ ...rest, size_locked: true }, cuboid), "Lock the size");
    }
    context.announce(size_locked === true ? "Size unlocked" : "Size locked for all key frames");
  }

  /** A plain cuboid becomes a track; a track gets a key frame here, or loses the one it has. */
  toggleKey(shown: ShownCuboid): void {
    const { context } = this.#ports;
    const { region } = shown.annotation;
    const { at_ns } = this.#ports.moment();
    if (region.type !== "track") {
      this.#write(shown.annotation, this.#asTrack(shown), "Make a track");
      context.announce("Cuboid made a track");
      return;
    }
    const without = region.key_frames.filter((key) => key.at_ns !== at_ns);
    if (without.length === region.key_frames.length) {
      this.reshape(shown, shown.shape, "Set key frame");
      context.announce("Key frame set");
    } else if (without.some((key) => key.shape !== null)) {
      this.#write(shown.annotation, { ...region, key_frames: without }, "Remove key frame");
      context.announce("Key frame removed");
    } else context.store.actions.notify("A track keeps its last key frame; delete the track instead");
  }

  #asTrack(shown: ShownCuboid): Track {
    const { region } = shown.annotation;
    if (region.type === "track") return region;
    const { index, at_ns } = this.#ports.moment();
    const shape = regionOf(shown.shape, shown.frame, shown.pane_from_frame);
    return { type: "track", key_frames: [{ at_ns, index, shape }], size_locked: true };
  }

  absent(shown: ShownCuboid): void {
    const { region } = shown.annotation;
    const { index, at_ns } = this.#ports.moment();
    if (region.type !== "track") {
      this.#ports.context.store.actions.notify("Only a track can be absent; make a key frame first (K)");
      return;
    }
    const before = region.key_frames.some((key) => key.at_ns < at_ns && key.shape !== null);
    if (!before) {
      this.#ports.context.store.actions.notify("The track begins here; delete it instead");
      return;
    }
    const gone: KeyFrame = { at_ns, index, shape: null };
    this.#write(shown.annotation, withKeyFrame(region, gone), "Absent from here");
    this.#ports.context.announce("Absent from this sweep on");
  }

  /** To the neighbouring sweep, where the object will be: at rest in the world, or going on as it went. */
  passOn(shown: ShownCuboid, way: 1 | -1): void {
    const { context, stream } = this.#ports;
    const { index } = this.#ports.moment();
    const next = index + way;
    if (next < 0 || next >= readingCount(stream)) {
      context.store.actions.notify(way > 0 ? "This is the last sweep" : "This is the first sweep");
      return;
    }
    const at_ns = readingStart(stream, next);
    const track = this.#asTrack(shown);
    const known = track.key_frames.find((key) => key.at_ns === at_ns);
    if (known?.shape == null) {
      // The cuboid of the moment counts as a key frame too, so that it stays where it was seen to be.
      const moment = this.#ports.moment();
      const here = regionOf(shown.shape, shown.frame, shown.pane_from_frame);
      const held = withKeyFrame(track, { ...keyAt(track, moment.at_ns), ...moment, shape: here });
      const shape = this.#expected(held, shown, at_ns);
      this.#write(shown.annotation, withKeyFrame(held, { at_ns, index: next, shape }), "Copy to the next sweep");
    }
    this.#ports.goTo(next);
    context.announce(known?.shape == null ? `Copied to sweep ${next}` : `Sweep ${next} has a key frame already`);
  }

  #expected(track: Track, shown: ShownCuboid, media_ns: number): Cuboid {
    const { context, stream } = this.#ports;
    const tree = this.#tree();
    const { frame } = shown;
    const here = regionOf(shown.shape, frame, shown.pane_from_frame);
    if (tree === null) return here;
    const toTimeline = (at: number) => context.playhead.toTimeline(stream.id, at);
    const seen = sightings({ ...shown.annotation, region: track }, [], toTimeline, () => null, media_ns);
    const now = toTimeline(this.#ports.moment().at_ns);
    const then = toTimeline(media_ns);
    const moving = cuboidAt(seen, then, frame, tree);
    const still = seen.find((sighting): sighting is TimedCuboid => sighting.at_ns === now);
    const to = still === undefined ? null : tree.between(frame, then, still.cuboid.frame, now);
    const shape = moving ?? (to === null ? null : carried(here, to)) ?? here;
    return { type: "cuboid", frame, centre_m: shape.centre_m, size_m: here.size_m, rotation_wxyz: shape.rotation_wxyz };
  }

  #tree(): FrameTree | null {
    const { sample } = this.#ports.context.store.getState();
    return sample === null ? null : framesOf(sample);
  }

  /** Where an annotation's object is at a timeline instant, in a frame; null when it is not known. */
  objectAt(annotation: Annotation, at_ns: number, frame: string): CuboidShape | null {
    const { context, stream } = this.#ports;
    const { sample } = context.store.getState();
    const tree = this.#tree();
    if (tree === null || sample === null) return null;
    const seen = sightings(
      annotation,
      annotation.entity == null
        ? []
        : mentionsOf(sample, annotation.entity).flatMap((id) => sample.annotations.get(id)?.record ?? []),
      (media_ns) => context.playhead.toTimeline(stream.id, media_ns),
      (other) => other.at_ns ?? stream.readings?.[other.index ?? -1]?.at_ns ?? null,
      context.playhead.toMedia(stream.id, at_ns),
    );
    return cuboidAt(seen, at_ns, frame, tree);
  }
}

/** `pane_from_sweep` for points that ride on an object: out of the object then, into it now. */
export function ridingTransform(now: CuboidShape, then: CuboidShape): RigidTransform {
  const poseOf = ({ rotation_wxyz, centre_m }: CuboidShape) => ({ rotation_wxyz, translation_m: centre_m });
  return compose(poseOf(now), invert(poseOf(then)));
}

function keyAt(track: Track, at_ns: number): Partial<KeyFrame> {
  return track.key_frames.find((key) => key.at_ns === at_ns) ?? {};
}

export function isLocked(region: Region): boolean {
  return region.type === "track" && region.size_locked === true;
}

export function keyCount(region: Region): number {
  return region.type === "track" ? region.key_frames.filter((key) => key.shape !== null).length : 1;
}

function sameSize(a: CuboidShape, b: CuboidShape): boolean {
  return a.size_m.every((part, axis) => Math.abs(part - (b.size_m[axis] ?? 0)) < 1e-9);
}

/** Every key frame with one size, each standing on its own floor; the one that gave the size is left as it is. */
function allSized(track: Track, from: Cuboid): Track {
  return {
    ...track,
    key_frames: track.key_frames.map((key) => {
      if (key.shape?.type !== "cuboid" || sameSize(key.shape, from)) return key;
      return { ...key, shape: { ...key.shape, ...resizedOnFloor(key.shape, from.size_m) } };
    }),
  };
}
