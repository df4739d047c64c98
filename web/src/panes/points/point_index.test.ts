import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conjugate, fromYaw, rotate, type Vec3 } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import { PointIndex } from "./point_index";
import { tileOf } from "./testing/scans";

const part = fc.double({ min: -30, max: 30, noNaN: true });
const place: fc.Arbitrary<Vec3> = fc.tuple(part, part, part);

describe("points in cells", () => {
  it("finds exactly the points inside a turned cuboid", () => {
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 60 }),
        place,
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.5, max: 25, noNaN: true }),
        (points, centre_m, yaw, size) => {
          const tile = tileOf(points);
          const index = new PointIndex([tile]);
          const shape: CuboidShape = { centre_m, size_m: [size, size / 2, size], rotation_wxyz: fromYaw(yaw) };
          const found: number[] = [];
          index.eachInside(shape, (point) => found.push(point));
          const wanted = points.flatMap((_, point) => {
            const [x, y, z] = index.placeOf(point);
            const offset: Vec3 = [x - centre_m[0], y - centre_m[1], z - centre_m[2]];
            const local = rotate(conjugate(shape.rotation_wxyz), offset);
            return local.every((part, axis) => Math.abs(part) <= (shape.size_m[axis] ?? 0) / 2 + 1e-5) ? [point] : [];
          });
          expect(found.sort((a, b) => a - b)).toEqual(wanted);
          expect(index.countInside(shape)).toBe(wanted.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("holds no points as well, and spreads that would need too many cells", () => {
    expect(
      new PointIndex([]).countInside({ centre_m: [0, 0, 0], size_m: [9, 9, 9], rotation_wxyz: [1, 0, 0, 0] }),
    ).toBe(0);
    const far = {
      ...tileOf([
        [-60, -60, 0],
        [60, 60, 0],
      ]),
      scale_m: 2,
    };
    expect(
      new PointIndex([far]).countInside({ centre_m: [6e4, 6e4, 0], size_m: [9, 9, 9], rotation_wxyz: [1, 0, 0, 0] }),
    ).toBe(1);
  });
});
