import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromYaw, yawOf } from "../../base/rotation";
import { type CuboidShape, cuboidCorners } from "../../model/projection";
import { cuboidFromTop, facePushed, fitted, moved, pointsInside, turned } from "./cuboid_edit";
import type { Tile } from "./tiles";

/** A tile in millimetre steps. */
function tileOf(points_m: readonly (readonly [number, number, number])[]): Tile {
  return {
    count: points_m.length,
    scale_m: 0.001,
    offset_m: [0, 0, 0],
    steps: Int16Array.from(points_m.flat().map((value) => Math.round(value * 1000))),
    intensity: new Uint8Array(points_m.length),
    original: Uint32Array.from(points_m.keys()),
  };
}

const box: CuboidShape = { centre_m: [10, 5, 1], size_m: [4, 2, 1.5], rotation_wxyz: fromYaw(Math.PI / 2) };

describe("cuboid edits", () => {
  it("counts points in the turned box only", () => {
    const tiles = [
      tileOf([
        [10, 6.9, 1],
        [10.9, 5, 1.7],
        [11.1, 5, 1],
        [12, 5, 1],
        [10, 5, 2],
      ]),
    ];
    expect(pointsInside(box, tiles)).toBe(2);
  });

  it("takes the height of a new box from the points over its rectangle", () => {
    const post = Array.from({ length: 50 }, (_, step) => [1, 1, -1 + step * 0.04] as const);
    const made = cuboidFromTop([0, 0], [2, 3], 0, [tileOf([...post, [9, 9, 8]])], -1.5);
    expect(made.size_m[0]).toBe(2);
    expect(made.size_m[1]).toBe(3);
    expect(made.centre_m[2] - made.size_m[2] / 2).toBeCloseTo(-1.01, 2);
    expect(made.centre_m[2] + made.size_m[2] / 2).toBeCloseTo(1.01, 2);
  });

  it("stands on the ground when there are no points", () => {
    const made = cuboidFromTop([5, 5], [3, 4], 0, [], -1.5);
    expect(made.centre_m).toEqual([4, 4.5, -0.7]);
    expect(made.size_m).toEqual([2, 1, 1.6]);
  });

  it("moves along its own heading", () => {
    expect(moved(box, [1, 0, 0]).centre_m[1]).toBeCloseTo(6, 9);
    expect(yawOf(turned(box, 0.1).rotation_wxyz)).toBeCloseTo(Math.PI / 2 + 0.1, 9);
  });

  it("keeps the opposite face in place when a face is pushed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0 as const, 1 as const, 2 as const),
        fc.constantFrom(1 as const, -1 as const),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (axis, side, by_m) => {
          const next = facePushed(box, axis, side, by_m);
          const stays = (side === 1 ? 0 : 1) << axis;
          const corner = (shape: CuboidShape) => cuboidCorners(shape)[stays] ?? [Number.NaN, 0, 0];
          const [before, after] = [corner(box), corner(next)];
          expect(Math.hypot(before[0] - after[0], before[1] - after[1], before[2] - after[2])).toBeLessThan(1e-9);
          expect(next.size_m[axis]).toBeGreaterThanOrEqual(0.1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("fits to the points inside and loses none of them", () => {
    const tiles = [
      tileOf([
        [10, 6, 1],
        [10.5, 5, 1.2],
        [9.8, 4.5, 0.9],
        [30, 30, 1],
      ]),
    ];
    const tight = fitted(box, tiles);
    expect(pointsInside(tight, tiles)).toBe(3);
    expect(tight.size_m[0]).toBeCloseTo(1.5 + 0.04, 6);
    expect(tight.size_m[1]).toBeCloseTo(0.7 + 0.04, 6);
    expect(fitted(box, [])).toBe(box);
  });
});
