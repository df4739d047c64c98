import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { IDENTITY, type RigidTransform, type Vec3 } from "../base/rotation";
import { FrameTree } from "./frames";
import { type CameraModel, canProject, projectPoint } from "./lenses";
import { CUBOID_EDGES, type CuboidShape, cuboidCorners, hiddenEdges, projectCuboid } from "./projection";
import type { Calibration, Trajectory } from "./records";

interface Golden {
  readonly cameras: Readonly<Record<string, CameraModel>>;
  readonly points: readonly { camera: string; point_camera_m: Vec3; pixel: readonly [number, number] | null }[];
  readonly cuboids: readonly {
    camera: string;
    cuboid: CuboidShape;
    camera_from_frame: RigidTransform;
    last_row_camera_from_frame: RigidTransform | null;
    projected: {
      amodal_px: readonly number[];
      visible_px: readonly number[] | null;
      truncation: number;
      depth_m: number;
    } | null;
  }[];
  readonly frames: {
    readonly calibrations: readonly Calibration[];
    readonly trajectories: readonly Trajectory[];
    readonly asked: readonly {
      dst: string;
      dst_at_ns: number;
      src: string;
      src_at_ns: number;
      dst_from_src: RigidTransform | null;
    }[];
  };
}

const golden: Golden = JSON.parse(readFileSync(new URL("./golden_projection.json", import.meta.url), "utf8"));
const camera: CameraModel = { fx_px: 100, fy_px: 100, cx_px: 159.5, cy_px: 119.5, width_px: 320, height_px: 240 };
const ahead = { centre_m: [0, 0, 10], size_m: [2, 2, 2], rotation_wxyz: [1, 0, 0, 0] } as const;

describe("against the server's numbers", () => {
  it.each(Object.keys(golden.cameras))("test_S4_projects points through %s", (name) => {
    const model = golden.cameras[name] as CameraModel;
    const points = golden.points.filter((point) => point.camera === name);
    expect(points.length).toBeGreaterThan(20);
    for (const { point_camera_m, pixel } of points) {
      const found = projectPoint(model, point_camera_m);
      if (pixel === null) expect(found, JSON.stringify(point_camera_m)).toBeNull();
      else for (const axis of [0, 1] as const) expect(found?.[axis]).toBeCloseTo(pixel[axis], 6);
    }
  });

  it.each(Object.keys(golden.cameras))("test_S3_projects cuboids through %s", (name) => {
    const model = golden.cameras[name] as CameraModel;
    for (const { camera: used, cuboid, camera_from_frame, last_row_camera_from_frame, projected } of golden.cuboids) {
      if (used !== name) continue;
      const found = projectCuboid(cuboid, camera_from_frame, model, last_row_camera_from_frame);
      if (projected === null) {
        expect(found).toBeNull();
        continue;
      }
      const corners = (box: typeof found extends infer P ? (P extends { visible_px: infer B } ? B : never) : never) =>
        box === null ? null : [box.x0, box.y0, box.x1, box.y1];
      expect(found).not.toBeNull();
      if (found === null) continue;
      expect(found.truncation).toBeCloseTo(projected.truncation, 6);
      expect(found.depth_m).toBeCloseTo(projected.depth_m, 9);
      closeTo(corners(found.amodal_px), projected.amodal_px);
      closeTo(corners(found.visible_px), projected.visible_px);
    }
  });

  it("test_S3_finds the same transforms between frames and instants", () => {
    const tree = new FrameTree(golden.frames.calibrations, golden.frames.trajectories);
    for (const { dst, dst_at_ns, src, src_at_ns, dst_from_src } of golden.frames.asked) {
      const found = tree.between(dst, dst_at_ns, src, src_at_ns);
      if (dst_from_src === null) expect(found, `${dst} ${dst_at_ns} ${src} ${src_at_ns}`).toBeNull();
      else {
        closeTo(found?.translation_m ?? null, dst_from_src.translation_m);
        const dot = dst_from_src.rotation_wxyz.reduce(
          (sum, part, axis) => sum + part * (found?.rotation_wxyz[axis] ?? 0),
          0,
        );
        expect(Math.abs(dot)).toBeCloseTo(1, 9);
      }
    }
  });
});

function closeTo(found: readonly number[] | null, wanted: readonly number[] | null): void {
  if (wanted === null) expect(found).toBeNull();
  else {
    expect(found).toHaveLength(wanted.length);
    wanted.forEach((value, index) => {
      expect(Math.abs((found?.[index] ?? Number.NaN) - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
    });
  }
}

describe("projection", () => {
  it("test_S4_puts_the_optical_axis_half_a_pixel_beyond_the_centre_convention", () => {
    expect(projectPoint(camera, [0, 0, 5])).toEqual([160, 120]);
  });

  it("gives nothing for what lies behind or through a lens it does not know", () => {
    expect(projectPoint(camera, [0, 0, -5])).toBeNull();
    expect(projectCuboid({ ...ahead, centre_m: [0, 0, -10] }, IDENTITY, camera)).toBeNull();
    expect(canProject({ ...camera, distortion: "toString" })).toBe(false);
    expect(projectCuboid(ahead, IDENTITY, { ...camera, distortion: "equirectangular" })).toBeNull();
  });

  it("joins eight corners by twelve edges of the right lengths", () => {
    const corners = cuboidCorners({ ...ahead, size_m: [3, 2, 1] });
    const lengths = CUBOID_EDGES.map(([a, b]) => {
      const [p, q] = [corners[a] ?? [0, 0, 0], corners[b] ?? [0, 0, 0]];
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    });
    expect(lengths.sort((a, b) => a - b)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  it("hides as many edges as an eye before a face, an edge, a corner or inside cannot see", () => {
    const hidden = (eye: Vec3) => hiddenEdges({ ...ahead, centre_m: [0, 0, 0] }, eye).filter(Boolean).length;
    expect([hidden([9, 0, 0]), hidden([9, 9, 0]), hidden([9, 9, 9]), hidden([0.5, 0, 0])]).toEqual([8, 5, 3, 0]);
  });

  it("test_S3_cuts_at_the_near_plane_instead_of_mirroring", () => {
    const around = projectCuboid({ ...ahead, centre_m: [1.5, 0, 0], size_m: [2, 2, 8] }, IDENTITY, camera);
    expect(around?.lines.length).toBe(8);
    expect(around?.lines.flatMap((line) => line.points_px).every(([x]) => x > 160)).toBe(true);
    expect(around?.visible_px?.x1).toBe(320);
    expect(around?.truncation).toBeGreaterThan(0.5);
  });
});
