import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aimSeconds, clampIndex, type FrameTable, frameAt, frameOfMediaTime, frameSpan, proves } from "./frame_table";

/** A table from gaps in milliseconds, with the element's clock starting at `zero_s`. */
function tableOf(gaps_ms: readonly number[], zero_s = 0.007): FrameTable {
  const starts_ns: number[] = [];
  let at = 0;
  for (const gap of gaps_ms) {
    starts_ns.push(at);
    at += gap * 1_000_000;
  }
  return {
    starts_ns,
    end_ns: at,
    key_frames: [0, 3],
    playable_starts_s: starts_ns.map((start) => start / 1e9 + zero_s),
    width_px: 64,
    height_px: 48,
  };
}

const gaps = fc.array(fc.integer({ min: 2, max: 500 }), { minLength: 1, maxLength: 40 });

describe("frame table", () => {
  it("test_T4_finds_frames_by_presentation_time_not_by_rate", () => {
    const table = tableOf([33, 34, 200, 33]);
    expect(frameAt(table, 33_000_000)).toBe(1);
    expect(frameAt(table, 32_999_999)).toBe(0);
    expect(frameAt(table, 200_000_000)).toBe(2);
  });

  it("test_T2_has_no_frame_before_the_first_and_from_the_end_on", () => {
    const table = tableOf([10, 10]);
    expect(frameAt(table, -1)).toBeNull();
    expect(frameAt(table, 19_999_999)).toBe(1);
    expect(frameAt(table, 20_000_000)).toBeNull();
    expect(frameSpan(table, 1)).toEqual({ start_ns: 10_000_000, end_ns: 20_000_000 });
  });

  it("aims inside the wanted frame for any gaps", () => {
    fc.assert(
      fc.property(gaps, (list) => {
        const table = tableOf(list);
        list.forEach((gap, index) => {
          const off_ms = (aimSeconds(table, index) - (table.playable_starts_s[index] ?? 0)) * 1000;
          expect(off_ms).toBeGreaterThan(0);
          expect(off_ms).toBeLessThan(gap);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("names and proves a frame by its own mediaTime, also with rounding to microseconds, and no other", () => {
    fc.assert(
      fc.property(gaps, (list) => {
        const table = tableOf(list);
        list.forEach((_, index) => {
          const media_time_s = Math.floor((table.playable_starts_s[index] ?? 0) * 1e6) / 1e6;
          expect(frameOfMediaTime(table, media_time_s)).toBe(index);
          expect(proves(table, index, media_time_s)).toBe(true);
          expect(proves(table, index + 1, media_time_s)).toBe(false);
          expect(proves(table, index - 1, media_time_s)).toBe(false);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("stays inside", () => {
    const table = tableOf([10, 10, 10, 10, 10]);
    expect(clampIndex(table, 9)).toBe(4);
    expect(clampIndex(table, -2)).toBe(0);
  });
});
