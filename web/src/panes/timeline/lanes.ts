/** What the timeline draws: one row per stream and class, each with its marks in order of their start. */

/** A span, or an instant when `end_ns` equals `start_ns`. Timeline times. */
export interface Mark {
  readonly id: string;
  readonly start_ns: number;
  readonly end_ns: number;
}

export type KeyKind = "key" | "absent";

/** A track's key frame on its bar. */
export interface Key {
  readonly at_ns: number;
  /** Its time in the stream: what names it. */
  readonly media_ns: number;
  readonly kind: KeyKind;
  readonly occluded: boolean;
}

/** [from, to) without data, in timeline time. */
export type Gap = readonly [number, number];

export interface Bar extends Mark {
  readonly class_id: string;
  readonly keys: readonly Key[];
  /** Whether it is a time span whose edges may be dragged. */
  readonly editable: boolean;
}

export interface Lane {
  readonly key: string;
  readonly title: string;
  readonly stream: string;
  readonly class_id: string | null;
  /** Ascending by start. */
  readonly bars: readonly Bar[];
  /** The latest end among the bars up to each index: where looking backwards may stop. */
  readonly reach_ns: readonly number[];
  /** Instants of readings (pictures, sweeps), ascending; drawn as ticks. */
  readonly readings_ns: readonly number[];
  /** From when to when there is anything; null for rows of annotations and for streams that do not say. */
  readonly covers_ns: Gap | null;
  readonly gaps: readonly Gap[];
  readonly wave: boolean;
}

export interface LaneInput {
  readonly key: string;
  readonly title: string;
  readonly stream: string;
  readonly class_id: string | null;
  readonly bars: readonly Bar[];
  readonly readings_ns?: readonly number[];
  readonly covers_ns?: Gap | null;
  readonly gaps?: readonly Gap[];
  readonly wave?: boolean;
}

export function laneOf(input: LaneInput): Lane {
  const bars = [...input.bars].sort((a, b) => a.start_ns - b.start_ns || a.end_ns - b.end_ns || (a.id < b.id ? -1 : 1));
  let reach = Number.NEGATIVE_INFINITY;
  const reach_ns = bars.map((bar) => {
    reach = Math.max(reach, bar.end_ns);
    return reach;
  });
  const { readings_ns = [], covers_ns = null, gaps = [], wave = false } = input;
  return { ...input, bars, reach_ns, readings_ns, covers_ns, gaps, wave };
}

/** First index whose value is at least `value`. */
export function lowerBound(length: number, valueAt: (index: number) => number, value: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueAt(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Indexes [first, end) of bars that may touch the window; found by bisection. */
export function visibleRange(lane: Lane, from_ns: number, to_ns: number): readonly [number, number] {
  const first = lowerBound(lane.bars.length, (index) => lane.reach_ns[index] ?? 0, from_ns);
  const end = lowerBound(lane.bars.length, (index) => lane.bars[index]?.start_ns ?? 0, to_ns);
  return [first, Math.max(first, end)];
}

/** What is painted: one bar, or several that would share a pixel. */
export interface Painted {
  readonly x0_px: number;
  readonly x1_px: number;
  /** The only bar, or null for a merged one. */
  readonly bar: Bar | null;
  readonly count: number;
}

/** The visible bars in pixels; bars narrower than `merge_px` that follow within a pixel become one. */
export function paintList(
  lane: Lane,
  window: { readonly from_ns: number; readonly to_ns: number },
  xOf: (at_ns: number) => number,
  keepApart: (bar: Bar) => boolean,
  merge_px = 2,
): readonly Painted[] {
  const [first, end] = visibleRange(lane, window.from_ns, window.to_ns);
  const list: Painted[] = [];
  let open: { x0_px: number; x1_px: number; bar: Bar | null; count: number } | null = null;
  const close = () => {
    if (open !== null) list.push(open);
    open = null;
  };
  for (let index = first; index < end; index++) {
    const bar = lane.bars[index];
    if (bar === undefined || bar.end_ns < window.from_ns) continue;
    const [x0_px, x1_px] = [xOf(bar.start_ns), xOf(bar.end_ns)];
    if (x1_px - x0_px >= merge_px || keepApart(bar)) {
      close();
      list.push({ x0_px, x1_px, bar, count: 1 });
    } else if (open !== null && x0_px - (open as Painted).x1_px < 1) {
      const last: Painted = open;
      open = { x0_px: last.x0_px, x1_px: Math.max(last.x1_px, x1_px), bar: null, count: last.count + 1 };
    } else {
      close();
      open = { x0_px, x1_px, bar, count: 1 };
    }
  }
  close();
  return list;
}
