import { describe, expect, it } from "vitest";
import type { Annotation } from "../../model/records";
import { revisionOf } from "../../model/revision";
import { fromView } from "../../store/sample";
import { annotation, CAR, IMAGE, sampleView, TEXT } from "../../store/testing/sample";
import { blocksOf, spanAt, unitsIn } from "./blocks";

const caption: Annotation = { ...annotation(CAR, IMAGE, "thing", { type: "whole_stream" }), text: "🚗 a red car" };

function blocks() {
  const view = sampleView();
  const annotations = [{ rev: revisionOf(caption), seq: 1, record: caption }];
  return blocksOf(fromView({ ...view, annotations }), new Map([[TEXT, "first 🚗\n\nsecond line"]]));
}

describe("blocks", () => {
  it("are the lines of annotations and the paragraphs of streams, with code point starts", () => {
    expect(blocks().map(({ of, start, offsets }) => [of, start, offsets.text])).toEqual([
      [CAR, 0, "🚗 a red car"],
      [null, 0, "first 🚗"],
      [null, 9, "second line"],
    ]);
  });

  it("turn selected units into code points with quote and context, trimmed", () => {
    const [line, , second] = blocks();
    if (line === undefined || second === undefined) throw new Error("no blocks");
    expect(spanAt(line, 4, 12)).toEqual({
      type: "text_span",
      start: 4,
      end: 11,
      quote: "red car",
      prefix: "🚗 a ",
      of: CAR,
    });
    expect(spanAt(second, 0, 6)).toMatchObject({
      start: 9,
      end: 15,
      quote: "second",
      prefix: "first 🚗\n\n",
      suffix: " line",
    });
    expect(spanAt(line, 2, 3)).toBeNull();
  });

  it("find a span again, clipped to the paragraph", () => {
    const [line, first, second] = blocks();
    if (line === undefined || first === undefined || second === undefined) throw new Error("no blocks");
    const span = { type: "text_span", start: 6, end: 15, quote: "" } as const;
    expect(unitsIn(first, span, TEXT)).toEqual([6, 8]);
    expect(unitsIn(second, span, TEXT)).toEqual([0, 6]);
    expect(unitsIn(line, span, TEXT)).toBeNull();
  });
});
