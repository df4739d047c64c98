/** Edits of tracks (rules K8-K13): new tracks out of old ones, which stay as they are. */
import type { Cuboid, KeyFrame, Track, Vec3 } from "../records";
import { heldAttributes, shapeAt, type World } from "./moment";

/** An edit that a track does not allow; the message is a sentence for people. */
export class TrackError extends Error {}

/** How a key frame is made of what a track says then anyway. */
export interface Pin {
  /** The video frame or sweep that the instant belongs to. */
  readonly index?: number | undefined;
  readonly world?: World | undefined;
}

/** With a key frame; one that stands at the same time gives way. With locked size all cuboids take the new one's. */
export function withKeyFrame(track: Track, key: KeyFrame): Track {
  const changed = placedKeyFrame(track, key);
  return track.size_locked === true && key.shape?.type === "cuboid" ? withSize(changed, key.shape.size_m) : changed;
}

/** The same, for who sees to locked sizes: the other cuboids stay as they are. */
export function placedKeyFrame(track: Track, key: KeyFrame): Track {
  const others = track.key_frames.filter((other) => other.at_ns !== key.at_ns);
  const known = others.find((other) => other.shape !== null)?.shape;
  if (known != null && key.shape !== null && known.type !== key.shape.type) {
    throw new TrackError(`This track holds ${named(known.type)}, the key frame ${named(key.shape.type)}`);
  }
  return trackOf(track, [...others, key]);
}

export function withoutKeyFrame(track: Track, at_ns: number): Track {
  placeOf(track, at_ns);
  return trackOf(
    track,
    track.key_frames.filter((key) => key.at_ns !== at_ns),
  );
}

/** A key frame at another time; it loses its native anchor unless the new one is given. */
export function moveKeyFrame(track: Track, from_ns: number, to_ns: number, index?: number): Track {
  const place = placeOf(track, from_ns);
  if (to_ns !== from_ns && track.key_frames.some((key) => key.at_ns === to_ns)) {
    throw new TrackError("A key frame stands there already");
  }
  return trackOf(
    track,
    track.key_frames.map((key, at) => (at === place ? anchored(key, to_ns, index) : key)),
  );
}

/** With a key frame that says what is so then anyway: nothing else changes. */
export function pinned(track: Track, at_ns: number, pin: Pin = {}): Track {
  return trackOf(track, [...track.key_frames, asIs(track, at_ns, pin)]);
}

/** With the shape of one instant as a key frame at another. */
export function copyKeyFrame(track: Track, from_ns: number, to_ns: number, pin: Pin = {}): Track {
  const there = shapeAt(track, from_ns, { world: pin.world });
  if (there === null) throw new TrackError("Nothing is there to copy");
  return withKeyFrame(track, keyOf(to_ns, there, pin.index));
}

/** All of the track, so that its first key frame stands at `start_ns`; native anchors go. */
export function movedTo(track: Track, start_ns: number): Track {
  const by_ns = start_ns - (track.key_frames[0]?.at_ns ?? start_ns);
  return trackOf(
    track,
    track.key_frames.map((key) => anchored(key, key.at_ns + by_ns, undefined)),
  );
}

export interface Cut extends Pin {
  /** The reading before the instant, where the first part ends; by default one nanosecond earlier. */
  readonly before_ns?: number | undefined;
  readonly before_index?: number | undefined;
}

/** What is before an instant, and what is from it on; together they say what the track said. */
export function split(track: Track, at_ns: number, cut: Cut = {}): readonly [Track, Track] {
  const keys = track.key_frames;
  const end_ns = cut.before_ns ?? at_ns - 1;
  const [start, end] = [keys[0]?.at_ns ?? 0, keys.at(-1)?.at_ns ?? 0];
  if (!(start < at_ns && at_ns <= end && end_ns < at_ns)) {
    throw new TrackError("A track can be split only inside of its time");
  }
  let left = keys.filter((key) => key.at_ns < end_ns);
  if (left.length > 0) left = [...left, asIs(track, end_ns, { index: cut.before_index, world: cut.world })];
  else left = keys.filter((key) => key.at_ns < at_ns).slice(0, 1);
  const attributes = heldAttributes(keys, keys.filter((key) => key.at_ns <= at_ns).length - 1);
  const { attributes: _, ...first } = asIs(track, at_ns, cut);
  const opening = Object.keys(attributes).length > 0 ? { ...first, attributes } : first;
  return [trackOf(track, left), trackOf(track, [opening, ...keys.filter((key) => key.at_ns > at_ns)])];
}

