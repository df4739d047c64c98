/** Masks in the browser: the same run lengths as the server writes, and painting that stays in the picture. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mask, Point, Polygon } from "../records";
import { Bitmap } from "./bitmap";
import golden from "./golden_masks.json";
import { boundsOfRuns, decodeCounts, encodeCounts } from "./rle";
import { traced } from "./trace";

const maskOf = (entry: { width_px: number; height_px: number; counts: string }): Mask => ({
  type: "mask",
  width_px: entry.width_px,
  height_px: entry.height_px,
  counts: entry.counts,
});

const rowsOf = (bitmap: Bitmap) =>
  Array.from({ length: bitmap.size.heightPx }, (_, y) =>
    Array.from({ length: bitmap.size.widthPx }, (_, x) => (bitmap.has(x, y) ? "1" : "0")).join(""),
  );

/** Painted pixel by pixel with a brush that covers one pixel. */
function dotted(rows: readonly string[]): Bitmap {
  const bitmap = new Bitmap({ widthPx: rows[0]?.length ?? 0, heightPx: rows.length });
  rows.forEach((row, y) => {
    [...row].forEach((value, x) => {
      if (value === "1") bitmap.stroke([x + 0.5, y + 0.5], [x + 0.5, y + 0.5], 0.4, 1);
    });
  });
  return bitmap;
}

const anyRows = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })).chain(([wide, high]) =>
  fc.array(
    fc.array(fc.constantFrom("0", "1"), { minLength: wide, maxLength: wide }).map((cells) => cells.join("")),
    { minLength: high, maxLength: high },
  ),
);

describe("run lengths", () => {
  it("are those that the server writes", () => {
    for (const entry of golden.small) {
      const bitmap = dotted(entry.rows);
      expect(rowsOf(bitmap)).toEqual(entry.rows);
      if (entry.bounds === null) expect(bitmap.toMask()).toBeNull();
      else expect(bitmap.toMask()).toEqual(maskOf(entry));
    }
  });

  it("are read as the server reads them", () => {
    for (const entry of [...golden.small, ...golden.large]) {
      const runs = decodeCounts(entry.counts);
      expect(encodeCounts(runs)).toBe(entry.counts);
      const bounds = boundsOfRuns(runs, entry.height_px);
      expect(bounds === null ? null : [bounds.x0, bounds.y0, bounds.x1, bounds.y1]).toEqual(entry.bounds);
    }
    for (const entry of golden.small) expect(rowsOf(Bitmap.ofMask(maskOf(entry)))).toEqual(entry.rows);
  });

  it("hold for whole pictures", () => {
    for (const entry of golden.large) {
      const bitmap = Bitmap.ofMask(maskOf(entry));
      expect(bitmap.toMask()).toEqual(maskOf(entry));
      const filled = entry.rectangles.map(([x0 = 0, y0 = 0, x1 = 0, y1 = 0]): readonly Point[] => [
        [x0, y0],
        [x1, y0],
        [x1, y1],
        [x0, y1],
      ]);
      if (filled.length === 1) {
        const polygon: Polygon = { type: "polygon", rings_px: filled };
        expect(Bitmap.ofPolygon(polygon, bitmap.size).toMask()).toEqual(maskOf(entry));
      }
    }
  });

  it("survive writing and reading", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const mask = dotted(rows).toMask();
        expect(mask === null ? rows.map((row) => row.replaceAll("1", "0")) : rowsOf(Bitmap.ofMask(mask))).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });
});

describe("painting", () => {
  it("covers the pixels whose centres the brush passes", () => {
    const bitmap = new Bitmap({ widthPx: 40, heightPx: 30 });
    const [from, to, radius]: [Point, Point, number] = [[8, 9], [29, 17], 4.3];
    bitmap.stroke(from, to, radius, 1);
    for (let y = 0; y < 30; y += 1) {
      for (let x = 0; x < 40; x += 1) {
        const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
        const share = ((x + 0.5 - from[0]) * dx + (y + 0.5 - from[1]) * dy) / (dx * dx + dy * dy);
        const held = Math.min(1, Math.max(0, share));
        const distance = Math.hypot(from[0] + held * dx - x - 0.5, from[1] + held * dy - y - 0.5);
        expect(bitmap.has(x, y), `${x},${y}`).toBe(distance <= radius);
      }
    }
  });

  it("stays in the picture and touches nothing outside it", () => {
    const bitmap = new Bitmap({ widthPx: 10, heightPx: 10 });
    expect(bitmap.stroke([-30, 5], [-20, 5], 4, 1)).toBeNull();
    expect(bitmap.stroke([-2, -2], [12, 12], 3, 1)).toEqual({ x0: 0, y0: 0, x1: 10, y1: 10 });
    expect(bitmap.toMask()?.width_px).toBe(10);
  });

  it("erases what it painted", () => {
    const bitmap = new Bitmap({ widthPx: 50, heightPx: 50 });
    bitmap.stroke([10, 10], [30, 40], 5, 1);
    bitmap.stroke([10, 10], [30, 40], 5, 0);
    expect(bitmap.toMask()).toBeNull();
  });

  it("fills a closed outline, and leaves an open one", () => {
    const bitmap = new Bitmap({ widthPx: 300, heightPx: 300 });
    const corners: readonly Point[] = [
      [50, 50],
      [250, 50],
      [250, 250],
      [50, 250],
    ];
    corners.slice(1).forEach((corner, place) => {
      bitmap.stroke(corners[place] ?? corner, corner, 2, 1);
    });
    const outline = bitmap.count;
    expect(bitmap.fillAt(150, 150)).toBe(false);
    expect(bitmap.count).toBe(outline);
    bitmap.stroke([50, 250], [50, 50], 2, 1);
    expect(bitmap.fillAt(150, 150)).toBe(true);
    expect(bitmap.has(60, 240)).toBe(true);
    expect(bitmap.has(20, 20)).toBe(false);
  });
});

describe("outlines of masks", () => {
  it("cover exactly the mask's pixels", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const bitmap = dotted(rows);
        const polygon = traced(bitmap, 0);
        const back = polygon === null ? new Bitmap(bitmap.size) : Bitmap.ofPolygon(polygon, bitmap.size);
        expect(rowsOf(back)).toEqual(rows);
      }),
      { numRuns: 80 },
    );
  });

  it("keep a hole, and take few points for a straight side", () => {
    const bitmap = new Bitmap({ widthPx: 100, heightPx: 100 });
    bitmap.stroke([50, 50], [50, 50], 30, 1);
    bitmap.stroke([50, 50], [50, 50], 10, 0);
    const polygon = traced(bitmap, 1);
    expect(polygon?.rings_px).toHaveLength(1);
    expect(polygon?.holes_px).toHaveLength(1);
    expect(polygon?.rings_px[0]?.length).toBeLessThan(40);
  });
});
