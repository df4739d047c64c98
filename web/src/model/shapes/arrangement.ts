/**
 * Polygons cut by lines and joined with each other, by the arrangement of their edges: split every edge where another
 * meets it, say for each piece what lies on its two sides, keep the pieces that bound the wanted area, walk the faces.
 * Coordinates are whole 1/128 px while this runs, so that sides are decided exactly.
 */
import type { Point, Polygon } from "../records";
import { isInside, type Ring, signedArea } from "./rings";

/** The grid; twice as fine once more for the middle of a piece. */
const GRID = 128;
/** Rounded crossings can make new ones; each pass leaves fewer. */
const MOST_PASSES = 6;

/** A piece of an edge between two grid points, lower end first; how often each side's outline runs along it. */
interface Piece {
  readonly a: Point;
  readonly b: Point;
  /** Times that the first outline, the second outline and the cutting line use it. */
  readonly uses: [number, number, number];
}

type Segment = readonly [a: Point, b: Point, source: 0 | 1 | 2];

/** The parts of a polygon that a line leaves; one part, equal to the polygon, when the line does not go through. */
export function cutPolygon(polygon: Polygon, line: Ring): readonly Polygon[] {
  const pieces = split([...edgesOf(polygon, 0), ...openEdges(line, 2)]);
  const kept = new HalfEdges();
  const inner: Piece[] = [];
  for (const piece of pieces) {
    const [above, below] = sidesOf(piece, pieces, 0);
    if (above !== below) kept.add(piece, above);
    else if (above && piece.uses[2] > 0) inner.push(piece);
  }
  for (const piece of withoutDeadEnds(inner, kept)) {
    kept.add(piece, true);
    kept.add(piece, false);
  }
  return polygonsOf(kept.loops());
}

/** Everything inside either polygon, as one polygon of one ring or several. */
export function joinPolygons(first: Polygon, second: Polygon): Polygon {
  const pieces = split([...edgesOf(first, 0), ...edgesOf(second, 1)]);
  const kept = new HalfEdges();
  for (const piece of pieces) {
    const [aboveFirst, belowFirst] = sidesOf(piece, pieces, 0);
    const [aboveSecond, belowSecond] = sidesOf(piece, pieces, 1);
    const [above, below] = [aboveFirst || aboveSecond, belowFirst || belowSecond];
    if (above !== below) kept.add(piece, above);
  }
  const parts = polygonsOf(kept.loops());
  return polygonOf(
    parts.flatMap((part) => part.rings_px),
    parts.flatMap((part) => part.holes_px ?? []),
  );
}

export function polygonOf(rings: readonly Ring[], holes: readonly Ring[]): Polygon {
  return { type: "polygon", rings_px: rings, ...(holes.length === 0 ? {} : { holes_px: holes }) };
}

function edgesOf(polygon: Polygon, source: 0 | 1): Segment[] {
  return [...polygon.rings_px, ...(polygon.holes_px ?? [])].flatMap((ring) => {
    const first = ring[0];
    return first === undefined ? [] : openEdges([...ring, first], source);
  });
}

function openEdges(line: Ring, source: 0 | 1 | 2): Segment[] {
  const points = line.map(([x, y]): Point => [Math.round(x * GRID), Math.round(y * GRID)]);
  return points.slice(1).flatMap((b, index): Segment[] => {
    const a = points[index];
    return a === undefined || same(a, b) ? [] : [[a, b, source]];
  });
}

const same = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1];
const before = (a: Point, b: Point) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
const cross = (o: Point, a: Point, b: Point) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
const keyOf = ([x, y]: Point) => `${x},${y}`;

