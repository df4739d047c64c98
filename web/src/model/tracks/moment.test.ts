import { describe, expect, it } from "vitest";
import { fromYaw, yawOf } from "../../base/rotation";
import type { Box, Cuboid, Shape, Track } from "../records";
import { shapeAt, withKeyFrame } from ".";

const box = (x: number): Box => ({ type: "box", x0_px: x, y0_px: 0, x1_px: x + 10, y1_px: 20 });
const track = (...keys: [number, Shape | null][]): Track => ({
  type: "track",
  key_frames: keys.map(([at_ns, shape]) => ({ at_ns, shape })),
});

describe("tracks", () => {
  it("moves in a straight line in time, not in frame index", () => {
    const moment = shapeAt(track([0, box(0)], [1000, box(100)]), 250);
    expect(moment).toEqual({ shape: box(25), keyed: false, held: false, occluded: false, attributes: {} });
  });

  it("is keyed only where a key frame stands", () => {
    const t = track([0, box(0)], [1000, box(100)]);
    expect(shapeAt(t, 1000)?.keyed).toBe(true);
    expect(shapeAt(t, 999)?.keyed).toBe(false);
  });

  it("is absent outside of its key frames and from an empty one on, and holds what comes before it", () => {
    const t = track([100, box(0)], [200, null], [300, box(50)]);
    expect(shapeAt(t, 99)).toBeNull();
    expect(shapeAt(t, 199)?.shape).toEqual(box(0));
    expect(shapeAt(t, 200)).toBeNull();
    expect(shapeAt(t, 299)).toBeNull();
    expect(shapeAt(t, 300)?.shape).toEqual(box(50));
    expect(shapeAt(t, 301)).toBeNull();
    expect(shapeAt(t, 9999, { hold: true })?.shape).toEqual(box(50));
  });

  it("turns cuboids and boxes the short way round", () => {
    const cuboid = (yaw: number): Cuboid => ({
      type: "cuboid",
      frame: "lidar",
      centre_m: [0, 0, 0],
      size_m: [4, 2, 1],
      rotation_wxyz: fromYaw(yaw),
    });
    const half = shapeAt(track([0, cuboid(3.1)], [10, cuboid(-3.1)]), 5)?.shape;
    expect(half?.type === "cuboid" && Math.abs(yawOf(half.rotation_wxyz))).toBeCloseTo(Math.PI, 9);
    const turned = (angle_rad: number): Shape => ({
      type: "rotated_box",
      cx_px: 0,
      cy_px: 0,
      width_px: 2,
      height_px: 1,
      angle_rad,
    });
    const middle = shapeAt(track([0, turned(0.1)], [10, turned(2 * Math.PI - 0.1)]), 5)?.shape;
    expect(middle?.type === "rotated_box" && middle.angle_rad).toBeCloseTo(0, 9);
  });

  it("makes an edited moment a key frame, in order, replacing the one at the same time", () => {
    const t = withKeyFrame(track([0, box(0)], [1000, box(100)]), { at_ns: 500, shape: box(7) });
    expect(t.key_frames.map((key) => key.at_ns)).toEqual([0, 500, 1000]);
    expect(withKeyFrame(t, { at_ns: 500, shape: box(8) }).key_frames[1]?.shape).toEqual(box(8));
  });
});
