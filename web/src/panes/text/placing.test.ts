import { describe, expect, it } from "vitest";
import { Offsets } from "../../base/text";
import { spanOver } from "../../model/text_span";
import { fromView } from "../../store/sample";
import { annotation, sampleView, TEXT, versioned } from "../../store/testing/sample";
import { type Block, blocksOf, spanAt } from "./blocks";
import { levelled, pickAmong, placesOf } from "./placing";

const id = (n: number) => `00000000-0000-7000-8000-0000000001${String(n).padStart(2, "0")}`;
const place = (n: number, start: number, end: number) => ({
  annotation: annotation(id(n), TEXT, "thing", { type: "text_span", start, end, quote: "" }),
  start,
  end,
});
type Bare = Parameters<typeof levelled>[0][number];

function sampleWith(spans: readonly (readonly [number, number])[]) {
  const records = spans.map(([start, end], n) =>
    versioned(annotation(id(n), TEXT, "thing", { type: "text_span", start, end, quote: "" })),
  );
  return fromView({ ...sampleView(), annotations: records });
}

describe("placing", () => {
  it("puts what contains others below them, also where they only overlap", () => {
    const nested = [place(0, 0, 20), place(1, 0, 10), place(2, 2, 5), place(3, 12, 18), place(4, 18, 25)] as Bare[];
    expect(levelled(nested).map(({ start, end, level }) => [start, end, level])).toEqual([
      [0, 20, 2],
      [0, 10, 1],
      [2, 5, 0],
      [12, 18, 0],
      [18, 25, 0],
    ]);
    const crossing = levelled([place(0, 0, 6), place(1, 4, 10)] as Bare[]);
    expect(crossing.map(({ level }) => level)).toEqual([0, 1]);
    const deep = levelled(Array.from({ length: 9 }, (_, n) => place(n, 0, n + 1)) as Bare[]);
    expect(Math.max(...deep.map(({ level }) => level))).toBe(3);
  });

  it("goes through a nest click by click, from the innermost, and begins again", () => {
    const nest = levelled([place(0, 0, 9), place(1, 0, 5), place(2, 1, 3)] as Bare[]);
    const walk: (string | undefined)[] = [];
    let current: string | null = null;
    for (let click = 0; click < 4; click += 1) {
      current = pickAmong(nest, current)?.annotation.id ?? null;
      walk.push(current ?? undefined);
    }
    expect(walk).toEqual([id(2), id(1), id(0), id(2)]);
    expect(pickAmong([], null)).toBeNull();
  });

  it("finds a span again in every block that it covers", () => {
    const text = `${"Ein Satz 🚗 mit Wörtern. ".repeat(120)}Ende`;
    const sample = sampleWith([
      [9, 10],
      [1100, 1300],
    ]);
    const blocks = blocksOf(sample, new Map([[TEXT, text]]));
    expect(blocks.length).toBeGreaterThan(2);
    expect(blocks.map((block) => block.offsets.text).join("")).toBe(text);
    const places = placesOf(sample, blocks);
    const covered = (n: number) =>
      blocks
        .flatMap((block) =>
          (places.get(block.key) ?? [])
            .filter((entry) => entry.annotation.id === id(n))
            .map((entry) => block.offsets.text.slice(entry.start, entry.end)),
        )
        .join("");
    expect(covered(0)).toBe("🚗");
    expect(covered(1)).toBe([...text].slice(1100, 1300).join(""));
  });

  it("makes one span over two blocks of a text, exact in code points", () => {
    const text = "🚗 wort ".repeat(400);
    const [first, second] = blocksOf(sampleWith([]), new Map([[TEXT, text]])) as [Block, Block];
    const span = spanAt(first, first.offsets.text.length - 8, 7, second);
    if (span === null) throw new Error("no span");
    expect([...text].slice(span.start, span.end).join("")).toBe(span.quote);
    expect(span.start).toBeLessThan(second.start);
    expect(span.end).toBeGreaterThan(second.start);
  });

  it("trims space around a span in right-to-left and joined writing", () => {
    const hard = new Offsets("a 👨‍👩‍👧 שלום  עולם e\u0301t");
    const points = [...hard.text];
    const start = points.indexOf("ש") - 1;
    const span = spanOver(hard, start, points.indexOf("ע"), null);
    expect(span?.quote).toBe("שלום");
    expect(points.slice(span?.start, span?.end).join("")).toBe("שלום");
    expect(spanOver(hard, start, start + 1, null)).toBeNull();
  });
});
