/** The ground around an object, as a plane: from the lowest points near by, what stands on it left out. */
import { fromYaw, yawOf } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import type { PointIndex } from "./point_index";

export interface Ground {
  /** z at a place, metres. */
  heightAt(x_m: number, y_m: number): number;
}

const CELL_M = 0.4;
const AROUND_M = 2;
/** Further from the plane than this is not ground. */
const OFF_M = 0.2;
/** Steeper than this is no ground to stand on. */
const STEEPEST = 0.35;

interface Low {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export function groundAround(shape: CuboidShape, points: PointIndex): Ground {
  const lowest = new Map<string, Low>();
  const around: CuboidShape = {
    centre_m: shape.centre_m,
    size_m: [shape.size_m[0] + 2 * AROUND_M, shape.size_m[1] + 2 * AROUND_M, 2e4],
    rotation_wxyz: fromYaw(yawOf(shape.rotation_wxyz)),
  };
  points.eachInside(around, (point) => {
    const [x, y, z] = points.placeOf(point);
    const key = `${Math.floor(x / CELL_M)},${Math.floor(y / CELL_M)}`;
    const known = lowest.get(key);
    if (known === undefined || z < known.z) lowest.set(key, { x, y, z });
  });
  const lows = [...lowest.values()];
  if (lows.length === 0) {
    const bottom = shape.centre_m[2] - shape.size_m[2] / 2;
    return { heightAt: () => bottom };
  }
  const sorted = lows.map(({ z }) => z).sort((a, b) => a - b);
  let plane = { a: 0, b: 0, c: sorted[Math.floor((sorted.length - 1) * 0.2)] ?? 0 };
  const [x0, y0] = shape.centre_m;
  for (let turn = 0; turn < 5; turn++) {
    const { a, b, c } = plane;
    const near = lows.filter(({ x, y, z }) => Math.abs(z - (a * (x - x0) + b * (y - y0) + c)) < OFF_M);
    const next = leastSquares(near, x0, y0);
    if (next === null) break;
    plane = next;
  }
  return { heightAt: (x, y) => plane.a * (x - x0) + plane.b * (y - y0) + plane.c };
}

/** z = a (x - x0) + b (y - y0) + c; level where the points do not say how it tilts; null without points. */
function leastSquares(lows: readonly Low[], x0: number, y0: number) {
  const n = lows.length;
  if (n === 0) return null;
  const mean = (of: (low: Low) => number) => lows.reduce((sum, low) => sum + of(low), 0) / n;
  const [mx, my, mz] = [mean(({ x }) => x - x0), mean(({ y }) => y - y0), mean(({ z }) => z)];
  let [xx, xy, yy, xz, yz] = [0, 0, 0, 0, 0];
  for (const low of lows) {
    const [dx, dy, dz] = [low.x - x0 - mx, low.y - y0 - my, low.z - mz];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
    xz += dx * dz;
    yz += dy * dz;
  }
  const level = { a: 0, b: 0, c: mz };
  const det = xx * yy - xy * xy;
  if (n < 8 || det < 0.05 * xx * yy || Math.min(xx, yy) / n < 0.25) return level;
  const [a, b] = [(xz * yy - yz * xy) / det, (yz * xx - xz * xy) / det];
  return Math.hypot(a, b) > STEEPEST ? level : { a, b, c: mz - a * mx - b * my };
}
