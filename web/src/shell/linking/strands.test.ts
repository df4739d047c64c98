import { describe, expect, it } from "vitest";
import { curve, drawnOf, MOST_LINES, type Place, type Strand } from "./strands";

function place(pane: number, x: number, y = 0): Place {
  return { pane, x, y, width: 10, height: 10 };
}

function strand(id: string, from: Place | null, to: Place | null, kind: Strand["kind"] = "sound"): Strand {
  return { id, kind, label: "Refers to", from, to };
}

describe("what is drawn of links", () => {
  it("is a line between the sides that face each other", () => {
    expect(drawnOf([strand("a", place(0, 0), place(1, 100))])).toEqual([
      {
        shape: "line",
        id: "a",
        kind: "sound",
        label: "Refers to",
        ends: [
          [10, 5],
          [100, 5],
        ],
      },
    ]);
    expect(drawnOf([strand("a", place(0, 100), place(1, 0))])[0]).toMatchObject({
      ends: [
        [100, 5],
        [10, 5],
      ],
    });
  });

  it("is one bundle with a count where many run between two panes, as grave as its gravest link", () => {
    const many = Array.from({ length: MOST_LINES + 1 }, (_, index) =>
      strand(`l${index}`, place(0, 0, index * 20), place(1, 200, index * 20), index === 3 ? "suspect" : "sound"),
    );
    expect(drawnOf(many)).toEqual([
      {
        shape: "bundle",
        id: "0-1",
        kind: "suspect",
        count: 9,
        ends: [
          [10, 85],
          [200, 85],
        ],
      },
    ]);
    expect(drawnOf(many, new Set(["0-1"]))).toHaveLength(9);
    expect(drawnOf(many.slice(1))).toHaveLength(8);
  });

  it("bundles links that point either way", () => {
    const many = Array.from({ length: MOST_LINES + 1 }, (_, index) => {
      const ends = [place(0, 0, index * 20), place(1, 200, index * 20)] as const;
      return index % 2 === 0 ? strand(`l${index}`, ends[0], ends[1]) : strand(`l${index}`, ends[1], ends[0]);
    });
    expect(drawnOf(many)[0]).toMatchObject({
      count: 9,
      ends: [
        [10, 85],
        [200, 85],
      ],
    });
  });

  it("is a stub with a count at an end whose other end is not visible", () => {
    const at = place(0, 0);
    expect(drawnOf([strand("a", at, null), strand("b", null, at, "suspect"), strand("c", null, null)])).toEqual([
      { shape: "stub", id: "a", kind: "suspect", count: 2, at: [10, 5] },
    ]);
  });

  it("bends away from both ends", () => {
    expect(
      curve([
        [0, 0],
        [100, 40],
      ]),
    ).toEqual({ path: "M0 0 C40 0 60 40 100 40", middle: [50, 20] });
  });
});
