/**
 * A cuboid from the points of an object: the ground around it removed, what hangs together kept, and the rectangle that
 * its visible sides lie closest to (the closeness criterion of L-shape fitting: a scanner sees two sides of a car, and
 * the smallest rectangle around an L is often not the right one).
 */
import { conjugate, fromYaw, rotate, type Vec3, yawOf } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import { SMALLEST_M } from "./cuboid_edit";
import { groundAround } from "./ground";
import type { PointIndex } from "./point_index";

/** Nearer to the ground than this counts as ground. */
const GROUND_M = 0.18;
/** Higher than this above the ground nothing belongs to an object on it. */
const TALLEST_M = 5;
/** An object ends where nothing is for this height. */
const GAP_M = 0.8;
const SPARE_M = 0.02;
const FEWEST = 5;
/** Thinner than this share of what was drawn: only one side was seen. */
const THIN = 0.4;
/** Outlines are drawn with some room. */
const DRAWN_SHARE = 0.85;
const MOST_SAMPLES = 1500;

export interface FitOptions {
  /** How far the heading may leave the seed's, radians; pi: any rectangle. */
  readonly turn_rad: number;
  /** A size that stays: the corner nearest to the sensor is laid on the points. */
  readonly size_m?: Vec3;
}

export interface Fit {
  readonly shape: CuboidShape;
  /** Points of the object. */
  readonly count: number;
}

type Flat = readonly [number, number];

/** Fits to what stands in the seed's outline, at any height; null when there is too little. */
export function fitToPoints(seed: CuboidShape, points: PointIndex, options: FitOptions): Fit | null {
  const ground = groundAround(seed, points);
  const column: CuboidShape = {
    centre_m: [seed.centre_m[0], seed.centre_m[1], ground.heightAt(seed.centre_m[0], seed.centre_m[1])],
    size_m: [seed.size_m[0], seed.size_m[1], 2 * TALLEST_M],
    rotation_wxyz: fromYaw(yawOf(seed.rotation_wxyz)),
  };
  const standing: Vec3[] = [];
  points.eachInside(column, (point) => {
    const place = points.placeOf(point);
    if (place[2] - ground.heightAt(place[0], place[1]) > GROUND_M) standing.push(place);
  });
  const object = largestPart(belowGap(standing, (place) => place[2] - ground.heightAt(place[0], place[1])));
  if (object.length < FEWEST) return null;
  const yaw = bestYaw(object, yawOf(seed.rotation_wxyz), options.turn_rad);
  const upright = enclosing(object, yaw);
  const bottom = ground.heightAt(upright.centre[0], upright.centre[1]);
  const tops = object.map((place) => place[2]).sort((a, b) => a - b);
  const top = (tops[Math.floor((tops.length - 1) * 0.995)] ?? bottom) + SPARE_M;
  const height = Math.max(SMALLEST_M, top - bottom);
  const shape: CuboidShape = {
    centre_m: [upright.centre[0], upright.centre[1], bottom + height / 2],
    size_m: [upright.size[0], upright.size[1], height],
    rotation_wxyz: fromYaw(yaw),
  };
  const whole = deepened(shape, seed);
  const turned = options.turn_rad >= Math.PI / 2 ? longAxisFirst(whole, yawOf(seed.rotation_wxyz)) : whole;
  return {
    shape: options.size_m === undefined ? turned : withSize(turned, options.size_m, bottom),
    count: object.length,
  };
}

/** Sorted by height, up to the first stretch where nothing is. */
function belowGap(places: readonly Vec3[], heightOf: (place: Vec3) => number): readonly Vec3[] {
  const sorted = places.map((place) => ({ place, height: heightOf(place) })).sort((a, b) => a.height - b.height);
  const end = sorted.findIndex(({ height }, index) => index > 0 && height - (sorted[index - 1]?.height ?? 0) > GAP_M);
  return sorted.slice(0, end < 0 ? sorted.length : end).map(({ place }) => place);
}

/** The part of the places that hangs together on the ground and has most of them. */
function largestPart(places: readonly Vec3[]): readonly Vec3[] {
  const cell_m = 0.4;
  const cells = new Map<string, Vec3[]>();
  const keyOf = (x: number, y: number) => `${x},${y}`;
  for (const place of places) {
    const key = keyOf(Math.floor(place[0] / cell_m), Math.floor(place[1] / cell_m));
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [place]);
    else cell.push(place);
  }
  const left = new Set(cells.keys());
  let best: Vec3[] = [];
  for (const start of cells.keys()) {
    if (!left.delete(start)) continue;
    const part: Vec3[] = [];
    const stack = [start];
    for (let key = stack.pop(); key !== undefined; key = stack.pop()) {
      part.push(...(cells.get(key) ?? []));
      const [x = 0, y = 0] = key.split(",").map(Number);
      // Two cells across: windows and thin scans leave holes.
      for (let dx = -2; dx <= 2; dx++) {
        for (let dy = -2; dy <= 2; dy++) {
          const next = keyOf(x + dx, y + dy);
          if (left.delete(next)) stack.push(next);
        }
      }
    }
    if (part.length > best.length) best = part;
  }
  return best;
}

