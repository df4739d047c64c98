import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isUuid7, newId, uuid7 } from "./ids";
import { formatNs } from "./ns";
import { Offsets } from "./text";

describe("Offsets", () => {
  it("converts both ways for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const offsets = new Offsets(text);
        const points = [...text];
        expect(offsets.length).toBe(points.length);
        let unit = 0;
        points.forEach((character, point) => {
          expect(offsets.toUnits(point)).toBe(unit);
          expect(offsets.toPoints(unit)).toBe(point);
          unit += character.length;
        });
        expect(offsets.toUnits(points.length)).toBe(text.length);
      }),
      { numRuns: 100 },
    );
  });

  it("takes an offset inside a surrogate pair as the start of its character", () => {
    const offsets = new Offsets("a🚗b");
    expect(offsets.toPoints(2)).toBe(1);
    expect(offsets.slice(1, 3)).toBe("🚗b");
  });
});

describe("ids", () => {
  it("gives the value of RFC 9562's example", () => {
    const entropy = Uint8Array.from(Buffer.from("0cc318c4dc0c0c07398f", "hex"));
    expect(uuid7(0x017f22e279b0, entropy)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  });

  it("makes fresh ids of the right form", () => {
    const ids = Array.from({ length: 50 }, newId);
    expect(ids.every(isUuid7)).toBe(true);
    expect(new Set(ids).size).toBe(50);
  });
});

describe("formatNs", () => {
  it.each([
    [0, "00:00.000"],
    [14_327_000_000, "00:14.327"],
    [3_661_001_000_000, "1:01:01.001"],
    [-500_000_000, "-00:00.500"],
  ])("prints %i", (value, text) => expect(formatNs(value)).toBe(text));
});
