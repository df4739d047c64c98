import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromYaw, yawOf } from "../../base/rotation";
import { type CuboidShape, cuboidCorners, placeOn } from "../../model/projection";
import { dragged, facePushed, moved, quarterTurned, resizedOnFloor, turned, turnedInView } from "./cuboid_edit";
import { handleAt, placeInView, turnPlace } from "./draw_cuboids";

const box: CuboidShape = { centre_m: [10, 5, 1], size_m: [4, 2, 1.5], rotation_wxyz: fromYaw(Math.PI / 2) };

describe("cuboid edits", () => {
  it("moves along its own heading and turns about the vertical", () => {
    expect(moved(box, [1, 0, 0]).centre_m[1]).toBeCloseTo(6, 9);
    expect(yawOf(turned(box, 0.1).rotation_wxyz)).toBeCloseTo(Math.PI / 2 + 0.1, 9);
  });

  it("keeps the outline when the heading is turned a quarter", () => {
    const before = cuboidCorners(box).map((corner) => corner.map((part) => part.toFixed(6)).join());
    const after = cuboidCorners(quarterTurned(box)).map((corner) => corner.map((part) => part.toFixed(6)).join());
    expect(after.sort()).toEqual(before.sort());
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

  it("keeps the floor when another key frame gives the size", () => {
    const next = resizedOnFloor(box, [5, 3, 2.5]);
    expect(next.centre_m[2] - next.size_m[2] / 2).toBeCloseTo(0.25, 9);
    expect(next.size_m).toEqual([5, 3, 2.5]);
  });
});

describe("handles of the flat views", () => {
  it.each(["top", "side", "front"] as const)(
    "drags faces, edges and the turn in the %s view to the pointer",
    (view) => {
      for (const [across, upwards] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
        [1, 1],
        [-1, 1],
      ] as const) {
        const from = placeInView(box, view, across, upwards);
        const handle = handleAt(box, view, 40, from);
        expect(handle).toEqual({ kind: "faces", across, upwards });
        if (handle === null) continue;
        const to = placeInView(box, view, across * 1.5, upwards * 1.5);
        const next = dragged(box, view, handle, from, to);
        const [end, opposite] = [placeInView(next, view, across, upwards), placeInView(next, view, -across, -upwards)];
        const stays = placeInView(box, view, -across, -upwards);
        for (const axis of [0, 1, 2] as const) {
          expect(end[axis]).toBeCloseTo(to[axis], 9);
          expect(opposite[axis]).toBeCloseTo(stays[axis], 9);
        }
      }
      const knob = turnPlace(box, view, 40);
      expect(handleAt(box, view, 40, knob)).toEqual({ kind: "turn" });
      const aim = turnPlace(turnedInView(box, view, 0.3), view, 40);
      const next = dragged(box, view, { kind: "turn" }, knob, aim);
      const [found, wanted] = [placeOn(next, 1, 1, 1), placeOn(turnedInView(box, view, 0.3), 1, 1, 1)];
      for (const axis of [0, 1, 2] as const) expect(found[axis]).toBeCloseTo(wanted[axis], 6);
    },
  );

  it("moves by the middle and lets go outside", () => {
    expect(handleAt(box, "top", 40, box.centre_m)).toEqual({ kind: "body" });
    expect(handleAt(box, "top", 40, [20, 5, 1])).toBeNull();
    // From far away a cuboid of a few pixels can still be moved.
    expect(handleAt(box, "top", 3, box.centre_m)).toEqual({ kind: "body" });
    expect(dragged(box, "side", { kind: "body" }, [0, 0, 0], [0, 1, 2]).centre_m).toEqual([10, 6, 3]);
  });
});
