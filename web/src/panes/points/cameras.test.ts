import { describe, expect, it } from "vitest";
import { eyeOf, type Orbit, pannedOrbit, seenInOrbit, turnedOrbit } from "./cameras";

const rect = { x: 100, y: 0, width: 400, height: 300 };
const orbit: Orbit = { target_m: [1, 2, 0], yaw_rad: Math.PI, pitch_rad: 0.4, distance_m: 20 };

describe("orbit of the point pane", () => {
  it("sees its target in the middle, at its distance", () => {
    const seen = seenInOrbit(orbit, rect, orbit.target_m);
    expect(seen?.[0]).toBeCloseTo(300, 9);
    expect(seen?.[1]).toBeCloseTo(150, 9);
    expect(seen?.[2]).toBeCloseTo(20, 9);
  });

  it("looks forward from behind: left is left, up is up, what is behind is gone", () => {
    const [x, y, z] = orbit.target_m;
    expect(seenInOrbit(orbit, rect, [x, y + 1, z])?.[0]).toBeLessThan(300);
    expect(seenInOrbit(orbit, rect, [x, y, z + 1])?.[1]).toBeLessThan(150);
    const eye = eyeOf(orbit);
    expect(seenInOrbit(orbit, rect, [eye[0] - 5, eye[1], eye[2]])).toBeNull();
  });

  it("drags the ground along with the pointer", () => {
    const before = seenInOrbit(orbit, rect, [1, 2, 0]);
    const after = seenInOrbit(pannedOrbit(orbit, 30, 0, 300), rect, [1, 2, 0]);
    expect((after?.[0] ?? 0) - (before?.[0] ?? 0)).toBeCloseTo(30, 6);
    expect(turnedOrbit(orbit, 0, 9999).pitch_rad).toBe(1.55);
  });
});
