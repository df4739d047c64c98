import { describe, expect, it } from "vitest";
import { bandHeight, NEGLIGIBLE_NS } from "./draw_trust";

describe("T6 the band of uncertainty", () => {
  it("is nothing where nobody could tell, and grows by the same step with every decade", () => {
    expect(bandHeight(NEGLIGIBLE_NS - 1, 20)).toBe(0);
    const [a, b, c] = [1e6, 1e7, 1e8].map((sigma_ns) => bandHeight(sigma_ns, 20));
    expect((b ?? 0) - (a ?? 0)).toBeCloseTo((c ?? 0) - (b ?? 0), 9);
    expect(a).toBeGreaterThan(2);
    expect(bandHeight(1e12, 20)).toBe(20);
  });
});
