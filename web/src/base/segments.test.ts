import { describe, expect, it } from "vitest";
import { graphemeAt, isRightToLeft, nearestEdge, snapped, stepEdge, wordBeside } from "./segments";
import { Offsets } from "./text";

/** Texts that break tools: astral, joined, combining, right to left, without spaces. */
const FAMILY = "👨‍👩‍👧‍👦";
const FLAG = "🇩🇪";
const HARD = `a ${FAMILY} b ${FLAG} e\u0301te\u0301 שלום עולם 猫が好き`;

describe("segments", () => {
  it("never cut an emoji family, a flag or a letter with its accent", () => {
    for (const whole of [FAMILY, FLAG, "e\u0301"]) {
      const start = HARD.indexOf(whole);
      for (let unit = start; unit < start + whole.length; unit += 1) {
        expect(graphemeAt(HARD, unit)).toEqual([start, start + whole.length]);
      }
      expect(snapped(HARD, [start + 1, start + 2], "graphemes")).toEqual([start, start + whole.length]);
    }
  });

  it("snap the ends of a selection to words, and leave ends on boundaries alone", () => {
    const start = HARD.indexOf("שלום");
    expect(HARD.slice(...snapped(HARD, [start + 1, start + 6], "words"))).toBe("שלום עולם");
    expect(snapped("one two", [0, 3], "words")).toEqual([0, 3]);
    expect("one two, three".slice(...snapped("one two, three", [5, 8], "words"))).toBe("two,");
    expect(snapped("one two", [5, 6], "graphemes")).toEqual([5, 6]);
  });

  it("give the word beside a caret, an emoji as a word of its own, and nothing on space", () => {
    expect(HARD.slice(...(wordBeside(HARD, HARD.indexOf("עולם") + 2) ?? [0, 0]))).toBe("עולם");
    expect("red car".slice(...(wordBeside("red car", 7) ?? [0, 0]))).toBe("car");
    expect(HARD.slice(...(wordBeside(HARD, HARD.indexOf(FAMILY) + 3) ?? [0, 0]))).toBe(FAMILY);
    expect(HARD.slice(...(wordBeside(HARD, HARD.indexOf(FAMILY) + FAMILY.length) ?? [0, 0]))).toBe(FAMILY);
    expect(wordBeside("a   b", 2)).toBeNull();
    expect(graphemeAt("ab", -1)).toEqual([2, 2]);
  });

  it("divide writing without spaces into words", () => {
    const cat = wordBeside(HARD, HARD.indexOf("猫"));
    expect(HARD.slice(...(cat ?? [0, 0]))).toBe("猫");
  });

  it("step an edge by words and by graphemes, forth and back", () => {
    const text = `go ${FAMILY} now`;
    expect(stepEdge(text, 2, 1, "end", "words")).toBe(text.length);
    expect(stepEdge(text, text.length, -1, "end", "words")).toBe(2);
    expect(stepEdge(text, 3, 1, "end", "graphemes")).toBe(3 + FAMILY.length);
    expect(stepEdge(text, 3 + FAMILY.length, -1, "start", "graphemes")).toBe(3);
    expect(stepEdge(text, 0, -1, "start", "words")).toBe(0);
    expect(stepEdge(text, 0, -1, "start", "graphemes")).toBe(0);
    expect(stepEdge(text, text.length, 1, "end", "graphemes")).toBe(text.length);
  });

  it("find the boundary nearest to a dragged edge", () => {
    expect(nearestEdge("one three", 5, "words")).toBe(4);
    expect(nearestEdge("one three", 8, "words")).toBe(9);
    expect(nearestEdge(FAMILY, 1, "graphemes")).toBe(0);
  });

  it("know which way writing runs", () => {
    expect(isRightToLeft("ab שלום", 4)).toBe(true);
    expect(isRightToLeft("ab שלום", 0)).toBe(false);
  });

  it("keep code points exact at every grapheme of a hard text", () => {
    const offsets = new Offsets(HARD);
    const points = [...HARD];
    for (let unit = 0; unit < HARD.length; unit = graphemeAt(HARD, unit)[1]) {
      const [start, end] = graphemeAt(HARD, unit);
      expect(points.slice(offsets.toPoints(start), offsets.toPoints(end)).join("")).toBe(HARD.slice(start, end));
    }
  });
});
