import { describe, expect, it } from "vitest";
import { yawOf } from "../../base/rotation";
import { eyeOf, groundInOrbit, type Orbit, seenInOrbit } from "./cameras";
import { begun, extended, seedOf } from "./ground_drawing";

describe("outlines on the ground", () => {
  it("spans a rectangle that lies as the view does", () => {
    const seed = seedOf(extended(begun([0, 0, -1.7], Math.PI / 4, "rectangle"), [2, 2, -1.7]));
    expect(seed?.size_m[0]).toBeCloseTo(Math.SQRT2 * 2, 9);
    expect(seed?.size_m[1]).toBeCloseTo(0.1, 9);
    expect(seed?.centre_m[2]).toBeCloseTo(-0.9, 9);
    expect(seedOf(begun([0, 0, 0], 0, "rectangle"))).toBeNull();
  });

  it("takes the heading from the first drag and the width from the second", () => {
    const axis = extended(begun([0, 0, 0], 0, "axis"), [0, 4, 0]);
    expect(yawOf(seedOf(axis)?.rotation_wxyz ?? [1, 0, 0, 0])).toBeCloseTo(Math.PI / 2, 9);
    const seed = seedOf(extended({ ...axis, kind: "width" }, [1.25, 9, 0]));
    expect(seed?.size_m[0]).toBeCloseTo(4, 9);
    expect(seed?.size_m[1]).toBeCloseTo(2.5, 9);
  });

  it("finds the ground under the pointer in perspective, and none in the sky", () => {
    const orbit: Orbit = { target_m: [1, 2, 0], yaw_rad: 2.4, pitch_rad: 0.4, distance_m: 20 };
    const rect = { x: 40, y: 10, width: 400, height: 300 };
    const place = [3.5, -1.25, -1.7] as const;
    const seen = seenInOrbit(orbit, rect, place);
    const found = groundInOrbit(orbit, rect, seen?.[0] ?? 0, seen?.[1] ?? 0, -1.7);
    for (const axis of [0, 1, 2] as const) expect(found?.[axis]).toBeCloseTo(place[axis], 9);
    expect(groundInOrbit({ ...orbit, pitch_rad: 0 }, rect, 240, 20, -1.7)).toBeNull();
    expect(eyeOf(orbit)[2]).toBeGreaterThan(0);
  });
});
