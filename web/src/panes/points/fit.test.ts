import { describe, expect, it } from "vitest";
import { fromYaw, yawOf } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import { fitToPoints } from "./fit";
import { PointIndex } from "./point_index";
import { car, ground, seenSides, tileOf } from "./testing/scans";

function off(found: number, wanted: number, period: number): number {
  const turns = (found - wanted) / period;
  return Math.abs(turns - Math.round(turns)) * period;
}

/** An outline as a hand draws it: too large, askew. */
function sketch(shape: CuboidShape, by_rad: number): CuboidShape {
  return {
    ...shape,
    size_m: [shape.size_m[0] + 0.9, shape.size_m[1] + 0.9, 1.6],
    rotation_wxyz: fromYaw(yawOf(shape.rotation_wxyz) + by_rad),
  };
}

describe("fit to points", () => {
  it.each([0, 0.35, 1.2, 2.4, -0.3])("finds a car of which two sides are seen, heading %f", (yaw) => {
    const truth = car(9, 6, -1.7, yaw);
    const points = new PointIndex([tileOf([...ground([9, 6, -1.7], 0, truth), ...seenSides(truth)])]);
    const fit = fitToPoints(sketch(truth, 0.2), points, { turn_rad: Math.PI });
    expect(fit).not.toBeNull();
    if (fit === null) return;
    expect(off(yawOf(fit.shape.rotation_wxyz), yaw, 2 * Math.PI)).toBeLessThan(0.02);
    for (const axis of [0, 1, 2] as const) {
      expect(Math.abs(fit.shape.centre_m[axis] - truth.centre_m[axis])).toBeLessThan(0.12);
      expect(Math.abs(fit.shape.size_m[axis] - truth.size_m[axis])).toBeLessThan(0.2);
    }
  });

  it("stands the cuboid on sloping ground and leaves a roof above it out", () => {
    const truth = car(8, -5, -1.5, 0.4);
    const roof = ground([8, -5, 2.6], 0, null, 0.5);
    const points = new PointIndex([tileOf([...ground([8, -5, -1.5], 0.06, truth), ...seenSides(truth), ...roof])]);
    const fit = fitToPoints(sketch(truth, -0.15), points, { turn_rad: Math.PI });
    const bottom = (fit?.shape.centre_m[2] ?? 9) - (fit?.shape.size_m[2] ?? 9) / 2;
    expect(Math.abs(bottom - -1.5)).toBeLessThan(0.1);
    expect(fit?.shape.size_m[2]).toBeLessThan(1.75);
  });

  it("takes the depth behind a single side that is seen from the outline", () => {
    const truth = car(9, 6, -1.7, -0.8);
    const points = new PointIndex([tileOf([...ground([9, 6, -1.7], 0, truth), ...seenSides(truth)])]);
    const fit = fitToPoints({ ...truth, size_m: [5.2, 2.3, 1.6] }, points, { turn_rad: Math.PI });
    expect(Math.abs((fit?.shape.size_m[0] ?? 0) - 4.4)).toBeLessThan(0.2);
    expect(fit?.shape.size_m[1]).toBeCloseTo(0.85 * 2.3, 1);
    expect(Math.hypot((fit?.shape.centre_m[0] ?? 0) - 9, (fit?.shape.centre_m[1] ?? 0) - 6)).toBeLessThan(0.15);
  });

  it("keeps a neighbour in the outline's corner out", () => {
    const truth = car(10, 4, -1.7, 0);
    const post = Array.from({ length: 12 }, (_, step) => [12.5, 5.3, -1.4 + step * 0.1] as const);
    const points = new PointIndex([tileOf([...ground([10, 4, -1.7], 0, truth), ...seenSides(truth), ...post])]);
    const fit = fitToPoints({ ...truth, size_m: [5.4, 2.9, 1.6] }, points, { turn_rad: Math.PI });
    expect(Math.abs((fit?.shape.size_m[0] ?? 0) - 4.4)).toBeLessThan(0.2);
    expect(Math.abs((fit?.shape.centre_m[1] ?? 0) - 4)).toBeLessThan(0.12);
  });

  it("lays a locked size against the corner that is seen", () => {
    const truth = car(9, 6, -1.7, 0.3);
    // Only its rear face is seen: the length comes from the lock.
    const rear = seenSides(truth).filter(([x, y]) => (x - 9) * Math.cos(0.3) + (y - 6) * Math.sin(0.3) < -2.15);
    const points = new PointIndex([tileOf([...ground([9, 6, -1.7], 0, truth), ...rear])]);
    const fit = fitToPoints(sketch(truth, 0.05), points, { turn_rad: 0.26, size_m: truth.size_m });
    expect(fit?.shape.size_m).toEqual(truth.size_m);
    expect(Math.abs((fit?.shape.centre_m[0] ?? 0) - truth.centre_m[0])).toBeLessThan(0.15);
    expect(Math.abs((fit?.shape.centre_m[1] ?? 0) - truth.centre_m[1])).toBeLessThan(0.15);
  });

  it("keeps the heading within what is allowed", () => {
    const truth = car(9, 6, -1.7, 0.5);
    const points = new PointIndex([tileOf([...ground([9, 6, -1.7], 0, truth), ...seenSides(truth)])]);
    const fit = fitToPoints(sketch(truth, 0.3), points, { turn_rad: 0.1 });
    expect(off(yawOf(fit?.shape.rotation_wxyz ?? [1, 0, 0, 0]), 0.8, 2 * Math.PI)).toBeLessThan(0.12);
    const still = fitToPoints(sketch(truth, 0.3), points, { turn_rad: 0 });
    expect(yawOf(still?.shape.rotation_wxyz ?? [1, 0, 0, 0])).toBeCloseTo(0.8, 9);
  });

  it("gives nothing where nothing stands", () => {
    const seed = car(9, 6, -1.7, 0);
    expect(fitToPoints(seed, new PointIndex([]), { turn_rad: Math.PI })).toBeNull();
    const bare = new PointIndex([tileOf(ground([9, 6, -1.7], 0, null))]);
    expect(fitToPoints(seed, bare, { turn_rad: Math.PI })).toBeNull();
  });
});
