import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../base/sha256";
import { canonicalJson } from "./canonical";
import golden from "./golden.json";
import { normalise } from "./normalise";
import type { AnyRecord } from "./records";
import { revisionOf } from "./revision";

describe("revisionOf", () => {
  it.each(golden.map((row, index) => [index, row] as const))("agrees with the server on golden record %i", (_, row) => {
    const record = row.record as unknown as AnyRecord;
    expect(canonicalJson(normalise(record))).toBe(row.canonical);
    expect(revisionOf(record)).toBe(row.rev);
  });

  it("does not depend on the order of members or on members at their default", () => {
    const link = {
      kind: "link",
      id: "a",
      sample: "s",
      layer: "l",
      type_id: "t",
      source: { id: "x", judged: "1" },
      target: { id: "y", judged: "2" },
    } as const;
    const shuffled = {
      causes: [],
      target: { kind: "annotation", judged: "2", id: "y" },
      source: link.source,
      type_id: "t",
      status: "accepted",
      layer: "l",
      sample: "s",
      id: "a",
      kind: "link",
    } as const;
    expect(revisionOf(shuffled)).toBe(revisionOf(link));
  });
});

describe("canonicalJson", () => {
  it("sorts keys by UTF-16 units and prints numbers as RFC 8785 says", () => {
    expect(canonicalJson({ "\u20ac": 1, "\r": 2, "\ufb33": 3, "\u{1f600}": 4, a: [1e30, 4.5, 0.002, 1e-27, -0] })).toBe(
      '{"\\r":2,"a":[1e+30,4.5,0.002,1e-27,0],"€":1,"😀":4,"\ufb33":3}',
    );
  });

  it("refuses what JSON cannot carry", () => {
    expect(() => canonicalJson({ x: Number.NaN })).toThrow("wanted a finite number");
  });

  it("is stable when read back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe("sha256Hex", () => {
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ])("gives the published digest of %j", (text, digest) => {
    expect(sha256Hex(new TextEncoder().encode(text))).toBe(digest);
  });

  it("agrees with the platform around block edges", async () => {
    for (const length of [55, 56, 63, 64, 65, 119, 120, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) % 256);
      const wanted = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      expect(sha256Hex(bytes)).toBe(Buffer.from(wanted).toString("hex"));
    }
  });
});
