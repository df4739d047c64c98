/** The working copy of a mask: one byte a pixel, column by column, only where something is. Painted in place. */
import type { Mask, Point, Polygon } from "../records";
import type { Size } from "./rings";
import { boundsOfRuns, decodeCounts, encodeCounts, type MaskBounds } from "./rle";

/** Room that a growing bitmap takes beyond what was asked, so that a stroke does not copy it at every step. */
const ROOM_PX = 128;

export class Bitmap {
  readonly size: Size;
  #area: MaskBounds = { x0: 0, y0: 0, x1: 0, y1: 0 };
  #data = new Uint8Array(0);

  constructor(size: Size) {
    this.size = size;
  }

  static ofMask(mask: Mask): Bitmap {
    const bitmap = new Bitmap({ widthPx: mask.width_px, heightPx: mask.height_px });
    const runs = decodeCounts(mask.counts);
    const bounds = boundsOfRuns(runs, mask.height_px);
    if (bounds === null) return bitmap;
    bitmap.#area = { ...bounds, x1: Math.min(bounds.x1, mask.width_px) };
    const high = bounds.y1 - bounds.y0;
    bitmap.#data = new Uint8Array((bitmap.#area.x1 - bounds.x0) * high);
    let at = 0;
    runs.forEach((run, place) => {
      if (place % 2 === 1) {
        for (let from = at; from < at + run; ) {
          const x = Math.floor(from / mask.height_px);
          const end = Math.min(at + run, (x + 1) * mask.height_px);
          const start = (x - bounds.x0) * high + (from - x * mask.height_px) - bounds.y0;
          bitmap.#data.fill(1, start, start + end - from);
          from = end;
        }
      }
      at += run;
    });
    return bitmap;
  }

