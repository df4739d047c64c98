import { describe, expect, it } from "vitest";
import type { Box } from "../../model/records";
import { BODY, boxBetween, cursorOf, handleAt, withHandleMoved } from "./box_gesture";
import { fitInto, toPicture, toScreen, zoomed } from "./viewport";

const box: Box = { type: "box", x0_px: 10, y0_px: 10, x1_px: 30, y1_px: 20 };
const picture = { width: 100, height: 50 };

describe("box gestures", () => {
  it("tells corners, edges and body apart", () => {
    expect(handleAt(box, 11, 9, 2)).toEqual({ x: -1, y: -1 });
    expect(handleAt(box, 31, 15, 2)).toEqual({ x: 1, y: 0 });
    expect(handleAt(box, 20, 15, 2)).toEqual(BODY);
    expect(handleAt(box, 40, 15, 2)).toBeNull();
    expect(cursorOf({ x: 1, y: -1 })).toBe("nesw-resize");
  });

  it("moves a body without changing its size, up to the picture's edge", () => {
    expect(withHandleMoved(box, BODY, -50, 3, picture)).toEqual({
      type: "box",
      x0_px: 0,
      y0_px: 13,
      x1_px: 20,
      y1_px: 23,
    });
  });

  it("swaps edges that pass each other and drops what is under a pixel", () => {
    expect(withHandleMoved(box, { x: 1, y: 0 }, -25, 0, picture)).toEqual({ ...box, x0_px: 5, x1_px: 10 });
    expect(boxBetween(5, 5, 5.4, 30, picture)).toBeNull();
  });

  it("keeps the point under the pointer when zooming", () => {
    const fit = fitInto({ width: 200, height: 200 }, picture);
    expect(fit).toEqual({ scale: 2, left_px: 0, top_px: 50 });
    const near = zoomed(fit, fit, 60, 80, 3);
    expect(toPicture(near, 60, 80)).toEqual(toPicture(fit, 60, 80));
    expect(toScreen(near, ...toPicture(near, 12, 34))).toEqual([12, 34]);
  });
});
