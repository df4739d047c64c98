/** What the keys do to the selected tracks, at the reading under the playhead. Each is one change set. */
import { newId } from "../base/ids";
import type { Op } from "../model/changes";
import type { Annotation, KeyFrame, Shape, Stream, Track } from "../model/records";
import {
  copyKeyFrame,
  join,
  keyFrameBefore,
  pinned,
  shapeAt,
  split,
  suggestions,
  suggestionTolerance,
  TrackError,
  type World,
  withKeyFrame,
  withoutKeyFrame,
  worldOf,
} from "../model/tracks";
import { framesOf } from "../panes/shared/sample_frames";
import { medianPeriod } from "../playhead/reading_at";
import { type Anchor, anchorAt, anchorBeside, seekMedia, ticksOf } from "../playhead/ticks";
import type { WorkspaceState } from "../store/workspace";
import type { Workbench } from "./workbench";

type OnTrack = Annotation & { readonly region: Track };

export function isTrack(annotation: Annotation): annotation is OnTrack {
  return annotation.region.type === "track";
}

export function selectedAnnotations({ sample, selection }: WorkspaceState): readonly Annotation[] {
  return [...selection].flatMap((id) => sample?.annotations.get(id)?.record ?? []);
}

export function hasTrack(state: WorkspaceState): boolean {
  return selectedAnnotations(state).some(isTrack);
}

const SHAPES = new Set(["box", "rotated_box", "polygon", "polyline", "mask", "keypoints", "cuboid"]);

/** A shape that may become a key frame: one with a time, on a stream that goes on. */
export function hasTimedShape(state: WorkspaceState): boolean {
  return selectedAnnotations(state).some(
    ({ region, at_ns, index }) => SHAPES.has(region.type) && (at_ns != null || index != null),
  );
}

/** Where cuboids' frames stand, so that what lies between key frames is what the panes show. */
function worldFor({ store, playhead }: Workbench, stream: Stream): World | undefined {
  const { sample } = store.getState();
  return sample === null ? undefined : worldOf(framesOf(sample), (at_ns) => playhead.toTimeline(stream.id, at_ns));
}

function streamOf(bench: Workbench, annotation: Annotation): Stream | undefined {
  return bench.store.getState().sample?.streams.get(annotation.stream)?.record;
}

/** The key frame that belongs to a reading: at its time, or later before the next reading. */
function keyAt(bench: Workbench, { region }: OnTrack, stream: Stream, anchor: Anchor): KeyFrame | null {
  const times = ticksOf(bench.playhead, stream)?.times_ns ?? [];
  const end_ns = anchor.index === undefined ? anchor.at_ns + 1 : (times[anchor.index + 1] ?? anchor.at_ns + 1);
  return region.key_frames.find((key) => key.at_ns >= anchor.at_ns && key.at_ns < end_ns) ?? null;
}

/** The reading under the playhead, and the key frame that stands there. */
interface Moment extends Anchor {
  readonly key: KeyFrame | null;
  readonly stream: Stream;
  readonly world: World | undefined;
}

type Edit = (track: Track, moment: Moment) => Track;

function editTracks(bench: Workbench, reason: string, edit: Edit): boolean {
  const { store, playhead, announce } = bench;
  playhead.pause();
  const changed: Annotation[] = [];
  for (const annotation of selectedAnnotations(store.getState()).filter(isTrack)) {
    const stream = streamOf(bench, annotation);
    if (stream === undefined) continue;
    const at = anchorAt(playhead, stream);
    const moment = { ...at, key: keyAt(bench, annotation, stream, at), stream, world: worldFor(bench, stream) };
    try {
      changed.push({ ...annotation, region: edit(annotation.region, moment) });
    } catch (error) {
      if (!(error instanceof TrackError)) throw error;
      store.actions.notify(error.message);
    }
  }
  if (changed.length === 0) return false;
  store.actions.update(reason, changed);
  announce(reason);
  return true;
}

/** Outside of its time a track is lengthened: the shape of its nearer end stands there, too. */
export function addKeyFrame(bench: Workbench): void {
  editTracks(bench, "Add a key frame", (track, { at_ns, index, key, world }) => {
    if (key !== null) throw new TrackError("A key frame stands here already");
    const [first, last] = [track.key_frames[0], track.key_frames.at(-1)];
    const end =
      first !== undefined && at_ns < first.at_ns ? first : last !== undefined && at_ns > last.at_ns ? last : null;
    if (end === null) return pinned(track, at_ns, { index, world });
    if (end.shape === null) throw new TrackError("The track has ended: bring it back with O");
    return withKeyFrame(track, keyFrame(at_ns, index, end.shape, end.occluded));
  });
}

