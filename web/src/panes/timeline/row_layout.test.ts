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