function holds(a: Point, b: Point, p: Point): boolean {
  return (
    Math.min(a[0], b[0]) <= p[0] &&
    p[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= p[1] &&
    p[1] <= Math.max(a[1], b[1]) &&
    cross(a, b, p) === 0
  );
}

/** Where two segments meet: ends of one on the other, or one crossing, rounded to the grid. */
function meetings([a, b]: Segment, [c, d]: Segment): Point[] {
  const touching = [c, d].filter((p) => holds(a, b, p)).concat([a, b].filter((p) => holds(c, d, p)));
  if (touching.length > 0) return touching;
  const [u, v] = [cross(a, b, c), cross(a, b, d)];
  const [w, z] = [cross(c, d, a), cross(c, d, b)];
  if (u > 0 === v > 0 || w > 0 === z > 0) return [];
  const share = w / (w - z);
  return [[Math.round(a[0] + share * (b[0] - a[0])), Math.round(a[1] + share * (b[1] - a[1]))]];
}

/** All segments cut at all meetings; pieces that several segments share are there once. */
function split(segments: readonly Segment[]): readonly Piece[] {
  let rest = [...segments];
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const sorted = rest.toSorted((s, t) => Math.min(s[0][0], s[1][0]) - Math.min(t[0][0], t[1][0]));
    const cuts = sorted.map((): Point[] => []);
    sorted.forEach((first, place) => {
      const right = Math.max(first[0][0], first[1][0]);
      const [low, high] = [Math.min(first[0][1], first[1][1]), Math.max(first[0][1], first[1][1])];
      for (let other = place + 1; other < sorted.length; other += 1) {
        const second = sorted[other];
        if (second === undefined || Math.min(second[0][0], second[1][0]) > right) break;
        if (Math.max(second[0][1], second[1][1]) < low || Math.min(second[0][1], second[1][1]) > high) continue;
        for (const point of meetings(first, second)) {
          if (!same(point, first[0]) && !same(point, first[1])) cuts[place]?.push(point);
          if (!same(point, second[0]) && !same(point, second[1])) cuts[other]?.push(point);
        }
      }
    });
    rest = sorted.flatMap((segment, place) => cutAt(segment, cuts[place] ?? []));
    if (cuts.every((found) => found.length === 0)) break;
  }
  return merged(rest);
}

function cutAt([a, b, source]: Segment, cuts: readonly Point[]): Segment[] {
  const along = (p: Point) => (p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1]);
  const stops = [a, ...cuts.toSorted((p, q) => along(p) - along(q)), b];
  return stops.slice(1).flatMap((to, index): Segment[] => {
    const from = stops[index];
    return from === undefined || same(from, to) ? [] : [[from, to, source]];
  });
}

function merged(segments: readonly Segment[]): readonly Piece[] {
  const pieces = new Map<string, Piece>();
  for (const [from, to, source] of segments) {
    const [a, b] = before(from, to) ? [from, to] : [to, from];
    const key = `${keyOf(a)} ${keyOf(b)}`;
    const piece = pieces.get(key) ?? { a, b, uses: [0, 0, 0] };
    piece.uses[source] += 1;
    pieces.set(key, piece);
  }
  return [...pieces.values()];
}

/**
 * Whether the two sides of a piece lie inside an outline (even-odd). "Above" is the side of larger y, for an upright
 * piece that of larger x. A ray from its middle counts the outline's other pieces; the piece itself parts the sides.
 */
function sidesOf(piece: Piece, pieces: readonly Piece[], source: 0 | 1): readonly [above: boolean, below: boolean] {
  const upright = piece.a[0] === piece.b[0];
  const [along, up] = upright ? [1, 0] : [0, 1];
  const middle: Point = [piece.a[0] + piece.b[0], piece.a[1] + piece.b[1]];
  const at = middle[along] ?? 0;
  let count = 0;
  for (const other of pieces) {
    if (other === piece || other.uses[source] % 2 === 0) continue;
    const [a, b] = [other.a, other.b];
    const [from, to] = [2 * (a[along] ?? 0), 2 * (b[along] ?? 0)];
    if (from <= at === to <= at) continue;
    // The other's height where the ray stands, against the middle's: exact, without a division.
    const run = to - from;
    const height = (2 * (a[up] ?? 0) - (middle[up] ?? 0)) * run + (at - from) * 2 * ((b[up] ?? 0) - (a[up] ?? 0));
    if (height > 0 === run > 0) count += 1;
  }
  const above = count % 2 === 1;
  return [above, above !== (piece.uses[source] % 2 === 1)];
}

