import { describe, expect, it } from "vitest";
import { IDENTITY } from "../base/rotation";
import { type CameraModel, CUBOID_EDGES, cuboidCorners, projectCuboid, projectPoint } from "./projection";

const camera: CameraModel = { fx_px: 100, fy_px: 100, cx_px: 159.5, cy_px: 119.5, width_px: 320, height_px: 240 };
const ahead = { centre_m: [0, 0, 10] as const, size_m: [2, 2, 2] as const, rotation_wxyz: [1, 0, 0, 0] as const };

describe("projection", () => {
  it("test_S4_puts_the_optical_axis_half_a_pixel_beyond_the_centre_convention", () => {
    expect(projectPoint(camera, [0, 0, 5])).toEqual([160, 120]);
  });

  it("gives nothing for what lies behind", () => {
    expect(projectPoint(camera, [0, 0, -5])).toBeNull();
    expect(projectCuboid({ ...ahead, centre_m: [0, 0, -10] }, IDENTITY, camera)).toEqual({
      edges_px: [],
      box_px: null,
      corners_visible: 0,
    });
  });

  it("joins eight corners by twelve edges of the right lengths", () => {
    const corners = cuboidCorners({ ...ahead, size_m: [3, 2, 1] });
    const lengths = CUBOID_EDGES.map(([a, b]) => {
      const [p, q] = [corners[a] ?? [0, 0, 0], corners[b] ?? [0, 0, 0]];
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    });
    expect(lengths.sort((a, b) => a - b)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  it("boxes the nearer face", () => {
    const seen = projectCuboid(ahead, IDENTITY, camera);
    const half = 100 / 9;
    expect(seen.corners_visible).toBe(8);
    expect(seen.box_px?.x0).toBeCloseTo(160 - half, 9);
    expect(seen.box_px?.y1).toBeCloseTo(120 + half, 9);
  });

  it("test_S3_cuts_at_the_near_plane_instead_of_mirroring", () => {
    const around = projectCuboid({ ...ahead, centre_m: [1.5, 0, 0], size_m: [2, 2, 8] }, IDENTITY, camera, 0.5);
    expect(around.edges_px.length).toBe(8);
    expect(around.edges_px.flat().every(([x]) => x > 160)).toBe(true);
    expect(around.box_px?.x1).toBe(320);
  });

  it("bends by Brown-Conrady as the formula says", () => {
    const bent = { ...camera, distortion: "brown_conrady", coefficients: [-0.2, 0.01, 0.001, -0.002, 0] };
    const [x, y] = [0.3, -0.2];
    const r2 = x * x + y * y;
    const radial = 1 - 0.2 * r2 + 0.01 * r2 * r2;
    const u = x * radial + 2 * 0.001 * x * y - 0.002 * (r2 + 2 * x * x);
    const v = y * radial + 0.001 * (r2 + 2 * y * y) - 2 * 0.002 * x * y;
    const pixel = projectPoint(bent, [x * 4, y * 4, 4]);
    expect(pixel?.[0]).toBeCloseTo(160 + 100 * u, 9);
    expect(pixel?.[1]).toBeCloseTo(120 + 100 * v, 9);
  });

  it("refuses points that strong barrel distortion would fold back into the picture", () => {
    const bent = { ...camera, distortion: "brown_conrady", coefficients: [-0.4] };
    expect(projectPoint(bent, [0.5, 0, 1])).not.toBeNull();
    expect(projectPoint(bent, [1.4, 0, 1])).toBeNull();
  });

  it("draws nothing for a distortion it does not know", () => {
    expect(projectCuboid(ahead, IDENTITY, { ...camera, distortion: "double_sphere" }).edges_px).toEqual([]);
  });
});