  /** Pixels whose centres lie inside the polygon (even-odd, as it is drawn). */
  static ofPolygon(polygon: Polygon, size: Size): Bitmap {
    const bitmap = new Bitmap(size);
    const rings = [...polygon.rings_px, ...(polygon.holes_px ?? [])];
    const points = rings.flat();
    if (points.length === 0) return bitmap;
    const [left, right] = extent(points, 0, size.widthPx);
    const [top, bottom] = extent(points, 1, size.heightPx);
    bitmap.#grow({ x0: left, y0: top, x1: right, y1: bottom });
    for (let x = left; x < right; x += 1) {
      const crossings = crossingsAt(rings, x + 0.5);
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const from = Math.max(top, Math.ceil((crossings[pair] ?? 0) - 0.5));
        const to = Math.min(bottom, Math.ceil((crossings[pair + 1] ?? 0) - 0.5));
        if (from < to) bitmap.#column(x, from, to, 1);
      }
    }
    return bitmap;
  }

  /** What memory is held for: at least all that is inside. */
  get area(): MaskBounds {
    return this.#area;
  }

  has(x: number, y: number): boolean {
    const { x0, y0, x1, y1 } = this.#area;
    return x >= x0 && x < x1 && y >= y0 && y < y1 && this.#data[(x - x0) * (y1 - y0) + y - y0] === 1;
  }

  get count(): number {
    let count = 0;
    for (const value of this.#data) count += value;
    return count;
  }

  copy(): Bitmap {
    const made = new Bitmap(this.size);
    made.#area = this.#area;
    made.#data = this.#data.slice();
    return made;
  }

  /** A round brush drawn from one place to another; `value` 0 erases. What was touched; null: outside the picture. */
  stroke(from: Point, to: Point, radius: number, value: 0 | 1): MaskBounds | null {
    const { widthPx, heightPx } = this.size;
    const x0 = Math.max(0, Math.floor(Math.min(from[0], to[0]) - radius));
    const x1 = Math.min(widthPx, Math.ceil(Math.max(from[0], to[0]) + radius));
    const y0 = Math.max(0, Math.floor(Math.min(from[1], to[1]) - radius));
    const y1 = Math.min(heightPx, Math.ceil(Math.max(from[1], to[1]) + radius));
    if (x0 >= x1 || y0 >= y1) return null;
    const touched = { x0, y0, x1, y1 };
    if (value === 1) this.#grow(touched);
    for (let x = x0; x < x1; x += 1) {
      const span = capsuleAt(x + 0.5, from, to, radius);
      if (span === null) continue;
      const start = Math.max(y0, Math.ceil(span[0] - 0.5));
      const end = Math.min(y1, Math.floor(span[1] - 0.5) + 1);
      if (start < end) this.#column(x, start, end, value);
    }
    return touched;
  }

  /** Fills the empty area around a place if it is closed all around; false, and unchanged, when it is not. */
  fillAt(px: number, py: number): boolean {
    const { x0, y0, x1, y1 } = this.#area;
    const high = y1 - y0;
    if (px < x0 || px >= x1 || py < y0 || py >= y1 || this.has(px, py)) return false;
    const filled = this.#data.slice();
    const waiting = [(px - x0) * high + (py - y0)];
    filled[waiting[0] ?? 0] = 1;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const y = at % high;
      if (y === 0 || y === high - 1 || at < high || at >= filled.length - high) return false;
      for (const next of [at - 1, at + 1, at - high, at + high]) {
        if (filled[next] === 0) {
          filled[next] = 1;
          waiting.push(next);
        }
      }
    }
    this.#data = filled;
    return true;
  }

  /** As a region of the whole picture; null when nothing is inside. */
  toMask(): Mask | null {
    const { widthPx, heightPx } = this.size;
    const { x0, y0, x1 } = this.#area;
    const runs: number[] = [];
    let [start, inside, end] = [0, 0, 0];
    const flip = (place: number) => {
      runs.push(place - start);
      start = place;
      inside = 1 - inside;
    };
    for (let x = x0; x < x1; x += 1) {
      const top = x * heightPx + y0;
      const rows = this.#runsOf(x);
      for (let pair = 0; pair < rows.length; pair += 2) {
        const [from, to] = [top + (rows[pair] ?? 0), top + (rows[pair + 1] ?? 0)];
        // A run that ends at the foot of one column goes on at the head of the next.
        if (inside === 1 && from > end) flip(end);
        if (inside === 0) flip(from);
        end = to;
      }
      if (inside === 1 && end < (x + 1) * heightPx) flip(end);
    }
    if (runs.length === 0) return null;
    if (inside === 1 && end < widthPx * heightPx) flip(end);
    runs.push(widthPx * heightPx - start);
    if (runs.at(-1) === 0) runs.pop();
    return { type: "mask", width_px: widthPx, height_px: heightPx, counts: encodeCounts(runs) };
  }

  /**
   * Every side of a pixel with nothing beyond it: 0 above, 1 right, 2 below, 3 left. Straight through memory, since a
   * mask may be as large as its picture.
   */
  eachBorder(visit: (x: number, y: number, side: 0 | 1 | 2 | 3) => void): void {
    const { x0, y0, x1, y1 } = this.#area;
    let before: readonly number[] = [];
    for (let x = x0; x <= x1; x += 1) {
      const runs = x < x1 ? this.#runsOf(x) : [];
      for (let pair = 0; pair < runs.length; pair += 2) {
        visit(x, y0 + (runs[pair] ?? 0), 0);
        visit(x, y0 + (runs[pair + 1] ?? 0) - 1, 2);
      }
      eachOnlyIn(before, runs, y1 - y0, (row) => visit(x - 1, y0 + row, 1));
      eachOnlyIn(runs, before, y1 - y0, (row) => visit(x, y0 + row, 3));
      before = runs;
    }
  }

  /** Rows [start, end) of what is inside in a column, one after the other; found by the engine's own search. */
  #runsOf(x: number): readonly number[] {
    const { x0, y0, y1 } = this.#area;
    const high = y1 - y0;
    const column = this.#data.subarray((x - x0) * high, (x - x0 + 1) * high);
    const runs: number[] = [];
    for (let at = column.indexOf(1); at >= 0; ) {
      const end = column.indexOf(0, at);
      runs.push(at, end < 0 ? high : end);
      at = end < 0 ? -1 : column.indexOf(1, end);
    }
    return runs;
  }

  /** Alpha of a part as rows of RGBA, in one colour. */
  paint({ x0, y0, x1, y1 }: MaskBounds, [r, g, b]: readonly [number, number, number], into: Uint8ClampedArray): void {
    const { x0: left, y0: top, x1: right, y1: bottom } = this.#area;
    const wide = x1 - x0;
    for (let x = Math.max(x0, left); x < Math.min(x1, right); x += 1) {
      const column = (x - left) * (bottom - top) - top;
      for (let y = Math.max(y0, top); y < Math.min(y1, bottom); y += 1) {
        if (this.#data[column + y] !== 1) continue;
        const at = ((y - y0) * wide + x - x0) * 4;
        into[at] = r;
        into[at + 1] = g;
        into[at + 2] = b;
        into[at + 3] = 255;
      }
    }
  }

  #column(x: number, from: number, to: number, value: 0 | 1): void {
    const { x0, y0, x1, y1 } = this.#area;
    if (x < x0 || x >= x1) return;
    const start = (x - x0) * (y1 - y0) - y0;
    this.#data.fill(value, start + Math.max(from, y0), start + Math.max(Math.max(from, y0), Math.min(to, y1)));
  }

  #grow(wanted: MaskBounds): void {
    const old = this.#area;
    const isEmpty = old.x1 <= old.x0;
    if (!isEmpty && wanted.x0 >= old.x0 && wanted.y0 >= old.y0 && wanted.x1 <= old.x1 && wanted.y1 <= old.y1) return;
    const { widthPx, heightPx } = this.size;
    const next = {
      x0: Math.max(0, Math.min(isEmpty ? widthPx : old.x0, wanted.x0 - ROOM_PX)),
      y0: Math.max(0, Math.min(isEmpty ? heightPx : old.y0, wanted.y0 - ROOM_PX)),
      x1: Math.min(widthPx, Math.max(old.x1, wanted.x1 + ROOM_PX)),
      y1: Math.min(heightPx, Math.max(old.y1, wanted.y1 + ROOM_PX)),
    };
    const data = new Uint8Array((next.x1 - next.x0) * (next.y1 - next.y0));
    const [oldHigh, high] = [old.y1 - old.y0, next.y1 - next.y0];
    for (let x = old.x0; x < old.x1; x += 1) {
      const from = (x - old.x0) * oldHigh;
      data.set(this.#data.subarray(from, from + oldHigh), (x - next.x0) * high + old.y0 - next.y0);
    }
    this.#area = next;
    this.#data = data;
  }
}

