/** A bitmap's outline as a polygon: along the pixels' edges, then with as few points as a tolerance allows. */
import type { Point, Polygon } from "../records";
import { polygonOf } from "./arrangement";
import type { Bitmap } from "./bitmap";
import { isInside, type Ring, signedArea, simplifiedRing } from "./rings";

/** Null when nothing is inside. `tolerance_px` 0 keeps every corner, so that the polygon covers the same pixels. */
export function traced(bitmap: Bitmap, tolerance_px: number): Polygon | null {
  const loops = loopsOf(bitmap).map((loop) => (tolerance_px > 0 ? simplifiedRing(loop, tolerance_px) : loop));
  const plain = loops.filter((loop) => loop.length >= 3);
  const rings = plain.filter((loop) => signedArea(loop) > 0);
  const holes = plain.filter((loop) => signedArea(loop) < 0);
  // A hole that simplification has left without a ring around it says nothing.
  const held = holes.filter((hole) => isInside(rings, ...middleOf(hole)) || tolerance_px === 0);
  return rings.length === 0 ? null : polygonOf(rings, held);
}

function middleOf(ring: Ring): Point {
  const [a, b] = [ring[0] ?? [0, 0], ring[1] ?? [0, 0]];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** Directions on the lattice in turning order (x, y, -x, -y): inside lies on the side that y turns to. */
const STEPS: readonly Point[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/** Closed walks along the border, corners only; the inside lies where a positive area has it. */
function loopsOf(bitmap: Bitmap): readonly Ring[] {
  const { x0, y0, x1, y1 } = bitmap.area;
  // For each lattice point the directions that leave it, as bits.
  const wide = x1 - x0 + 1;
  const leaving = new Uint8Array(wide * (y1 - y0 + 1));
  const starts: number[] = [];
  const at = (x: number, y: number) => (y - y0) * wide + (x - x0);
  const add = (x: number, y: number, direction: number) => {
    const place = at(x, y);
    if (leaving[place] === 0) starts.push(place);
    leaving[place] = (leaving[place] ?? 0) | (1 << direction);
  };
  bitmap.eachBorder((x, y, side) => {
    if (side === 0) add(x, y, 0);
    else if (side === 1) add(x + 1, y, 1);
    else if (side === 2) add(x + 1, y + 1, 2);
    else add(x, y + 1, 3);
  });
  const loops: Ring[] = [];
  for (const place of starts) {
    while ((leaving[place] ?? 0) !== 0) {
      const start: Point = [x0 + (place % wide), y0 + Math.floor(place / wide)];
      loops.push(walk(start, leaving, at));
    }
  }
  return loops;
}

function walk(start: Point, leaving: Uint8Array, at: (x: number, y: number) => number): Ring {
  const loop: Point[] = [];
  let [x, y] = start;
  let direction = -1;
  for (;;) {
    const bits = leaving[at(x, y)] ?? 0;
    // Where two pixels touch at a corner, turn so that each keeps its own outline.
    const order = direction < 0 ? [0, 1, 2, 3] : [direction + 1, direction, direction + 3].map((turn) => turn % 4);
    const next = order.find((turn) => (bits & (1 << turn)) !== 0);
    if (next === undefined) break;
    leaving[at(x, y)] = bits & ~(1 << next);
    if (next !== direction) loop.push([x, y]);
    direction = next;
    const [dx, dy] = STEPS[next] ?? [0, 0];
    [x, y] = [x + dx, y + dy];
    if (x === start[0] && y === start[1]) break;
  }
  return loop;
}
