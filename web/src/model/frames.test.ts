import { describe, expect, it } from "vitest";
import { apply, fromYaw } from "../base/rotation";
import { FrameTree, poseAt } from "./frames";
import type { Calibration, Trajectory, Vec3 } from "./records";

function calibration(frame: string, parent_frame: string, translation_m: Vec3, yaw = 0): Calibration {
  const parent_from_frame = { rotation_wxyz: fromYaw(yaw), translation_m };
  return { kind: "calibration", id: frame, sample: "s", stream: frame, frame, parent_frame, parent_from_frame };
}

const drive: Trajectory = {
  kind: "trajectory",
  id: "t",
  sample: "s",
  frame: "ego",
  parent_frame: "world",
  poses: [
    { at_ns: 0, pose: { rotation_wxyz: [1, 0, 0, 0], translation_m: [0, 0, 0] } },
    { at_ns: 100_000_000, pose: { rotation_wxyz: [1, 0, 0, 0], translation_m: [10, 0, 0] } },
  ],
};
const sensors = [calibration("lidar", "ego", [0, 0, 2]), calibration("camera", "ego", [1, 0, 1])];

describe("frames of reference", () => {
  it("goes from one sensor to another over what carries both", () => {
    const camera_from_lidar = new FrameTree(sensors, []).between("camera", 0, "lidar", 0);
    expect(camera_from_lidar && apply(camera_from_lidar, [5, 0, 0])).toEqual([4, 0, 1]);
  });

  it("test_S3_lets_the_ego_drive_on_between_two_instants", () => {
    const camera_from_lidar = new FrameTree(sensors, [drive]).between("camera", 50_000_000, "lidar", 0);
    expect(camera_from_lidar && apply(camera_from_lidar, [5, 0, 0])).toEqual([-1, 0, 1]);
  });

  it("test_T5_goes_on_for_50_ms_and_bridges_100_ms_then_it_is_missing", () => {
    const MS = 1_000_000;
    expect(poseAt(drive.poses, 25 * MS)?.translation_m).toEqual([2.5, 0, 0]);
    expect(poseAt(drive.poses, 150 * MS)?.translation_m).toEqual([15, 0, 0]);
    expect(poseAt(drive.poses, 151 * MS)).toBeNull();
    expect(poseAt(drive.poses, -51 * MS)).toBeNull();
    const far = drive.poses.map((timed) => ({ ...timed, at_ns: timed.at_ns * 2 }));
    expect(poseAt(far, 50 * MS)?.translation_m).toEqual([2.5, 0, 0]);
    expect(poseAt(far, 100 * MS)).toBeNull();
    expect(new FrameTree(sensors, [drive]).between("camera", 500 * MS, "lidar", 0)).toBeNull();
  });

  it("does not pass a missing pose over because both sides miss it", () => {
    expect(new FrameTree(sensors, [drive]).between("camera", 600_000_000, "lidar", 500_000_000)).toBeNull();
    expect(new FrameTree(sensors, [drive]).rootOf("lidar")).toBe("world");
  });

  it("gives nothing for strangers and does not hang in a ring", () => {
    const ring = new FrameTree([calibration("a", "b", [0, 0, 0]), calibration("b", "a", [0, 0, 0])], []);
    expect(ring.between("a", 0, "c", 0)).toBeNull();
  });
});
