/** Points and rings in picture pixels: area, inside, nearest, simplified. */
import type { Point } from "../records";

export type Ring = readonly Point[];

export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Twice nothing: the area with its sign, positive when the ring turns from x towards y. */
export function signedArea(ring: Ring): number {
  let twice = 0;
  ring.forEach(([x, y], index) => {
    const [u, v] = ring[(index + 1) % ring.length] ?? [x, y];
    twice += x * v - u * y;
  });
  return twice / 2;
}

/** Even-odd over all rings, holes among them. */
export function isInside(rings: readonly Ring[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    let [ax, ay] = ring.at(-1) ?? [0, 0];
    for (const [bx, by] of ring) {
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      [ax, ay] = [bx, by];
    }
  }
  return inside;
}

export interface Nearest {
  readonly point: Point;
  readonly distance: number;
}

export function nearestOnSegment(a: Point, b: Point, x: number, y: number): Nearest {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / length));
  const point: Point = [a[0] + share * dx, a[1] + share * dy];
  return { point, distance: Math.hypot(point[0] - x, point[1] - y) };
}

/** Longer lines are simplified in parts, so that the time grows with the length and not with its square. */
const LONG_LINE = 1024;
const CHUNK = 256;

/** Douglas and Peucker: the fewest of the points from which no left-out one is further than `tolerance`. */
export function simplified(line: Ring, tolerance: number): Ring {
  if (line.length < 3) return line;
  const keeps = new Uint8Array(line.length);
  const last = line.length - 1;
  const step = line.length > LONG_LINE ? CHUNK : last;
  const waiting: [number, number][] = [];
  for (let from = 0; from < last; from += step) {
    waiting.push([from, Math.min(last, from + step)]);
    keeps[from] = 1;
  }
  keeps[last] = 1;
  for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
    const [from, to] = range;
    const [a, b] = [line[from], line[to]];
    if (a === undefined || b === undefined) continue;
    let [worst, place] = [tolerance, -1];
    for (let index = from + 1; index < to; index += 1) {
      const point = line[index];
      if (point === undefined) continue;
      const { distance } = nearestOnSegment(a, b, point[0], point[1]);
      if (distance > worst) [worst, place] = [distance, index];
    }
    if (place < 0) continue;
    keeps[place] = 1;
    waiting.push([from, place], [place, to]);
  }
  return line.filter((_, index) => keeps[index] === 1);
}

/** The same for a closed ring: cut open at its two points furthest apart from the first. At least a triangle stays. */
export function simplifiedRing(ring: Ring, tolerance: number): Ring {
  const first = ring[0];
  if (first === undefined || ring.length < 4) return ring;
  let [far, place] = [-1, 0];
  ring.forEach(([x, y], index) => {
    const distance = Math.hypot(x - first[0], y - first[1]);
    if (distance > far) [far, place] = [distance, index];
  });
  const there = simplified(ring.slice(0, place + 1), tolerance);
  const back = simplified([...ring.slice(place), first], tolerance);
  const joined = [...there, ...back.slice(1, -1)];
  return joined.length >= 3 ? joined : ring;
}

export function clamped([x, y]: Point, { widthPx, heightPx }: Size): Point {
  return [Math.min(widthPx, Math.max(0, x)), Math.min(heightPx, Math.max(0, y))];
}

/** To hundredths of a pixel: finer than a hand, and short in the record. */
export function rounded([x, y]: Point): Point {
  return [Math.round(x * 100) / 100, Math.round(y * 100) / 100];
}
