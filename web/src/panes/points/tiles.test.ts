import { describe, expect, it } from "vitest";
import { tileOf } from "./testing/scans";
import { decodeTiles, eachPoint, type PointsHeader, shuffled } from "./tiles";

/** Three points in one tile at offset 0 and one point in a second tile: 18 + 3, padded to 24, + 12; then 6 + 1, 8, + 4. */
function packed(): { header: PointsHeader; buffer: ArrayBuffer } {
  const buffer = new ArrayBuffer(36 + 12);
  const view = new DataView(buffer);
  [100, -200, 300, 0, 0, 0, 32767, -32768, 1].forEach((step, index) => {
    view.setInt16(index * 2, step, true);
  });
  [7, 8, 255].forEach((value, index) => {
    view.setUint8(18 + index, value);
  });
  [5, 9, 4_000_000_000].forEach((value, index) => {
    view.setUint32(24 + index * 4, value, true);
  });
  [1, 2, 3].forEach((step, index) => {
    view.setInt16(36 + index * 2, step, true);
  });
  view.setUint8(42, 1);
  view.setUint32(44, 6, true);
  const header: PointsHeader = {
    count: 4,
    bounds_min_m: [0, 0, 0],
    bounds_max_m: [1, 1, 1],
    frame: "lidar",
    tiles: [
      { byte_offset: 0, count: 3, scale_m: 0.01, offset_m: [10, 20, 30] },
      { byte_offset: 36, count: 1, scale_m: 1, offset_m: [0, 0, 0] },
    ],
  };
  return { header, buffer };
}

describe("point tiles", () => {
  it("decodes metres, intensities and original indexes", () => {
    const { header, buffer } = packed();
    const tiles = decodeTiles(header, buffer);
    const points: number[][] = [];
    eachPoint(tiles, (...point) => points.push(point));
    const first = tiles[0]?.original.indexOf(5) ?? -1;
    const last = tiles[0]?.original.indexOf(4_000_000_000) ?? -1;
    expect(points[first]).toEqual([11, 18, 33]);
    expect(points[last]?.[1]).toBeCloseTo(20 - 327.68, 9);
    expect(points[3]).toEqual([1, 2, 3]);
    expect([tiles[0]?.intensity[first], tiles[0]?.intensity[last]]).toEqual([7, 255]);
    expect([...(tiles[0]?.original ?? [])].sort((a, b) => a - b)).toEqual([5, 9, 4_000_000_000]);
  });

  it("refuses a header that claims more than there is", () => {
    const { header, buffer } = packed();
    const first = header.tiles[0];
    if (first === undefined) throw new Error("the test's header has a tile");
    expect(() => decodeTiles({ ...header, tiles: [{ ...first, count: 5 }] }, buffer)).toThrow(/point tile 0/);
  });

  it("mixes a tile so that its first half lies over all of it, with every point kept whole", () => {
    const tile = tileOf(Array.from({ length: 1000 }, (_, step) => [step * 0.01, 0, step * 0.02]));
    const mixed = shuffled(tile);
    const half = [...mixed.original.slice(0, 500)];
    expect(half.filter((point) => point < 500).length).toBeGreaterThan(200);
    expect(half.filter((point) => point < 500).length).toBeLessThan(300);
    expect([...mixed.original].sort((a, b) => a - b)).toEqual([...tile.original]);
    mixed.original.forEach((point, place) => {
      expect(mixed.steps[place * 3 + 2]).toBe(tile.steps[point * 3 + 2]);
    });
    expect(shuffled(tile).original).toEqual(mixed.original);
  });
});
