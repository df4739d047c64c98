import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bar, type Lane, laneOf, paintList, visibleRange } from "./lanes";

function bar(id: string, start_ns: number, end_ns: number): Bar {
  return { id, start_ns, end_ns, class_id: "c", keys: [], editable: true };
}

function lane(...bars: Bar[]): Lane {
  return laneOf({ key: "k", title: "t", stream: "s", class_id: "c", bars });
}

const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 60 })), { maxLength: 40 });

describe("lanes", () => {
  it("finds every bar that touches the window, long early ones too", () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 0, max: 220 }), fc.integer({ min: 1, max: 50 }), (list, from, length) => {
        const made = lane(...list.map(([start, size], index) => bar(`b${index}`, start, start + size)));
        const [first, end] = visibleRange(made, from, from + length);
        const found = new Set(made.bars.slice(first, end).map((b) => b.id));
        for (const b of made.bars) {
          if (b.start_ns < from + length && b.end_ns >= from) expect(found.has(b.id)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("merges what shares a pixel, counts it, and keeps what must stay apart", () => {
    const made = lane(bar("a", 0, 1), bar("b", 1, 2), bar("c", 2, 3), bar("wide", 10, 40), bar("d", 50, 51));
    const window = { from_ns: 0, to_ns: 100 };
    const x = (at_ns: number) => at_ns / 2;
    const merged = paintList(made, window, x, () => false);
    expect(merged.map((p) => [p.bar?.id ?? null, p.count])).toEqual([
      [null, 3],
      ["wide", 1],
      ["d", 1],
    ]);
    const apart = paintList(made, window, x, (b) => b.id === "b");
    expect(apart.filter((p) => p.bar?.id === "b")).toHaveLength(1);
    expect(apart.reduce((sum, p) => sum + p.count, 0)).toBe(5);
  });

  it("paints at most about one item a pixel, whatever the number of bars, and loses none", () => {
    const bars = Array.from({ length: 100_000 }, (_, index) => bar(`b${index}`, index * 10, index * 10 + 7));
    const made = lane(...bars);
    const list = paintList(
      made,
      { from_ns: 0, to_ns: 1_000_000 },
      (at_ns) => at_ns / 1000,
      () => false,
    );
    expect(list.length).toBeLessThanOrEqual(1001);
    expect(list.reduce((sum, p) => sum + p.count, 0)).toBe(100_000);
  });
});
