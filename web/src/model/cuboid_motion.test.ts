import { describe, expect, it } from "vitest";
import { fromYaw, yawOf } from "../base/rotation";
import { cuboidAt, sightings, type TimedCuboid } from "./cuboid_motion";
import { FrameTree } from "./frames";
import type { Annotation, Cuboid, Trajectory } from "./records";

const MS = 1_000_000;
const still = { rotation_wxyz: [1, 0, 0, 0], translation_m: [0, 0, 0] } as const;

function box(x: number, yaw = 0, frame = "world"): Cuboid {
  return { type: "cuboid", frame, centre_m: [x, 0, 0], size_m: [4, 2, 1.5], rotation_wxyz: fromYaw(yaw) };
}

/** An ego that drives 1 m in 100 ms. */
const drive: Trajectory = {
  kind: "trajectory",
  id: "t",
  sample: "s",
  frame: "ego",
  parent_frame: "world",
  poses: [0, 1, 2, 3].map((step) => ({ at_ns: step * 100 * MS, pose: { ...still, translation_m: [step, 0, 0] } })),
};
const tree = new FrameTree([], [drive]);
const at = (ms: number, cuboid: Cuboid): TimedCuboid => ({ at_ns: ms * MS, cuboid });

describe("a cuboid's object in time", () => {
  it("test_S3_moves_with_its_track_and_not_with_the_ego", () => {
    // It stands still in the world, so the ego comes nearer to it.
    const seen = [at(0, box(10, 0, "ego")), at(200, box(8, 0, "ego"))];
    expect(cuboidAt(seen, 0, "ego", tree)?.centre_m[0]).toBeCloseTo(10, 9);
    expect(cuboidAt(seen, 50 * MS, "ego", tree)?.centre_m[0]).toBeCloseTo(9.5, 9);
    expect(cuboidAt(seen, 50 * MS, "world", tree)?.centre_m[0]).toBeCloseTo(10, 9);
  });

  it("turns on the shortest way between key frames", () => {
    const seen = [at(0, box(0, 3.1)), at(100, box(0, -3.1))];
    expect(Math.abs(yawOf(cuboidAt(seen, 50 * MS, "world", tree)?.rotation_wxyz ?? [1, 0, 0, 0]))).toBeCloseTo(
      Math.PI,
      6,
    );
  });

  it("carries on at its speed a little beyond its key frames, then is unknown", () => {
    const seen = [at(0, box(0)), at(100, box(2, 0.2))];
    const later = cuboidAt(seen, 150 * MS, "world", tree);
    expect(later?.centre_m[0]).toBeCloseTo(3, 9);
    expect(yawOf(later?.rotation_wxyz ?? [1, 0, 0, 0])).toBeCloseTo(0.2, 9);
    expect(cuboidAt(seen, -50 * MS, "world", tree)?.centre_m[0]).toBeCloseTo(-1, 9);
    expect(cuboidAt(seen, 251 * MS, "world", tree)).toBeNull();
    expect(cuboidAt([], 0, "world", tree)).toBeNull();
  });

  it("rests in the world when it was seen once", () => {
    const seen = [at(0, box(10, 0, "ego"))];
    expect(cuboidAt(seen, 100 * MS, "ego", tree)?.centre_m[0]).toBeCloseTo(9, 9);
  });

  it("takes the cuboids of one entity in one stream for key frames", () => {
    const made = (id: string, at_ns: number, entity: string | null, stream = "lidar"): Annotation => ({
      kind: "annotation",
      id,
      sample: "s",
      stream,
      layer: "l",
      class_id: "car",
      region: box(at_ns),
      at_ns,
      entity,
    });
    const all = [
      made("b", 2, "e"),
      made("a", 1, "e"),
      made("c", 3, "f"),
      made("d", 4, "e", "other"),
      made("n", 5, null),
    ];
    const times = (id: string) => {
      const own = all.find((annotation) => annotation.id === id) as Annotation;
      return sightings(
        own,
        all,
        (ns) => ns,
        (other) => other.at_ns ?? null,
        0,
      ).map((seen) => seen.at_ns);
    };
    expect(times("a")).toEqual([1, 2]);
    expect(times("n")).toEqual([5]);
  });
});