/** Cutting pieces without those that end inside: they part nothing. */
function withoutDeadEnds(inner: readonly Piece[], kept: HalfEdges): readonly Piece[] {
  let rest = inner;
  for (;;) {
    const degree = new Map<string, number>();
    for (const { a, b } of rest) for (const key of [keyOf(a), keyOf(b)]) degree.set(key, (degree.get(key) ?? 0) + 1);
    const isAnchored = (p: Point) => kept.touches(p) || (degree.get(keyOf(p)) ?? 0) > 1;
    const next = rest.filter(({ a, b }) => isAnchored(a) && isAnchored(b));
    if (next.length === rest.length) return rest;
    rest = next;
  }
}

/** Directed pieces with the wanted area on their left (from x towards y). */
class HalfEdges {
  readonly #from = new Map<string, Point[]>();
  #count = 0;

  /** With the area above the piece, or below it. */
  add({ a, b }: Piece, above: boolean): void {
    // Left of a→b (a before b) is the side of larger y; of an upright piece that of smaller x.
    const [from, to] = above !== (a[0] === b[0]) ? [a, b] : [b, a];
    const key = keyOf(from);
    this.#from.set(key, [...(this.#from.get(key) ?? []), to]);
    this.#count += 1;
  }

  touches(p: Point): boolean {
    return this.#from.has(keyOf(p));
  }

  /** The borders of the faces: at each point turn as far to the left's opposite as there is a piece. */
  loops(): readonly Ring[] {
    const loops: Ring[] = [];
    for (const key of [...this.#from.keys()]) {
      for (;;) {
        const start = this.#from.get(key)?.[0];
        if (start === undefined) break;
        const [x = 0, y = 0] = key.split(",").map(Number);
        loops.push(this.#walk([x, y], start));
      }
    }
    return loops;
  }

  #walk(origin: Point, first: Point): Ring {
    const loop: Point[] = [origin];
    let [at, to] = [origin, first];
    for (let step = 0; step <= this.#count; step += 1) {
      this.#take(at, to);
      if (same(to, origin)) break;
      loop.push(to);
      const next = this.#next(at, to);
      if (next === null) break;
      [at, to] = [to, next];
    }
    return loop;
  }

  #take(from: Point, to: Point): void {
    const outs = this.#from.get(keyOf(from)) ?? [];
    const place = outs.findIndex((point) => same(point, to));
    this.#from.set(keyOf(from), outs.toSpliced(place, 1));
  }

  /** Of the pieces that leave `at`, the first one clockwise from the way back. */
  #next(from: Point, at: Point): Point | null {
    const back = Math.atan2(from[1] - at[1], from[0] - at[0]);
    let best: Point | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const to of this.#from.get(keyOf(at)) ?? []) {
      const turn = back - Math.atan2(to[1] - at[1], to[0] - at[0]);
      const clockwise = turn <= 0 ? turn + 2 * Math.PI : turn;
      if (clockwise < least) [least, best] = [clockwise, to];
    }
    return best;
  }
}

/** Loops that turn left are outlines; the others are holes of the smallest outline around them. */
function polygonsOf(loops: readonly Ring[]): readonly Polygon[] {
  const plain = loops.map(withoutStraight).filter((loop) => loop.length >= 3);
  const outer = plain.filter((loop) => signedArea(loop) > 0).toSorted((a, b) => signedArea(a) - signedArea(b));
  const holes = plain.filter((loop) => signedArea(loop) < 0);
  const holesOf = outer.map((): Ring[] => []);
  for (const hole of holes) {
    const [p, q] = [hole[0] ?? [0, 0], hole[1] ?? [0, 0]];
    // A place just outside the hole, so that an outline that touches its corner cannot deceive.
    const [mx, my] = [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
    const place = outer.findIndex((ring) => -signedArea(hole) < signedArea(ring) && isInside([ring], mx, my));
    holesOf[place]?.push(hole);
  }
  const scaled = (ring: Ring): Ring => ring.map(([x, y]) => [x / GRID, y / GRID]);
  return outer
    .map((ring, place) => polygonOf([scaled(ring)], (holesOf[place] ?? []).map(scaled)))
    .toSorted((a, b) => signedArea(b.rings_px[0] ?? []) - signedArea(a.rings_px[0] ?? []));
}

/** Without points on the straight line between their neighbours. */
function withoutStraight(loop: Ring): Ring {
  return loop.filter((point, index) => {
    const [from, to] = [loop.at(index - 1) ?? point, loop[(index + 1) % loop.length] ?? point];
    return cross(from, point, to) !== 0;
  });
}