/** Both as one. A gap longer than `bridge_ns` stays an absence; without it the thing moves across the gap. */
export function join(first: Track, second: Track, bridge_ns?: number): Track {
  const [end, start] = [first.key_frames.at(-1), second.key_frames[0]];
  const kinds = new Set([...first.key_frames, ...second.key_frames].flatMap(({ shape }) => shape?.type ?? []));
  if (end === undefined || start === undefined || start.at_ns <= end.at_ns) {
    throw new TrackError("Tracks join only one after the other");
  }
  if (kinds.size > 1) throw new TrackError(`Tracks of ${[...kinds].map(named).join(" and ")} do not join`);
  const gap = bridge_ns !== undefined && start.at_ns - end.at_ns > bridge_ns && end.shape !== null;
  const absence: readonly KeyFrame[] = gap ? [{ at_ns: end.at_ns + 1, shape: null }] : [];
  const { size_locked: _, ...joined } = trackOf(first, [...first.key_frames, ...absence, ...second.key_frames]);
  return first.size_locked === true && second.size_locked === true ? { ...joined, size_locked: true } : joined;
}

/** Every cuboid with that size about its own centre. */
export function withSize(track: Track, size_m: Vec3): Track {
  return trackOf(
    track,
    track.key_frames.map((key) =>
      key.shape?.type === "cuboid" ? { ...key, shape: { ...key.shape, size_m } satisfies Cuboid } : key,
    ),
  );
}

/** One size for the whole track from now on: the given one, else the median of its cuboids, axis by axis. */
export function withLockedSize(track: Track, size_m?: Vec3): Track {
  const sizes = track.key_frames.flatMap(({ shape }) => (shape?.type === "cuboid" ? [shape.size_m] : []));
  if (size_m === undefined && sizes.length === 0) throw new TrackError("Only tracks of cuboids have a size to lock");
  const middle = (axis: 0 | 1 | 2) => median(sizes.map((size) => size[axis]));
  return { ...withSize(track, size_m ?? [middle(0), middle(1), middle(2)]), size_locked: true };
}

/** A key frame that changes nothing: the one that stands there, else what is between its neighbours. */
function asIs(track: Track, at_ns: number, { index, world }: Pin): KeyFrame {
  const known = track.key_frames.find((key) => key.at_ns === at_ns);
  if (known !== undefined) return known;
  const [start, end] = [track.key_frames[0]?.at_ns ?? 0, track.key_frames.at(-1)?.at_ns ?? 0];
  if (!(start < at_ns && at_ns < end)) throw new TrackError("The track says nothing about that time");
  const there = shapeAt(track, at_ns, { world });
  return there === null ? anchored({ at_ns, shape: null }, at_ns, index) : keyOf(at_ns, there, index);
}

function keyOf(
  at_ns: number,
  there: { readonly shape: KeyFrame["shape"]; readonly occluded: boolean },
  index: number | undefined,
): KeyFrame {
  const key: KeyFrame = { at_ns, shape: there.shape, ...(there.occluded ? { occluded: true } : {}) };
  return anchored(key, at_ns, index);
}

function anchored({ index: _, ...key }: KeyFrame, at_ns: number, index: number | undefined): KeyFrame {
  return { ...key, at_ns, ...(index === undefined ? {} : { index }) };
}

function placeOf(track: Track, at_ns: number): number {
  const place = track.key_frames.findIndex((key) => key.at_ns === at_ns);
  if (place < 0) throw new TrackError("No key frame stands at that time");
  return place;
}

/** The track with these key frames in order of time, one per instant (the later one counts). */
function trackOf(track: Track, keys: readonly KeyFrame[]): Track {
  const byTime = new Map(keys.map((key) => [key.at_ns, key]));
  const key_frames = [...byTime.values()].sort((a, b) => a.at_ns - b.at_ns);
  if (!key_frames.some((key) => key.shape !== null)) {
    throw new TrackError("A track keeps a shape: delete the whole track instead");
  }
  return { ...track, key_frames };
}

function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = ordered.length >> 1;
  const upper = ordered[middle] ?? 0;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? upper) + upper) / 2;
}

function named(type: string): string {
  return type.replaceAll("_", " ");
}
