import { describe, expect, it } from "vitest";
import { clockText, placesFor, roundStep, TimeAxis } from "./time_axis";

describe("time axis", () => {
  it("goes to pixels and back", () => {
    const axis = new TimeAxis({ from_ns: 2e9, to_ns: 4e9 }, 100, 1000);
    expect(axis.xOf(3e9)).toBe(600);
    expect(axis.nsAt(axis.xOf(2_345_000_000))).toBe(2_345_000_000);
  });

  it("puts ticks at round instants that are far enough apart", () => {
    const axis = new TimeAxis({ from_ns: 130_000_000, to_ns: 2_130_000_000 }, 0, 1000);
    expect(axis.ticks(90)).toEqual([2e8, 4e8, 6e8, 8e8, 1e9, 1.2e9, 1.4e9, 1.6e9, 1.8e9, 2e9]);
    expect(roundStep(11e9)).toBe(15e9);
    expect(roundStep(31e9)).toBe(60e9);
    expect(roundStep(1)).toBe(1);
  });

  it("writes instants without ever rounding up", () => {
    expect(clockText(14_327_999_999)).toBe("00:14.327");
    expect(clockText(3_661_000_000_000, 0)).toBe("1:01:01");
    expect(clockText(-500_000_000, 1)).toBe("−00:00.5");
    expect(placesFor(2e8)).toBe(1);
    expect(placesFor(5e9)).toBe(0);
  });
});
