import { describe, expect, it } from "vitest";
import type { Annotation } from "../../model/records";
import type { SampleData } from "../../store/sample";
import { bandList } from "./band_list";
import { annotationsOf } from "./by_stream";
import { spansOf } from "./stream_spans";

function span(id: string, stream: string, start_ns: number, end_ns: number): Annotation {
  const region = { type: "time_span", start_ns, end_ns } as const;
  return { kind: "annotation", id, sample: "s", stream, layer: "l", class_id: "c", region };
}

function sampleOf(...annotations: Annotation[]): SampleData {
  const rows = annotations.map((record) => [record.id, { rev: "", seq: 0, record }] as const);
  return { annotations: new Map(rows) } as unknown as SampleData;
}

describe("spans of a stream", () => {
  const sample = sampleOf(span("late", "a", 50, 60), span("other", "b", 0, 1), span("early", "a", 10, 20));

  it("are its own, in order, and the same list while nothing changes", () => {
    const clock = { toTimeline: (_stream: string, media_ns: number) => media_ns };
    const spans = spansOf(sample, clock, "a");
    expect(spans.map(({ id }) => id)).toEqual(["early", "late"]);
    expect(spansOf(sample, clock, "a")).toBe(spans);
    expect(annotationsOf(sample, "b")).toHaveLength(1);
    expect(spansOf(null, clock, "a")).toEqual([]);
  });

  it("test_T3_move_when_the_clock_is_corrected", () => {
    let offset = 0;
    const clock = { toTimeline: (_stream: string, media_ns: number) => media_ns + offset };
    expect(spansOf(sample, clock, "a")[0]?.start_ns).toBe(10);
    offset = 5;
    expect(spansOf(sample, clock, "a")[0]?.start_ns).toBe(15);
  });

  it("are thinned to about one a pixel, but never those that matter", () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ id: `s${index}`, start_ns: index, end_ns: index + 1 }));
    const x = (at_ns: number) => at_ns / 100;
    const thin = bandList(many, x, 0, 10, (band) => band.id === "s555");
    expect(thin.length).toBeLessThan(20);
    expect(thin.some(({ span: band, narrow }) => band.id === "s555" && !narrow)).toBe(true);
    expect(bandList(many, x, 20, 30, () => false)).toEqual([]);
  });
});