function alongAxes(places: readonly Vec3[], yaw: number): readonly Flat[] {
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  return places.map(([x, y]) => [x * cos + y * sin, y * cos - x * sin] as const);
}

/** The turn under which the places lie closest to the sides of their rectangle, near the seed's when asked. */
function bestYaw(places: readonly Vec3[], seed: number, turn_rad: number): number {
  if (turn_rad <= 0) return seed;
  const stride = Math.max(1, Math.floor(places.length / MOST_SAMPLES));
  const some = places.filter((_, index) => index % stride === 0);
  const reach = Math.min(turn_rad, Math.PI / 4);
  const search = (middle: number, width: number, steps: number, blur_m: number) => {
    let best = { yaw: middle, score: Number.NEGATIVE_INFINITY };
    for (let step = -steps; step <= steps; step++) {
      const yaw = middle + (width * step) / steps;
      const score = closeness(alongAxes(some, yaw), blur_m);
      if (score > best.score) best = { yaw, score };
    }
    return best.yaw;
  };
  return search(search(seed, reach, 45, 0.06), (2 * reach) / 45, 20, 0.02);
}

function closeness(places: readonly Flat[], blur_m: number): number {
  const { x0, x1, y0, y1 } = extent(places);
  let score = 0;
  for (const [x, y] of places) {
    const off = Math.min(x - x0, x1 - x, y - y0, y1 - y);
    score += 1 / Math.max(blur_m, off);
  }
  return score / places.length;
}

function extent(places: readonly Flat[]) {
  let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of places) {
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  return { x0, x1, y0, y1 };
}

function enclosing(places: readonly Vec3[], yaw: number): { readonly centre: Flat; readonly size: Flat } {
  const { x0, x1, y0, y1 } = extent(alongAxes(places, yaw));
  const [cx, cy, cos, sin] = [(x0 + x1) / 2, (y0 + y1) / 2, Math.cos(yaw), Math.sin(yaw)];
  return {
    centre: [cx * cos - cy * sin, cx * sin + cy * cos],
    size: [Math.max(SMALLEST_M, x1 - x0 + 2 * SPARE_M), Math.max(SMALLEST_M, y1 - y0 + 2 * SPARE_M)],
  };
}

/** Clearly longer one way: that way is the heading. The rest is decided by the seed's heading. */
function longAxisFirst(shape: CuboidShape, seed: number): CuboidShape {
  const [length, width, height] = shape.size_m;
  const yaw = yawOf(shape.rotation_wxyz);
  const candidates = [0, 1, 2, 3].map((quarter) => {
    const crossed = quarter % 2 === 1;
    const size_m: Vec3 = crossed ? [width, length, height] : [length, width, height];
    const turned = yaw + (quarter * Math.PI) / 2;
    const off = Math.abs(Math.atan2(Math.sin(turned - seed), Math.cos(turned - seed)));
    const wrong = size_m[0] * 1.15 < size_m[1] ? Math.PI : 0;
    return { cost: off + wrong, shape: { ...shape, size_m, rotation_wxyz: fromYaw(turned) } };
  });
  return candidates.reduce((best, next) => (next.cost < best.cost ? next : best)).shape;
}

/** A side that a scanner sees edge-on says nothing of the depth behind it: there the outline as it was drawn counts. */
function deepened(shape: CuboidShape, seed: CuboidShape): CuboidShape {
  const turn = yawOf(shape.rotation_wxyz) - yawOf(seed.rotation_wxyz);
  const [cos, sin] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))];
  const drawn = [seed.size_m[0] * cos + seed.size_m[1] * sin, seed.size_m[0] * sin + seed.size_m[1] * cos];
  const [cx, cy] = shape.centre_m;
  const toSensor = rotate(conjugate(shape.rotation_wxyz), [-cx, -cy, 0]);
  const [length, width] = [0, 1].map((axis) => {
    const [found, meant] = [shape.size_m[axis] ?? 0, DRAWN_SHARE * (drawn[axis] ?? 0)];
    return found < THIN * meant ? meant : found;
  }) as [number, number];
  const [dx, dy] = rotate(shape.rotation_wxyz, [
    (Math.sign(toSensor[0]) * (shape.size_m[0] - length)) / 2,
    (Math.sign(toSensor[1]) * (shape.size_m[1] - width)) / 2,
    0,
  ]);
  return { ...shape, size_m: [length, width, shape.size_m[2]], centre_m: [cx + dx, cy + dy, shape.centre_m[2]] };
}

/** A size that stays, laid against the corner that the sensor (at the origin) sees best. */
function withSize(shape: CuboidShape, size_m: Vec3, bottom_m: number): CuboidShape {
  const [cx, cy] = shape.centre_m;
  const toSensor = rotate(conjugate(shape.rotation_wxyz), [-cx, -cy, 0]);
  const corner = [0, 1].map((axis) => {
    const side = (toSensor[axis] ?? 0) >= 0 ? 1 : -1;
    return (side * ((shape.size_m[axis] ?? 0) - (size_m[axis] ?? 0))) / 2;
  });
  const [dx, dy] = rotate(shape.rotation_wxyz, [corner[0] ?? 0, corner[1] ?? 0, 0]);
  return { ...shape, size_m, centre_m: [cx + dx, cy + dy, bottom_m + size_m[2] / 2] };
}