export function removeKeyFrame(bench: Workbench): void {
  editTracks(bench, "Remove the key frame", (track, { key }) => {
    if (key === null) throw new TrackError("No key frame stands here");
    return withoutKeyFrame(track, key.at_ns);
  });
}

/** Absent from here to the next key frame, or back in sight from here on with the shape it had last. */
export function toggleOutside(bench: Workbench): void {
  editTracks(bench, "Change where the track is outside", (track, { at_ns, index, key, stream, world }) => {
    const at = key?.at_ns ?? at_ns;
    const there = shapeAt(track, at, { world });
    if (there !== null) {
      // Its way up to here stays what it was: the reading before keeps the shape that it showed.
      const before = anchorBeside(bench.playhead, stream, -1);
      const moves = !there.keyed && !there.held && before !== null && before.at_ns < at;
      const kept =
        moves && shapeAt(track, before.at_ns) !== null ? pinned(track, before.at_ns, { ...before, world }) : track;
      return withKeyFrame(kept, keyFrame(at, index, null));
    }
    const place = keyFrameBefore(track.key_frames, at);
    const before = track.key_frames.slice(0, place + 1).findLast(({ shape }) => shape !== null);
    const shape = before?.shape ?? track.key_frames.find((other) => other.shape !== null)?.shape ?? null;
    return withKeyFrame(track, keyFrame(at, index, shape));
  });
}

export function toggleOccluded(bench: Workbench): void {
  editTracks(bench, "Change where the track is occluded", (track, { at_ns, index, key, world }) => {
    const at = key?.at_ns ?? at_ns;
    const there = shapeAt(track, at, { world });
    if (there === null) throw new TrackError("The track is outside here");
    const { occluded: _, ...rest } = key ?? keyFrame(at, index, there.shape);
    return withKeyFrame(track, there.occluded ? rest : { ...rest, occluded: true });
  });
}

/** The shape shown here goes onto the next key frame; after the last one, onto the next reading. */
export function copyToNext(bench: Workbench): void {
  let seek = () => {};
  const changed = editTracks(bench, "Copy to the next key frame", (track, { at_ns, key, stream, world }) => {
    const from_ns = key?.at_ns ?? at_ns;
    const next = track.key_frames.find((other) => other.at_ns > from_ns && other.shape !== null);
    const beside = next ?? anchorBeside(bench.playhead, stream, 1);
    if (beside === null || beside.at_ns <= from_ns) throw new TrackError("Nothing comes after this");
    seek = () => seekMedia(bench.playhead, stream.id, beside.at_ns);
    return copyKeyFrame(track, from_ns, beside.at_ns, { index: beside.index ?? undefined, world });
  });
  if (changed) seek();
}

export function splitTrack(bench: Workbench): void {
  const { store, playhead, announce } = bench;
  playhead.pause();
  const { sample } = store.getState();
  const ops: Op[] = [];
  const made: string[] = [];
  for (const annotation of selectedAnnotations(store.getState()).filter(isTrack)) {
    const stream = streamOf(bench, annotation);
    const head = sample?.annotations.get(annotation.id);
    if (stream === undefined || head === undefined) continue;
    const { at_ns, index } = anchorAt(playhead, stream);
    const before = index === undefined ? null : anchorBeside(playhead, stream, -1);
    try {
      const cut =
        before === null || before.at_ns >= at_ns ? {} : { before_ns: before.at_ns, before_index: before.index };
      const [left, right] = split(annotation.region, at_ns, { index, world: worldFor(bench, stream), ...cut });
      const id = newId();
      const { source_id: _, ...copied } = annotation;
      ops.push({ op: "update", record: { ...annotation, region: left }, base: head.rev });
      ops.push({ op: "create", record: { ...copied, id, region: right } });
      made.push(id);
    } catch (error) {
      if (!(error instanceof TrackError)) throw error;
      store.actions.notify(error.message);
    }
  }
  if (ops.length === 0) return;
  store.actions.edit("Split the track", ops);
  store.actions.select(made);
  announce("Track split; the later part is selected");
}

/** Two or more selected tracks of one stream, one after the other, become the first of them. */
export function joinTracks(bench: Workbench): void {
  const { store, announce } = bench;
  const { sample } = store.getState();
  const start = ({ region }: OnTrack) => region.key_frames[0]?.at_ns ?? 0;
  const chosen = selectedAnnotations(store.getState())
    .filter(isTrack)
    .sort((a, b) => start(a) - start(b));
  const [first, ...others] = chosen;
  if (first === undefined || others.length === 0 || others.some((other) => other.stream !== first.stream)) {
    store.actions.notify("Select two tracks of one stream to join them");
    return;
  }
  const stream = streamOf(bench, first);
  const period = stream === undefined ? null : medianPeriod(ticksOf(bench.playhead, stream)?.times_ns ?? []);
  const bridge_ns = period === null ? undefined : Math.round(period * 1.5);
  try {
    const region = others.reduce((track, other) => join(track, other.region, bridge_ns), first.region);
    const ops = others.flatMap(({ id }): readonly Op[] => {
      const head = sample?.annotations.get(id);
      return head === undefined ? [] : [{ op: "delete", kind: "annotation", id, base: head.rev }];
    });
    const head = sample?.annotations.get(first.id);
    if (head === undefined) return;
    store.actions.edit("Join the tracks", [{ op: "update", record: { ...first, region }, base: head.rev }, ...ops]);
    store.actions.select([first.id]);
    announce("Tracks joined");
  } catch (error) {
    if (!(error instanceof TrackError)) throw error;
    store.actions.notify(error.message);
  }
}

