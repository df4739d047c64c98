import { describe, expect, it } from "vitest";
import { sampleAt } from "./sample_at";

const clock = (num: number) => ({ rate: { num, den: 1 }, start_ns: 0, duration_ns: 3_600_000_000_000 });

describe("T4 audio samples", () => {
  it("answers the known rows", () => {
    for (const [rate, index] of [
      [16_000, 229_232],
      [48_000, 687_696],
      [8_000, 114_616],
      [44_100, 631_820],
      [22_050, 315_910],
    ] as const) {
      expect(sampleAt(clock(rate), 14_327_000_000)?.index).toBe(index);
    }
  });

  it("finds each sample again from its own start", () => {
    for (const rate of [44_100, 192_000, 22_050]) {
      for (let index = 1; index < 200_000; index += 997) {
        const start_ns = Math.floor((index * 1e9) / rate + 0.5);
        expect(sampleAt(clock(rate), start_ns)).toEqual({ index, media_ns: start_ns });
      }
    }
  });

  it("has nothing outside", () => {
    expect(sampleAt({ ...clock(8_000), start_ns: 50 }, 49)).toBeNull();
    expect(sampleAt({ ...clock(8_000), duration_ns: 100 }, 100)).toBeNull();
  });
});
