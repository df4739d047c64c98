import { describe, expect, it } from "vitest";
import { fromYaw, type Vec3 } from "../../base/rotation";
import { placeOn } from "../../model/projection";
import { MAP, pannedFlat, placeUnder, seenFlat, viewOf, zoomedFlat } from "./flat_views";
import { FlatEyes } from "./follow";
import { viewAt, viewsIn } from "./layout";
import { car } from "./testing/scans";

const rect = { x: 100, y: 0, width: 400, height: 300 };

describe("flat views", () => {
  it("maps the ground with x up and y left, and back", () => {
    const map = { ...MAP, centre_m: [5, -3, 0] as Vec3, px_per_m: 10 };
    expect(seenFlat(map, rect, [6, -3, 0])).toEqual([300, 140]);
    expect(seenFlat(map, rect, [5, -2, 0])).toEqual([290, 150]);
    expect(placeUnder(map, rect, ...seenFlat(map, rect, [7.5, 1, 9]))).toEqual([7.5, 1, 0]);
    expect(seenFlat(pannedFlat(map, 30, -20), rect, [6, -3, 0])).toEqual([330, 120]);
    const near = zoomedFlat(map, rect, 220, 90, 2);
    const [a, b] = [placeUnder(map, rect, 220, 90), placeUnder(near, rect, 220, 90)];
    for (const axis of [0, 1, 2] as const) expect(b[axis]).toBeCloseTo(a[axis], 9);
  });

  it("shows a cuboid's front to the right from above and from the side, and its left to the right when facing it", () => {
    const shape = car(4, 2, -1, 0.7);
    const seen = (id: "top" | "side" | "front", place: Vec3) =>
      seenFlat(viewOf(shape, id, rect), rect, placeOn(shape, ...place));
    expect(seen("top", [1, 0, 0])[0]).toBeGreaterThan(300);
    expect(seen("top", [0, 1, 0])[1]).toBeLessThan(150);
    expect(seen("side", [1, 0, 0])[0]).toBeGreaterThan(300);
    expect(seen("side", [0, 0, 1])[1]).toBeLessThan(150);
    expect(seen("front", [0, 1, 0])[0]).toBeGreaterThan(300);
    expect(seen("front", [0, 0, 1])[1]).toBeLessThan(150);
  });

  it("follows a cuboid without moving the points under small nudges, and finds it again after large ones", () => {
    const eyes = new FlatEyes();
    const views = viewsIn("four", 900, 600);
    const shape = car(0, 0, 0, 0);
    expect(eyes.follow("a", shape, views)).toBe(true);
    const before = eyes.get("top");
    expect(eyes.follow("a", { ...shape, centre_m: [0.1, 0, 0.8] }, views)).toBe(false);
    expect(eyes.get("top")).toBe(before);
    expect(eyes.follow("a", { ...shape, centre_m: [30, 0, 0.8] }, views)).toBe(true);
    expect(eyes.get("top").centre_m[0]).toBe(30);
    expect(eyes.follow("a", { ...shape, rotation_wxyz: fromYaw(1) }, views)).toBe(true);
    expect(eyes.get("top").right[1]).toBeCloseTo(Math.sin(1), 9);
    expect(eyes.follow(null, null, views)).toBe(true);
    expect(eyes.get("top")).toEqual(MAP);
  });
});

describe("layout", () => {
  it.each([
    [900, 600],
    [360, 800],
    [500, 240],
    [220, 180],
  ])("fills a pane of %i by %i without overlap", (width, height) => {
    for (const layout of ["four", "two", "orbit", "top"] as const) {
      const views = viewsIn(layout, width, height);
      const area = views.reduce((sum, view) => sum + view.rect.width * view.rect.height, 0);
      expect(area).toBeLessThanOrEqual(width * height);
      expect(area).toBeGreaterThan(width * height * 0.97);
      for (const { id, rect: place } of views) {
        expect(viewAt(views, place.x + place.width / 2, place.y + place.height / 2)?.id).toBe(id);
      }
    }
    expect(viewsIn("four", width, height).length).toBe(width === 220 ? 2 : 4);
  });
});
