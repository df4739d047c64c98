import { describe, expect, it } from "vitest";
import { aligned, requestFor, type SeriesChannel, serves, valueAt } from "./series_window";

const speed: SeriesChannel = { name: "speed", unit: "m/s", t_ns: [0, 10, 20], min: [1, 2, 3], max: [1, 4, 3] };
const brake: SeriesChannel = { name: "brake", unit: "", t_ns: [10, 15], min: [0, 1], max: [0, 1] };

describe("series windows", () => {
  it("asks for a margin and is content while it lasts", () => {
    const have = requestFor(1000, 2000, 500);
    expect(have).toEqual({ from_ns: 500, to_ns: 2500, bins: 1000 });
    expect(serves(have, 600, 1600, 500)).toBe(true);
    expect(serves(have, 400, 1400, 500)).toBe(false);
    expect(serves(null, 0, 1, 500)).toBe(false);
  });

  it("asks again when zoomed far in or out", () => {
    expect(serves(requestFor(0, 1000, 500), 400, 500, 500)).toBe(false);
    expect(serves({ from_ns: 0, to_ns: 1000, bins: 5000 }, 0, 1000, 500)).toBe(false);
  });

  it("test_T5_holds_the_last_reading_and_has_none_before_the_first", () => {
    expect(valueAt(speed, 9)).toBe(1);
    expect(valueAt(speed, 10)).toBe(3);
    expect(valueAt(brake, 9)).toBeNull();
  });

  it("puts channels with different readings on one axis", () => {
    expect(aligned([speed, brake], (at) => at / 10)).toEqual([
      [0, 1, 1.5, 2],
      [1, 2, null, 3],
      [1, 4, null, 3],
      [null, 0, 1, null],
      [null, 0, 1, null],
    ]);
  });
});
