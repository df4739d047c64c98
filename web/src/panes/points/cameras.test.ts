import { describe, expect, it } from "vitest";
import { eyeOf, groundAt, type Orbit, pannedOrbit, seenFromTop, seenInOrbit, turnedOrbit, zoomedTop } from "./cameras";

const rect = { x: 100, y: 0, width: 400, height: 300 };
const orbit: Orbit = { target_m: [1, 2, 0], yaw_rad: Math.PI, pitch_rad: 0.4, distance_m: 20 };
const top = { x_m: 5, y_m: -3, px_per_m: 10 };

describe("cameras of the point pane", () => {
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

  it("maps the ground with x up and y left, and back", () => {
    expect(seenFromTop(top, rect, [6, -3, 0])).toEqual([300, 140]);
    expect(seenFromTop(top, rect, [5, -2, 0])).toEqual([290, 150]);
    expect(groundAt(top, rect, ...seenFromTop(top, rect, [7.5, 1, 9]))).toEqual([7.5, 1]);
  });

  it("keeps the place under the pointer when zooming the map", () => {
    const near = zoomedTop(top, rect, 220, 90, 2);
    const [a, b] = [groundAt(top, rect, 220, 90), groundAt(near, rect, 220, 90)];
    expect(b[0]).toBeCloseTo(a[0], 9);
    expect(b[1]).toBeCloseTo(a[1], 9);
  });
});
