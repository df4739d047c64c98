import { describe, expect, it } from "vitest";
import { Offsets } from "../../base/text";
import type { TextSpan } from "../../model/records";
import { spanOver } from "../../model/text_span";
import { arrowDirection, steppedEdge, withEdge } from "./edges";

const HARD = new Offsets("Der 👩‍🚀 fliegt שלום עולם über 日本 ne\u0301e");

function spanOf(quote: string): TextSpan {
  const before = [...HARD.text.slice(0, HARD.text.indexOf(quote))].length;
  const span = spanOver(HARD, before, before + [...quote].length, null);
  if (span === null) throw new Error(quote);
  return span;
}

describe("edges of text spans", () => {
  it("move by words and keep quote and code points true", () => {
    const longer = steppedEdge(HARD, spanOf("fliegt"), "end", 1, "words");
    expect(longer?.quote).toBe("fliegt שלום");
    expect([...HARD.text].slice(longer?.start, longer?.end).join("")).toBe("fliegt שלום");
    expect(steppedEdge(HARD, spanOf("fliegt שלום"), "end", -1, "words")?.quote).toBe("fliegt");
    expect(steppedEdge(HARD, spanOf("fliegt"), "start", -1, "words")?.quote).toBe("Der 👩‍🚀 fliegt");
  });

  it("move by whole graphemes over joined emoji and combining marks", () => {
    const grown = steppedEdge(HARD, { ...spanOf("Der"), end: spanOf("Der").end + 1 }, "end", 1, "graphemes");
    expect(grown?.quote).toBe("Der 👩‍🚀");
    const shrunk = steppedEdge(HARD, spanOf("ne\u0301e"), "end", -1, "graphemes");
    expect(shrunk?.quote).toBe("ne\u0301");
    expect(steppedEdge(HARD, spanOf("ne\u0301"), "end", -1, "graphemes")?.quote).toBe("n");
  });

  it("never pass each other and never leave the text", () => {
    expect(steppedEdge(HARD, spanOf("Der"), "start", -1, "words")).toBeNull();
    expect(steppedEdge(HARD, spanOf("ne\u0301e"), "end", 1, "graphemes")).toBeNull();
    expect(withEdge(HARD, spanOf("fliegt"), "end", spanOf("fliegt").start)).toBeNull();
    expect(withEdge(HARD, spanOf("fliegt"), "start", spanOf("fliegt").end + 3)).toBeNull();
  });

  it("turn the arrows around in writing from right to left", () => {
    expect(arrowDirection(HARD, spanOf("עולם"), "end", 1)).toBe(-1);
    expect(arrowDirection(HARD, spanOf("fliegt"), "end", 1)).toBe(1);
    expect(arrowDirection(HARD, spanOf("fliegt שלום"), "start", 1)).toBe(1);
  });
});