/** The selected shapes of one stream as key frames of one track: of the selected one, else of the earliest shape. */
export function makeTrack(bench: Workbench): void {
  const { store, announce } = bench;
  const { sample } = store.getState();
  const chosen = selectedAnnotations(store.getState());
  const [lead] = chosen;
  const shapes = chosen.flatMap((annotation) => {
    const key = keyFrameOf(bench, annotation);
    return key === null || annotation.stream !== lead?.stream ? [] : [{ annotation, key }];
  });
  shapes.sort((a, b) => a.key.at_ns - b.key.at_ns);
  const base = chosen.find(isTrack) ?? shapes[0]?.annotation;
  const head = base === undefined ? undefined : sample?.annotations.get(base.id);
  if (base === undefined || head === undefined || shapes.length === 0) {
    store.actions.notify("Select a shape on a video frame or sweep first");
    return;
  }
  try {
    const empty: Track = { type: "track", key_frames: [] };
    const region = shapes.reduce((track, { key }) => withKeyFrame(track, key), isTrack(base) ? base.region : empty);
    const { at_ns: _at, index: _index, ...rest } = base;
    const gone = shapes.flatMap(({ annotation: { id } }): readonly Op[] => {
      const other = id === base.id ? undefined : sample?.annotations.get(id);
      return other === undefined ? [] : [{ op: "delete", kind: "annotation", id, base: other.rev }];
    });
    store.actions.edit("Make a track", [{ op: "update", record: { ...rest, region }, base: head.rev }, ...gone]);
    store.actions.select([base.id]);
    announce(`Track with ${region.key_frames.length} key frames`);
  } catch (error) {
    if (!(error instanceof TrackError)) throw error;
    store.actions.notify(error.message);
  }
}

function keyFrameOf(bench: Workbench, annotation: Annotation): KeyFrame | null {
  const { region, index } = annotation;
  const stream = streamOf(bench, annotation);
  if (!SHAPES.has(region.type) || stream === undefined) return null;
  const at_ns = annotation.at_ns ?? (index == null ? undefined : ticksOf(bench.playhead, stream)?.times_ns[index]);
  return at_ns == null ? null : keyFrame(at_ns, index ?? undefined, region as Shape);
}

function keyFrame(at_ns: number, index: number | undefined, shape: Shape | null, occluded = false): KeyFrame {
  return { at_ns, shape, ...(index === undefined ? {} : { index }), ...(occluded ? { occluded } : {}) };
}

/** To the nearest key frame in a direction: of the selected tracks, else of all. False when there is none. */
export function goToKeyFrame(bench: Workbench, direction: 1 | -1): boolean {
  return goToNearest(bench, direction, ({ region }) => region.key_frames);
}

export function goToSuggestion(bench: Workbench): void {
  const found = goToNearest(bench, 1, ({ region }) => suggestions(region, suggestionTolerance(region)), true);
  if (!found) bench.store.actions.notify("No further key frame is suggested");
}

function goToNearest(
  bench: Workbench,
  direction: 1 | -1,
  places: (track: OnTrack) => readonly { readonly at_ns: number }[],
  around = false,
): boolean {
  const { store, playhead } = bench;
  const state = store.getState();
  const chosen = selectedAnnotations(state).filter(isTrack);
  const all = [...(state.sample?.annotations.values() ?? [])].map(({ record }) => record).filter(isTrack);
  const stops = (chosen.length > 0 ? chosen : all).flatMap((track) =>
    places(track).map(({ at_ns }) => ({ track, at_ns, timeline_ns: playhead.toTimeline(track.stream, at_ns) })),
  );
  stops.sort((a, b) => (a.timeline_ns - b.timeline_ns) * direction);
  const now = playhead.state.timelineNs;
  const ahead = stops.filter(({ track, at_ns }) => (at_ns - playhead.toMedia(track.stream, now)) * direction > 0);
  const next = ahead[0] ?? (around ? stops[0] : undefined);
  if (next === undefined) return false;
  seekMedia(playhead, next.track.stream, next.at_ns);
  return true;
}
