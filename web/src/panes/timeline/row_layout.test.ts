import { describe, expect, it } from "vitest";
import { laneOf } from "./lanes";
import { ROW_PX, RowLayout, WAVE_PX } from "./row_layout";

const lane = (key: string, wave = false) => laneOf({ key, title: key, stream: key, class_id: null, bars: [], wave });

describe("row layout", () => {
  it("stacks rows and finds the ones in sight", () => {
    const layout = new RowLayout([lane("a"), lane("wave", true), lane("c")]);
    expect(layout.height_px).toBe(2 * ROW_PX + WAVE_PX);
    expect(layout.between(ROW_PX, ROW_PX + 1).map((row) => row.lane.key)).toEqual(["wave"]);
    expect(layout.between(0, 1000)).toHaveLength(3);
    expect(layout.at(ROW_PX - 1)?.lane.key).toBe("a");
    expect(layout.at(ROW_PX)?.lane.key).toBe("wave");
    expect(layout.at(9999)).toBeNull();
  });
});

describe("finding bars", () => {
  it("knows the row of each", () => {
    const bar = { id: "b", class_id: "c", start_ns: 0, end_ns: 1, keys: [], editable: true };
    const full = laneOf({ key: "k", title: "", stream: "s", class_id: "c", bars: [bar] });
    const layout = new RowLayout([lane("a"), full]);
    expect(layout.find("b")?.row.top_px).toBe(ROW_PX);
    expect(layout.find("x")).toBeNull();
  });
});
