import { describe, expect, it } from "vitest";
import { fromYaw, IDENTITY, type RigidTransform, yawOf } from "../../base/rotation";
import type { Annotation, Cuboid, Region } from "../../model/records";
import { regionOf, shownCuboids } from "./shown_cuboids";

const cuboid: Cuboid = {
  type: "cuboid",
  frame: "world",
  centre_m: [10, 0, 1],
  size_m: [4, 2, 1.5],
  rotation_wxyz: [1, 0, 0, 0],
};
const pane_from_world: RigidTransform = { rotation_wxyz: fromYaw(Math.PI / 2), translation_m: [0, 0, -1] };
const paneFrom = (frame: string) => (frame === "world" ? pane_from_world : frame === "lidar" ? IDENTITY : null);

function annotation(region: Region, rest: Partial<Annotation> = {}): Annotation {
  return { kind: "annotation", id: "a", sample: "s", stream: "p", layer: "l", class_id: "c", region, ...rest };
}

describe("cuboids of a sweep", () => {
  it("brings them into the pane's frame and back without loss", () => {
    const [shown] = shownCuboids([annotation(cuboid)], { index: 0, at_ns: 0 }, paneFrom);
    expect(shown?.shape.centre_m[1]).toBeCloseTo(10, 9);
    expect(shown?.shape.centre_m[2]).toBeCloseTo(0, 9);
    expect(shown && yawOf(shown.shape.rotation_wxyz)).toBeCloseTo(Math.PI / 2, 9);
    const back = shown && regionOf(shown.shape, shown.frame, shown.pane_from_frame);
    back?.centre_m.forEach((value, axis) => {
      expect(value).toBeCloseTo(cuboid.centre_m[axis] ?? Number.NaN, 9);
    });
    expect(back && yawOf(back.rotation_wxyz)).toBeCloseTo(0, 9);
  });

  it("test_T3_shows_a_cuboid_on_its_own_sweep_only", () => {
    const moment = { index: 2, at_ns: 200 };
    expect(shownCuboids([annotation(cuboid, { index: 2, at_ns: 999 })], moment, paneFrom)).toHaveLength(1);
    expect(shownCuboids([annotation(cuboid, { index: 1, at_ns: 200 })], moment, paneFrom)).toHaveLength(0);
    expect(shownCuboids([annotation(cuboid, { at_ns: 200 })], moment, paneFrom)).toHaveLength(1);
    expect(shownCuboids([annotation({ ...cuboid, frame: "elsewhere" })], moment, paneFrom)).toHaveLength(0);
  });
});
