import { describe, expect, it } from "vitest";
import { columns, decodePeaks, levelFor, type PeaksHeader } from "./peaks";

/** Two channels at 64 kHz, so that a bin of the first level lasts a millisecond; 16 bins, then 4. */
const header: PeaksHeader = {
  rate: { num: 64_000, den: 1 },
  channels: 2,
  start_ns: 5_000_000,
  duration_ns: 16_000_000,
  levels: [
    { samples_per_bin: 64, bins: 16, offset: 0 },
    { samples_per_bin: 256, bins: 4, offset: 64 },
  ],
};

function bytes(): ArrayBuffer {
  const out = new Int8Array(64 + 16);
  for (let bin = 0; bin < 16; bin++) out.set([-bin, bin, -100, 100 + bin], bin * 4);
  for (let bin = 0; bin < 4; bin++) out.set([-(bin * 4 + 3), bin * 4 + 3, -100, 103 + bin * 4], 64 + bin * 4);
  return out.buffer;
}

describe("peaks", () => {
  it("picks the coarsest level that still has a bin per pixel", () => {
    expect(levelFor(header, 999_999)?.samples_per_bin).toBe(64);
    expect(levelFor(header, 3_999_999)?.samples_per_bin).toBe(64);
    expect(levelFor(header, 4_000_000)?.samples_per_bin).toBe(256);
    expect(levelFor(header, 10)?.samples_per_bin).toBe(64);
  });

  it("gives each column the extremes of its bins, per channel, and nothing outside the sound", () => {
    const peaks = decodePeaks(header, bytes());
    const edges = [3e6, 5e6, 6e6, 8e6, 21e6, 22e6];
    expect(columns(peaks, 0, edges)).toEqual([
      null,
      { low: 0, high: 0 },
      { low: -2 / 127, high: 2 / 127 },
      { low: -15 / 127, high: 15 / 127 },
      null,
    ]);
    expect(columns(peaks, 1, edges)[2]).toEqual({ low: -100 / 127, high: 102 / 127 });
  });

  it("agrees between levels on what a coarse bin covers", () => {
    const peaks = decodePeaks(header, bytes());
    const coarse = columns(peaks, 0, [5e6, 9e6, 13e6]);
    expect(coarse).toEqual([
      { low: -3 / 127, high: 3 / 127 },
      { low: -7 / 127, high: 7 / 127 },
    ]);
  });

  it("refuses bytes that end too early", () => {
    expect(() => decodePeaks(header, new ArrayBuffer(70))).toThrow(/ends? at byte 70/);
  });
});
