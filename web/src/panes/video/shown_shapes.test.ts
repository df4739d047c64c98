import { describe, expect, it } from "vitest";
import type { Annotation, Region } from "../../model/records";
import type { FrameTable } from "./frame_table";
import { boundsOf, shapeUnder, shownShapes } from "./shown_shapes";

const table: FrameTable = {
  starts_ns: [0, 40, 80],
  end_ns: 120,
  key_frames: [0],
  playable_starts_s: [0, 0.04, 0.08],
  width_px: 100,
  height_px: 100,
};
const box = (x: number, size = 10): Region => ({ type: "box", x0_px: x, y0_px: x, x1_px: x + size, y1_px: x + size });

function annotation(id: string, region: Region, rest: Partial<Annotation> = {}): Annotation {
  return { kind: "annotation", id, sample: "s", stream: "v", layer: "l", class_id: "c", region, ...rest };
}

describe("shapes of a video frame", () => {
  it("test_T3_takes_the_native_index_before_the_time", () => {
    const both = annotation("a", box(0), { index: 1, at_ns: 5 });
    expect(shownShapes([both], table, 1)).toHaveLength(1);
    expect(shownShapes([both], table, 0)).toHaveLength(0);
    expect(shownShapes([annotation("b", box(0), { at_ns: 79 })], table, 1)).toHaveLength(1);
    expect(shownShapes([annotation("c", box(0))], table, 0)).toHaveLength(0);
  });

  it("draws a track between its key frames, and as keyed where one falls on the frame", () => {
    const a = { type: "box", x0_px: 0, y0_px: 0, x1_px: 10, y1_px: 10 } as const;
    const b = { ...a, x0_px: 80, x1_px: 90 };
    const region: Region = {
      type: "track",
      key_frames: [
        { at_ns: 0, shape: a },
        { at_ns: 85, shape: b },
      ],
    };
    const track = annotation("t", region);
    expect(shownShapes([track], table, 1)[0]).toMatchObject({ interpolated: true });
    expect(shownShapes([track], table, 2)[0]).toMatchObject({ interpolated: false, shape: b });
  });

  it("leaves out what is no shape in the picture", () => {
    expect(shownShapes([annotation("t", { type: "time_span", start_ns: 0, end_ns: 90 })], table, 0)).toEqual([]);
  });

  it("picks the smallest under the pointer and bounds turned boxes", () => {
    const shown = shownShapes(
      [annotation("big", box(0, 80), { index: 0 }), annotation("small", box(20, 5), { index: 0 })],
      table,
      0,
    );
    expect(shapeUnder(shown, 22, 22, 1)?.annotation.id).toBe("small");
    expect(shapeUnder(shown, 60, 60, 1)?.annotation.id).toBe("big");
    expect(shapeUnder(shown, 95, 95, 1)).toBeNull();
    const turned = boundsOf({
      type: "rotated_box",
      cx_px: 50,
      cy_px: 50,
      width_px: 20,
      height_px: 10,
      angle_rad: Math.PI / 2,
    });
    expect(turned?.x0).toBeCloseTo(45, 9);
    expect(turned?.y1).toBeCloseTo(60, 9);
  });
});
