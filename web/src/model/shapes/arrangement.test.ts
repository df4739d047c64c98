/** Cutting and joining polygons: no area is lost or made, whatever touches whatever. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Point, Polygon } from "../records";
import { cutPolygon, joinPolygons, polygonOf } from "./arrangement";
import { isInside, type Ring, signedArea } from "./rings";

const rectangle = (x0: number, y0: number, x1: number, y1: number): Ring => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const polygon = (...rings: Ring[]): Polygon => ({ type: "polygon", rings_px: rings });
const ringsOf = (shape: Polygon) => [...shape.rings_px, ...(shape.holes_px ?? [])];
const areaOf = (shape: Polygon) =>
  shape.rings_px.reduce((sum, ring) => sum + Math.abs(signedArea(ring)), 0) -
  (shape.holes_px ?? []).reduce((sum, ring) => sum + Math.abs(signedArea(ring)), 0);
const total = (parts: readonly Polygon[]) => parts.reduce((sum, part) => sum + areaOf(part), 0);

describe("cutting", () => {
  it("parts a square by a line through it", () => {
    const parts = cutPolygon(polygon(rectangle(0, 0, 10, 10)), [
      [4, -5],
      [4, 15],
    ]);
    expect(parts.map(areaOf)).toEqual([60, 40]);
  });

  it("follows a bent line, and leaves off its ends", () => {
    const parts = cutPolygon(polygon(rectangle(0, 0, 10, 10)), [
      [-3, 5],
      [5, 5],
      [5, 2],
      [20, 2],
    ]);
    expect(parts).toHaveLength(2);
    expect(total(parts)).toBeCloseTo(100, 6);
  });

  it("changes nothing when the line does not go through", () => {
    const parts = cutPolygon(polygon(rectangle(0, 0, 10, 10)), [
      [4, -5],
      [4, 5],
    ]);
    expect(parts).toEqual([polygon(rectangle(0, 0, 10, 10))]);
  });

  it("gives four parts for two lines that cross, three for a U across a side", () => {
    const parts = cutPolygon(polygon(rectangle(0, 0, 10, 10)), [
      [2, -1],
      [2, 4],
      [8, 4],
      [8, -1],
    ]);
    expect(parts).toHaveLength(2);
    const u = polygon([
      [0, 0],
      [3, 0],
      [3, 8],
      [7, 8],
      [7, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ]);
    expect(
      cutPolygon(u, [
        [-1, 4],
        [11, 4],
      ]),
    ).toHaveLength(3);
  });

  it("goes through a hole, which then is none", () => {
    const holed = polygonOf([rectangle(0, 0, 10, 10)], [rectangle(4, 4, 6, 6)]);
    const parts = cutPolygon(holed, [
      [5, -1],
      [5, 11],
    ]);
    expect(parts.map((part) => part.holes_px ?? [])).toEqual([[], []]);
    expect(total(parts)).toBeCloseTo(96, 6);
  });

  it("keeps a hole that the line passes by", () => {
    const holed = polygonOf([rectangle(0, 0, 10, 10)], [rectangle(6, 4, 8, 6)]);
    const parts = cutPolygon(holed, [
      [3, -1],
      [3, 11],
    ]);
    expect(parts.map((part) => part.holes_px?.length ?? 0)).toEqual([1, 0]);
    expect(total(parts)).toBeCloseTo(96, 6);
  });

  it("cuts through corners and along an edge", () => {
    const square = polygon(rectangle(0, 0, 10, 10));
    const corners = cutPolygon(square, [
      [0, 0],
      [10, 10],
    ]);
    expect(corners.map(areaOf)).toEqual([50, 50]);
    const along = cutPolygon(square, [
      [0, 0],
      [10, 0],
    ]);
    expect(along.map(areaOf)).toEqual([100]);
  });
});

describe("joining", () => {
  it("of overlapping, touching, nested and distant squares", () => {
    const square = polygon(rectangle(0, 0, 10, 10));
    const cases: [Ring, number, number][] = [
      [rectangle(5, 5, 15, 15), 175, 1],
      [rectangle(10, 0, 20, 10), 200, 1],
      [rectangle(10, 10, 20, 20), 200, 2],
      [rectangle(2, 2, 8, 8), 100, 1],
      [rectangle(0, 0, 10, 10), 100, 1],
      [rectangle(30, 0, 40, 10), 200, 2],
    ];
    for (const [ring, area, rings] of cases) {
      const joined = joinPolygons(square, polygon(ring));
      expect(areaOf(joined)).toBeCloseTo(area, 6);
      expect(joined.rings_px).toHaveLength(rings);
      expect(joined.holes_px).toBeUndefined();
    }
  });

  it("closes a ring around a hole", () => {
    const u = polygon([
      [0, 0],
      [3, 0],
      [3, 8],
      [7, 8],
      [7, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ]);
    const joined = joinPolygons(u, polygon(rectangle(0, -2, 10, 1)));
    expect(joined.rings_px).toHaveLength(1);
    expect(joined.holes_px).toHaveLength(1);
    expect(areaOf(joined)).toBeCloseTo(areaOf(u) + 30 - 6, 6);
  });
});

/** Star-shaped polygons: simple whatever the radii. */
const star = (centre: Point) =>
  fc.array(fc.integer({ min: 20, max: 400 }), { minLength: 3, maxLength: 14 }).map(
    (radii): Ring =>
      radii.map((radius, place): Point => {
        const turn = (place / radii.length) * 2 * Math.PI;
        return [Math.round(centre[0] + radius * Math.cos(turn)), Math.round(centre[1] + radius * Math.sin(turn))];
      }),
  );
const places = fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 900 })), {
  minLength: 12,
  maxLength: 12,
});

describe("any two outlines", () => {
  it("join to what is inside either", () => {
    fc.assert(
      fc.property(star([400, 400]), star([520, 430]), places, (a, b, probes) => {
        const joined = ringsOf(joinPolygons(polygon(a), polygon(b)));
        for (const [x, y] of probes) {
          const [px, py] = [x + 0.37, y + 0.41];
          expect(isInside(joined, px, py)).toBe(isInside([a], px, py) || isInside([b], px, py));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("lose no area when cut", () => {
    fc.assert(
      fc.property(
        star([400, 400]),
        fc.array(
          places.map(([p]): Point => p ?? [0, 0]),
          { minLength: 2, maxLength: 5 },
        ),
        (ring, line) => {
          const whole = polygon(ring);
          const parts = cutPolygon(whole, line);
          expect(total(parts)).toBeCloseTo(areaOf(whole), -1);
          for (const part of parts) for (const hole of part.holes_px ?? []) expect(signedArea(hole)).toBeLessThan(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
