import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  apply,
  compose,
  fromYaw,
  invert,
  normalise,
  type RigidTransform,
  rotate,
  slerp,
  type Vec3,
  yawOf,
} from "./rotation";

const number = fc.double({ min: -50, max: 50, noNaN: true });
const vec3: fc.Arbitrary<Vec3> = fc.tuple(number, number, number);
const quat = fc
  .tuple(number, number, number, number)
  .filter((q) => Math.hypot(...q) > 1)
  .map(normalise);
const transform: fc.Arbitrary<RigidTransform> = fc.record({ rotation_wxyz: quat, translation_m: vec3 });

function expectClose(got: readonly number[], wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length);
  got.forEach((value, index) => {
    expect(value).toBeCloseTo(wanted[index] ?? Number.NaN, 6);
  });
}

describe("rotation", () => {
  it("turns x to y by a quarter turn about z", () => {
    expectClose(rotate(fromYaw(Math.PI / 2), [1, 0, 0]), [0, 1, 0]);
  });

  it("undoes every rigid transform by its inverse", () => {
    fc.assert(
      fc.property(transform, vec3, (t, p) => expectClose(apply(invert(t), apply(t, p)), p)),
      { numRuns: 50 },
    );
  });

  it("composes as applying one after the other", () => {
    fc.assert(
      fc.property(transform, transform, vec3, (c_from_b, b_from_a, p) =>
        expectClose(apply(compose(c_from_b, b_from_a), p), apply(c_from_b, apply(b_from_a, p))),
      ),
      { numRuns: 50 },
    );
  });

  it("takes the short way between headings on both sides of pi", () => {
    expect(Math.abs(yawOf(slerp(fromYaw(3), fromYaw(-3), 0.5)))).toBeCloseTo(Math.PI, 9);
  });
});
