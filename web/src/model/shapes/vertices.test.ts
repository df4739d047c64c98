/** Points taken hold of, and whole shapes moved. */
import { describe, expect, it } from "vitest";
import type { Box, Keypoints, Point, Polygon, Polyline, RotatedBox } from "../records";
import { isInside, simplified, simplifiedRing } from "./rings";
import { angleTowards, boxAlong, cornersOf, fromLocal, resized, toLocal, turnedTo } from "./rotated";
import { bonesOf } from "./skeleton";
import { snapped } from "./snap";
import {
  edgeNear,
  moved,
  vertexNear,
  verticesOf,
  withoutVertex,
  withVertexAfter,
  withVertexAt,
  withVisibility,
} from "./vertices";

const SIZE = { widthPx: 100, heightPx: 80 };
const square: Polygon = {
  type: "polygon",
  rings_px: [
    [
      [10, 10],
      [30, 10],
      [30, 30],
      [10, 30],
    ],
  ],
  holes_px: [
    [
      [15, 15],
      [20, 15],
      [20, 20],
    ],
  ],
};
const line: Polyline = {
  type: "polyline",
  points_px: [
    [0, 0],
    [10, 0],
    [10, 10],
  ],
};
const body: Keypoints = {
  type: "keypoints",
  points: [
    { name: "nose", x_px: 5, y_px: 5, visibility: 2 },
    { name: "tail", x_px: 0, y_px: 0, visibility: 0 },
    { name: "paw", x_px: 9, y_px: 9, visibility: 1 },
  ],
};

describe("vertices", () => {
  it("are walked ring by ring, without absent joints", () => {
    expect(verticesOf(square)).toHaveLength(7);
    expect(verticesOf(body).map(({ point }) => point)).toEqual([0, 2]);
  });

  it("are found, moved and inserted on an edge", () => {
    const corner = vertexNear(square, 29, 11, 3);
    expect(corner).toEqual({ path: 0, point: 1 });
    expect(vertexNear(square, 25, 20, 3)).toBeNull();
    expect(withVertexAt(square, { path: 0, point: 1 }, [31.234, 9]).rings_px[0]?.[1]).toEqual([31.23, 9]);
    const edge = edgeNear(square, 11, 20, 3);
    expect(edge).toEqual({ after: { path: 0, point: 3 }, point: [10, 20] });
    expect(withVertexAfter(square, { path: 0, point: 3 }, [10, 20]).rings_px[0]).toHaveLength(5);
    expect(edgeNear(line, 5, 5, 3)).toBeNull();
  });

  it("go, and with the third of a ring the ring", () => {
    const without = withoutVertex(square, { path: 1, point: 0 });
    expect(without).toEqual({ type: "polygon", rings_px: square.rings_px });
    expect(withoutVertex({ type: "polygon", rings_px: square.holes_px ?? [] }, { path: 0, point: 0 })).toBeNull();
    expect(withoutVertex(line, { path: 0, point: 0 })).toEqual({
      type: "polyline",
      points_px: [
        [10, 0],
        [10, 10],
      ],
    });
    expect(withoutVertex(body, { path: 0, point: 0 })).toEqual(withVisibility(body, 0, 0));
  });

  it("move with their shape, no further than the picture", () => {
    expect(moved(square, -50, 5, SIZE).rings_px[0]?.[0]).toEqual([0, 15]);
    const box: Box = { type: "box", x0_px: 90, y0_px: 70, x1_px: 98, y1_px: 78 };
    expect(moved(box, 9, 9, SIZE)).toEqual({ type: "box", x0_px: 92, y0_px: 72, x1_px: 100, y1_px: 80 });
    expect(moved(body, 1, 1, SIZE).points[1]).toEqual(body.points[1] && { ...body.points[1], x_px: 1, y_px: 1 });
  });
});

describe("rotated boxes", () => {
  const box: RotatedBox = {
    type: "rotated_box",
    cx_px: 50,
    cy_px: 40,
    width_px: 20,
    height_px: 10,
    angle_rad: Math.PI / 6,
  };

  it("are drawn along a side", () => {
    const made = boxAlong([10, 10], [30, 10], [20, 25]);
    expect(made).toEqual({ type: "rotated_box", cx_px: 20, cy_px: 17.5, width_px: 20, height_px: 15, angle_rad: 0 });
    expect(boxAlong([10, 10], [10, 10], [20, 25])).toBeNull();
  });

  it("resize along their own axes: the other side stays", () => {
    const [u, v] = [17, 3];
    const [x, y] = fromLocal(box, [u, v]);
    const wider = resized(box, 1, 0, x, y);
    expect(wider.width_px).toBeCloseTo(27, 9);
    expect(wider.height_px).toBe(10);
    const before = cornersOf(box)[0] ?? [0, 0];
    const after = cornersOf(wider)[0] ?? [1, 1];
    expect(after[0]).toBeCloseTo(before[0], 9);
    expect(after[1]).toBeCloseTo(before[1], 9);
    expect(resized(box, -1, -1, x, y).width_px).toBe(1);
    expect(toLocal(box, x, y)[0]).toBeCloseTo(u, 9);
  });

  it("turn to where the handle is drawn, within half a turn", () => {
    expect(angleTowards(box, 50, 0)).toBeCloseTo(0, 9);
    expect(angleTowards(box, 90, 40)).toBeCloseTo(Math.PI / 2, 9);
    expect(Math.abs(turnedTo(box, 3 * Math.PI).angle_rad)).toBeCloseTo(Math.PI, 9);
  });
});

describe("drawing aids", () => {
  it("snap to a point before an edge", () => {
    expect(snapped([square], 31, 11, 4)).toEqual({ point: [30, 10], to: "point" });
    expect(snapped([square], 31, 20, 4)).toEqual({ point: [30, 20], to: "edge" });
    expect(snapped([square], 50, 50, 4)).toEqual({ point: [50, 50], to: null });
    const box: Box = { type: "box", x0_px: 60, y0_px: 10, x1_px: 70, y1_px: 20 };
    expect(snapped([square, box], 69, 21, 4).point).toEqual([70, 20]);
  });

  it("leave out points that say little", () => {
    const hand = Array.from({ length: 101 }, (_, x): Point => [x, x === 50 ? 9 : Math.sin(x) * 0.3]);
    const fewer = simplified(hand, 1);
    expect(fewer.length).toBeLessThan(8);
    expect(fewer).toContainEqual([50, 9]);
    const circle = Array.from({ length: 200 }, (_, place): Point => {
      const turn = (place / 200) * 2 * Math.PI;
      return [50 + 30 * Math.cos(turn), 50 + 30 * Math.sin(turn)];
    });
    const ring = simplifiedRing(circle, 1);
    expect(ring.length).toBeLessThan(30);
    expect(isInside([ring], 50, 50)).toBe(true);
  });

  it("know a person's bones by name, and chain what they do not know", () => {
    expect(bonesOf(["nose", "Left eye", "right-eye"])).toEqual([
      [1, 2],
      [0, 1],
      [0, 2],
    ]);
    expect(bonesOf(["head", "middle", "tail"])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });
});
