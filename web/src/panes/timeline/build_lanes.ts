/** From a sample to timeline lanes: each stream's readings, then its annotations by class, packed so that bars do not overlap. */
import type { Annotation, Stream } from "../../model/records";
import { isGap, medianPeriod } from "../../playhead/reading_at";
import type { Ticks } from "../../playhead/ticks";
import type { SampleData } from "../../store/sample";
import { type Bar, type Gap, type Key, type Lane, laneOf } from "./lanes";

/** A stream's media time on the sample timeline. */
export type ToTimeline = (stream: string, media_ns: number) => number;

/** What overlaps more deeply than this shares the last row. */
const DEEPEST = 12;

export class LaneBuilder {
  #bars = new WeakMap<Annotation, Bar>();
  #clock = "";
  #rows = new Map<string, Packed>();

  /** Bars of unchanged annotations are kept while `clock` stays the same, so that an edit among 100,000 costs little. */
  build(
    sample: SampleData,
    streams: readonly Stream[],
    nameOf: (class_id: string) => string,
    toTimeline: ToTimeline,
    clock: string,
    ticksOf: (stream: Stream) => Ticks | null = readingsOf,
  ): readonly Lane[] {
    if (this.#clock !== clock) {
      this.#bars = new WeakMap();
      this.#rows.clear();
      this.#clock = clock;
    }
    const byStream = new Map<string, Map<string, Bar[]>>();
    for (const { record } of sample.annotations.values()) {
      const bar = this.#barOf(record, toTimeline);
      if (bar === null) continue;
      let classes = byStream.get(record.stream);
      if (classes === undefined) {
        classes = new Map();
        byStream.set(record.stream, classes);
      }
      const bars = classes.get(record.class_id);
      if (bars === undefined) classes.set(record.class_id, [bar]);
      else bars.push(bar);
    }
    return streams.flatMap((stream) => {
      const classes = byStream.get(stream.id) ?? new Map<string, Bar[]>();
      const own = ownLane(stream, toTimeline, ticksOf(stream));
      const rows = [...classes]
        .map(([class_id, bars]) => ({ class_id, bars, name: nameOf(class_id) }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
        .flatMap(({ class_id, bars, name }) => this.#packed(stream, class_id, name, bars));
      return own === null ? rows : [own, ...rows];
    });
  }

  /** Rows of a class in which nothing changed are the same ones: an edit packs one class anew. */
  #packed(stream: Stream, class_id: string, name: string, bars: readonly Bar[]): readonly Lane[] {
    const key = `${stream.id}/${class_id}`;
    const known = this.#rows.get(key);
    if (known !== undefined && known.name === name && isSame(known.bars, bars)) return known.lanes;
    const lanes = packed(stream, class_id, name, bars);
    this.#rows.set(key, { name, bars, lanes });
    return lanes;
  }

  #barOf(annotation: Annotation, toTimeline: ToTimeline): Bar | null {
    const known = this.#bars.get(annotation);
    if (known !== undefined) return known;
    const bar = barOf(annotation, (media_ns) => toTimeline(annotation.stream, media_ns));
    if (bar !== null) this.#bars.set(annotation, bar);
    return bar;
  }
}

interface Packed {
  readonly name: string;
  readonly bars: readonly Bar[];
  readonly lanes: readonly Lane[];
}

function isSame(one: readonly Bar[], other: readonly Bar[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/** When an annotation is; null for what has no time. */
export function barOf(annotation: Annotation, at: (media_ns: number) => number): Bar | null {
  const { id, class_id, region, words, at_ns } = annotation;
  const bar = (start: number, end: number, keys: readonly Key[] = [], editable = false): Bar => ({
    id,
    class_id,
    start_ns: at(start),
    end_ns: at(end),
    keys,
    editable,
  });
  if (region.type === "time_span") return bar(region.start_ns, region.end_ns, [], true);
  if (region.type === "track") {
    const [first, last] = [region.key_frames[0], region.key_frames.at(-1)];
    if (first === undefined || last === undefined) return null;
    const keys = region.key_frames.map(
      (key): Key => ({
        at_ns: at(key.at_ns),
        media_ns: key.at_ns,
        kind: key.shape === null ? "absent" : "key",
        occluded: key.occluded ?? false,
      }),
    );
    return bar(first.at_ns, last.at_ns, keys);
  }
  const [first, last] = [words?.[0], words?.at(-1)];
  if (first !== undefined && last !== undefined) return bar(first.start_ns, last.end_ns);
  return at_ns == null ? null : bar(at_ns, at_ns);
}

function readingsOf(stream: Stream): Ticks | null {
  const times_ns = (stream.readings ?? []).map((reading) => reading.at_ns);
  return times_ns.length === 0 ? null : { times_ns, end_ns: null, key_frames: [] };
}

/** The stream's own row: its pictures and sweeps as ticks, or its waveform; null when it has no time of its own. */
function ownLane(stream: Stream, toTimeline: ToTimeline, ticks: Ticks | null): Lane | null {
  const wave = stream.modality === "audio";
  if ((ticks?.times_ns.length ?? 0) < 2 && !wave && !["video", "series", "point_cloud"].includes(stream.modality)) {
    return null;
  }
  const at = (media_ns: number) => toTimeline(stream.id, media_ns);
  const readings_ns = (ticks?.times_ns ?? []).map(at).sort((a, b) => a - b);
  return laneOf({
    key: stream.id,
    title: stream.name,
    stream: stream.id,
    class_id: null,
    bars: [],
    readings_ns,
    covers_ns: coverOf(stream, ticks, at),
    // A frame stands until the next one: a video with a table has no gaps of its own.
    gaps: ticks?.end_ns == null && stream.sampling !== "event" ? gapsIn(readings_ns) : [],
    wave,
  });
}

function coverOf(stream: Stream, ticks: Ticks | null, at: (media_ns: number) => number): Gap | null {
  const { start_ns, duration_ns } = stream.facts ?? {};
  // The only reading of a stream answers always: nothing is missing beside it.
  if (ticks !== null && ticks.times_ns.length < 2) return null;
  const first = ticks?.times_ns[0] ?? start_ns;
  const lasts = start_ns != null && duration_ns != null ? start_ns + duration_ns : null;
  const last = ticks?.end_ns ?? ticks?.times_ns.at(-1) ?? lasts;
  return first == null || last == null ? null : [at(first), at(last)];
}

/** Where neighbours stand further apart than one and a half periods: half a period on either side still has data. */
function gapsIn(readings_ns: readonly number[]): readonly Gap[] {
  const period = medianPeriod(readings_ns);
  return readings_ns.flatMap((from, index): readonly Gap[] => {
    const to = readings_ns[index + 1];
    if (to === undefined || period === null || !isGap(from, to, period)) return [];
    return [[from + period / 2, to - period / 2]];
  });
}

/** Rows of one class: a bar goes into the first row that is free at its start; instants share the first. */
function packed(stream: Stream, class_id: string, name: string, bars: readonly Bar[]): readonly Lane[] {
  const rows: Bar[][] = [];
  const free_ns: number[] = [];
  for (const bar of [...bars].sort((a, b) => a.start_ns - b.start_ns)) {
    let row = bar.start_ns === bar.end_ns ? 0 : free_ns.findIndex((free) => free <= bar.start_ns);
    if (row < 0) row = Math.min(rows.length, DEEPEST - 1);
    const into = rows[row];
    if (into === undefined) rows[row] = [bar];
    else into.push(bar);
    free_ns[row] = Math.max(free_ns[row] ?? Number.NEGATIVE_INFINITY, bar.end_ns);
  }
  return rows.map((row, depth) =>
    laneOf({
      key: `${stream.id}/${class_id}/${depth}`,
      title: depth === 0 ? name : "",
      stream: stream.id,
      class_id,
      bars: row,
    }),
  );
}
