/**
 * The readings of a stream at their exact times, for whoever steps, snaps or anchors: from the record where it lists
 * them, from the stream's pane where only that knows them (the frame table of a video).
 */
import type { Stream } from "../model/records";
import type { Playhead } from "./playhead";
import { indexAt, type LookupRule, lastNotAfter, readingTimes, ruleOf } from "./reading_at";

export interface Ticks {
  /** Media times, ascending. */
  readonly times_ns: readonly number[];
  /** Where the last one ends; null when nobody knows. */
  readonly end_ns: number | null;
  /** Indexes of key pictures, ascending. */
  readonly key_frames: readonly number[];
}

/** Where something stands in its stream: the exact time, and the index of the reading when it is one. */
export interface Anchor {
  readonly at_ns: number;
  readonly index?: number;
}

interface Board {
  readonly byStream: Map<string, Ticks>;
  readonly listeners: Set<() => void>;
}

const boards = new WeakMap<Playhead, Board>();

function boardOf(playhead: Playhead): Board {
  let board = boards.get(playhead);
  if (board === undefined) {
    board = { byStream: new Map(), listeners: new Set() };
    boards.set(playhead, board);
  }
  return board;
}

/** Makes a pane's knowledge known; returns what takes it back. */
export function publishTicks(playhead: Playhead, stream: string, ticks: Ticks): () => void {
  const { byStream, listeners } = boardOf(playhead);
  byStream.set(stream, ticks);
  for (const listener of [...listeners]) listener();
  return () => {
    if (byStream.get(stream) === ticks) byStream.delete(stream);
  };
}

export function onTicks(playhead: Playhead, listener: () => void): () => void {
  const { listeners } = boardOf(playhead);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** null for a stream without single readings, such as sound, and for a video whose table is not there yet. */
export function ticksOf(playhead: Playhead, stream: Stream): Ticks | null {
  const known = boardOf(playhead).byStream.get(stream.id);
  if (known !== undefined) return known;
  return (stream.readings?.length ?? 0) > 0 ? { times_ns: readingTimes(stream), end_ns: null, key_frames: [] } : null;
}

function ruleFor(stream: Stream, ticks: Ticks): LookupRule {
  // A frame table says when its last frame ends: every instant inside has a frame, however long it stands.
  if (ticks.end_ns !== null) return { lookup: "hold", tolerance_ns: Number.POSITIVE_INFINITY, period_ns: null };
  return ruleOf(stream, ticks.times_ns);
}

/** The reading at the playhead; the media time alone where there is none then, or the stream has no readings. */
export function anchorAt(playhead: Playhead, stream: Stream): Anchor {
  const media_ns = playhead.toMedia(stream.id, playhead.state.timelineNs);
  const ticks = ticksOf(playhead, stream);
  const index = ticks === null ? null : indexIn(stream, ticks, media_ns);
  const at_ns = index === null ? undefined : ticks?.times_ns[index];
  return index === null || at_ns === undefined ? { at_ns: media_ns } : { at_ns, index };
}

/** The reading at a media time, null when it is missing. */
export function indexIn(stream: Stream, ticks: Ticks, media_ns: number): number | null {
  if (ticks.end_ns !== null && media_ns >= ticks.end_ns) return null;
  return indexAt(ticks.times_ns, media_ns, ruleFor(stream, ticks));
}

/** The reading `count` further on than the one at the playhead, within the stream. Null when it has none. */
export function anchorBeside(playhead: Playhead, stream: Stream, count: number): Anchor | null {
  const ticks = ticksOf(playhead, stream);
  const last = (ticks?.times_ns.length ?? 0) - 1;
  if (ticks === null || last < 0) return null;
  const media_ns = playhead.toMedia(stream.id, playhead.state.timelineNs);
  const here = indexIn(stream, ticks, media_ns);
  // In a gap the reading before it is where the way on begins, and the one after it the way back.
  const before = lastNotAfter(ticks.times_ns, media_ns);
  const from = here ?? (count > 0 ? before : before + 1);
  const index = Math.max(0, Math.min(last, from + count));
  return { at_ns: ticks.times_ns[index] ?? 0, index };
}

/** Brings the playhead to a media time of a stream, at or just after where it maps to: never a nanosecond before it. */
export function seekMedia(playhead: Playhead, stream: string, media_ns: number): void {
  let timeline_ns: number = playhead.toTimeline(stream, media_ns);
  // The map rounds down both ways; after a jump backwards in rate one more nanosecond is needed.
  for (let left = 2; left > 0 && playhead.toMedia(stream, timeline_ns) < media_ns; left -= 1) timeline_ns += 1;
  playhead.pause();
  playhead.seek(timeline_ns);
}
