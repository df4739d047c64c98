import { describe, expect, it } from "vitest";
import type { Annotation, Region, Stream } from "../../model/records";
import type { SampleData } from "../../store/sample";
import { barOf, LaneBuilder } from "./build_lanes";

const video: Stream = { kind: "stream", id: "v", sample: "s", name: "cam", modality: "video", sampling: "interval" };

function annotation(id: string, region: Region, rest: Partial<Annotation> = {}): Annotation {
  return { kind: "annotation", id, sample: "s", stream: "v", layer: "l", class_id: "c", region, ...rest };
}

function sampleOf(...annotations: Annotation[]): SampleData {
  const rows = annotations.map((record) => [record.id, { rev: "", seq: 0, record }] as const);
  return { annotations: new Map(rows) } as unknown as SampleData;
}

const span = (start_ns: number, end_ns: number): Region => ({ type: "time_span", start_ns, end_ns });
const later = (_stream: string, media_ns: number) => media_ns + 1000;

describe("building lanes", () => {
  it("test_T3_places_media_times_on_the_timeline", () => {
    const bar = barOf(annotation("a", span(5, 10)), (media_ns) => media_ns + 1000);
    expect(bar).toMatchObject({ start_ns: 1005, end_ns: 1010, editable: true });
  });

  it("knows tracks by their key frames, words by their times, shapes by their instant, and nothing of the timeless", () => {
    const track: Region = {
      type: "track",
      key_frames: [
        { at_ns: 1, shape: null },
        { at_ns: 9, shape: null },
      ],
    };
    const same = (media_ns: number) => media_ns;
    expect(barOf(annotation("t", track), same)).toMatchObject({
      start_ns: 1,
      end_ns: 9,
      keys: [
        { at_ns: 1, kind: "absent" },
        { at_ns: 9, kind: "absent" },
      ],
    });
    const words = [{ start: 0, end: 2, start_ns: 3, end_ns: 4 }];
    expect(barOf(annotation("w", { type: "whole_stream" }, { words }), same)).toMatchObject({ start_ns: 3, end_ns: 4 });
    expect(barOf(annotation("i", { type: "whole_stream" }, { at_ns: 7 }), same)).toMatchObject({
      start_ns: 7,
      end_ns: 7,
    });
    expect(barOf(annotation("n", { type: "whole_stream" }), same)).toBeNull();
  });

  it("gives a row to each class and further rows to what overlaps", () => {
    const sample = sampleOf(
      annotation("a", span(0, 10)),
      annotation("b", span(5, 15)),
      annotation("c", span(10, 20)),
      annotation("d", span(0, 5), { class_id: "other" }),
    );
    const lanes = new LaneBuilder().build(sample, [video], (id) => id, later, "");
    expect(lanes.map((lane) => [lane.title, lane.bars.map((bar) => bar.id)])).toEqual([
      ["cam", []],
      ["c", ["a", "c"]],
      ["", ["b"]],
      ["other", ["d"]],
    ]);
  });

  it("test_T5_shows_where_a_stream_has_no_data", () => {
    const times = [0, 100, 200, 500, 600];
    const camera: Stream = {
      ...video,
      modality: "image",
      sampling: "instant",
      readings: times.map((at_ns) => ({ at_ns, asset: "a" })),
    };
    const [lane] = new LaneBuilder().build(sampleOf(), [camera], (id) => id, later, "");
    expect(lane?.covers_ns).toEqual([1000, 1600]);
    expect(lane?.gaps).toEqual([[1250, 1450]]);
    const table = { times_ns: times, end_ns: 700, key_frames: [0] };
    const [framed] = new LaneBuilder().build(
      sampleOf(),
      [video],
      (id) => id,
      later,
      "",
      () => table,
    );
    expect(framed?.covers_ns).toEqual([1000, 1700]);
    expect(framed?.gaps).toEqual([]);
    const single = { ...camera, modality: "point_cloud" as const, readings: [{ at_ns: 5, asset: "a" }] };
    const [always] = new LaneBuilder().build(sampleOf(), [single], (id) => id, later, "");
    expect(always?.covers_ns).toBeNull();
  });

  it("keeps the bars of what did not change", () => {
    const [a, b] = [annotation("a", span(0, 10)), annotation("b", span(20, 30))];
    const builder = new LaneBuilder();
    const sample = sampleOf(a, b);
    const first = builder.build(sample, [video], (id) => id, later, "")[1]?.bars;
    const moved = sampleOf(a, { ...b, region: span(20, 40) });
    const second = builder.build(moved, [video], (id) => id, later, "")[1]?.bars;
    expect(second?.[0]).toBe(first?.[0]);
    expect(second?.[1]?.end_ns).toBe(1040);
  });

  it("keeps the rows of classes in which nothing changed", () => {
    const builder = new LaneBuilder();
    const a = annotation("a", span(0, 5));
    const b = annotation("b", span(0, 5), { class_id: "d" });
    const build = (...rows: Annotation[]) => builder.build(sampleOf(...rows), [video], (id) => id, later, "1");
    const rowOf = (lanes: ReturnType<typeof build>, class_id: string) =>
      lanes.find((lane) => lane.class_id === class_id);
    const before = build(a, b);
    const after = build({ ...a, region: span(0, 9) }, b);
    expect(rowOf(after, "d")).toBe(rowOf(before, "d"));
    expect(rowOf(after, "c")).not.toBe(rowOf(before, "c"));
    expect(rowOf(after, "c")?.bars[0]?.end_ns).toBe(1009);
    expect(rowOf(build(a), "d")).toBeUndefined();
  });
});