/** Rows that the first runs hold and the second do not. */
function eachOnlyIn(
  runs: readonly number[],
  others: readonly number[],
  high: number,
  visit: (row: number) => void,
): void {
  let place = 0;
  for (let pair = 0; pair < runs.length; pair += 2) {
    const to = runs[pair + 1] ?? 0;
    for (let row = runs[pair] ?? 0; row < to; ) {
      while (place < others.length && (others[place + 1] ?? 0) <= row) place += 2;
      const [from, end] = [others[place] ?? high, others[place + 1] ?? high];
      if (from <= row) row = Math.max(row + 1, end);
      else for (; row < Math.min(to, from); row += 1) visit(row);
    }
  }
}

function extent(points: readonly Point[], axis: 0 | 1, most: number): [number, number] {
  let [low, high] = [most, 0];
  for (const point of points) {
    low = Math.min(low, Math.floor(point[axis]));
    high = Math.max(high, Math.ceil(point[axis]));
  }
  return [Math.max(0, low), Math.min(most, high)];
}

/** Heights at which outlines cross the upright line at `x`, in order. */
function crossingsAt(rings: readonly (readonly Point[])[], x: number): number[] {
  const found: number[] = [];
  for (const ring of rings) {
    let [ax, ay] = ring.at(-1) ?? [0, 0];
    for (const [bx, by] of ring) {
      if (ax > x !== bx > x) found.push(ay + ((x - ax) / (bx - ax)) * (by - ay));
      [ax, ay] = [bx, by];
    }
  }
  return found.sort((a, b) => a - b);
}

/** The heights between which the upright line at `x` runs through a round brush's path; null when it misses it. */
function capsuleAt(x: number, [ax, ay]: Point, [bx, by]: Point, radius: number): readonly [number, number] | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [cx, cy] of [
    [ax, ay],
    [bx, by],
  ] as const) {
    const reach = radius * radius - (x - cx) * (x - cx);
    if (reach < 0) continue;
    low = Math.min(low, cy - Math.sqrt(reach));
    high = Math.max(high, cy + Math.sqrt(reach));
  }
  const length = Math.hypot(bx - ax, by - ay);
  if (length > 0) {
    // The strip's two long sides, where the line at `x` meets them beside the path.
    const [nx, ny] = [(-(by - ay) / length) * radius, ((bx - ax) / length) * radius];
    for (const sign of [1, -1]) {
      const [px, qx] = [ax + sign * nx, bx + sign * nx];
      if (px === qx || (x - px) * (x - qx) > 0) continue;
      const y = ay + sign * ny + ((x - px) / (qx - px)) * (by - ay);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  return low <= high ? [low, high] : null;
}
