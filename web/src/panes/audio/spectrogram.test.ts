import { describe, expect, it } from "vitest";
import { bytesOf, levelFor, paletteBetween, pixelsOf, type SpectrogramHeader, spanOf, tilesOf } from "./spectrogram";

const header: SpectrogramHeader = {
  rate: { num: 16_000, den: 1 },
  bands: 4,
  top_hz: 8000,
  floor_db: -90,
  start_ns: 20_000_000,
  levels: [
    { hop: 160, columns: 2000, offset: 0 },
    { hop: 640, columns: 500, offset: 8000 },
    { hop: 2560, columns: 125, offset: 10_000 },
  ],
};

describe("spectrogram tiles", () => {
  it("takes the coarsest level that has a column per pixel", () => {
    expect(levelFor(header, 5_000_000)).toBe(0);
    expect(levelFor(header, 10_000_000)).toBe(0);
    expect(levelFor(header, 41_000_000)).toBe(1);
    expect(levelFor(header, 1e12)).toBe(2);
  });

  it("names the tiles of a window, cut at the end of the level", () => {
    expect(tilesOf(header, 0, 5_000_000_000, 6_000_000_000).map((tile) => tile.first)).toEqual([0, 512]);
    expect(tilesOf(header, 0, 19_000_000_000, 99_000_000_000)).toEqual([{ level: 0, first: 1536, count: 464 }]);
    expect(tilesOf(header, 1, -1e9, 99e9)).toEqual([{ level: 1, first: 0, count: 500 }]);
    expect(tilesOf(header, 0, 30e9, 40e9)).toEqual([]);
  });

  it("asks for exactly the bytes of a tile", () => {
    expect(bytesOf(header, { level: 1, first: 0, count: 500 })).toEqual([8000, 9999]);
    expect(bytesOf(header, { level: 0, first: 512, count: 512 })).toEqual([2048, 4095]);
  });

  it("test_T4_places_a_tile_at_its_media_time", () => {
    expect(spanOf(header, { level: 1, first: 100, count: 50 })).toEqual([4_020_000_000, 6_020_000_000]);
  });

  it("puts high bands on top", () => {
    const palette = Uint32Array.from({ length: 256 }, (_, level) => level);
    const pixels = new Uint32Array(pixelsOf(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), 4, 2, palette).buffer);
    expect([...pixels]).toEqual([4, 8, 3, 7, 2, 6, 1, 5]);
  });

  it("goes from quiet to loud", () => {
    const palette = paletteBetween([0, 0, 0], [255, 128, 0]);
    expect(palette[0]).toBe(0xff000000);
    expect(palette[255]).toBe(0xff0080ff);
  });
});
