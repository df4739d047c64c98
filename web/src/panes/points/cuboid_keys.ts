/** Keys of the selected cuboid: one press, one edit. */
import type { CuboidShape } from "../../model/projection";
import { facePushed, fitted, moved, turned } from "./cuboid_edit";
import type { Tile } from "./tiles";

const STEP_M = 0.1;
const TURN_RAD = Math.PI / 180;

export interface CuboidKey {
  readonly key: string;
  readonly shiftKey: boolean;
}

/**
 * w s forward and back, a d left and right, PageUp PageDown up and down, q e turn, f fits to the points, g turns round.
 * With Shift the same keys change the size: length, width, height. null for other keys.
 */
export function afterKey(shape: CuboidShape, { key, shiftKey }: CuboidKey, tiles: readonly Tile[]): CuboidShape | null {
  const way = key.length === 1 ? key.toLowerCase() : key;
  if (shiftKey) {
    if (way === "w" || way === "s") return facePushed(shape, 0, 1, way === "w" ? STEP_M : -STEP_M);
    if (way === "a" || way === "d") return facePushed(shape, 1, 1, way === "a" ? STEP_M : -STEP_M);
    if (way === "PageUp" || way === "PageDown") return facePushed(shape, 2, 1, way === "PageUp" ? STEP_M : -STEP_M);
  }
  switch (way) {
    case "w":
      return moved(shape, [STEP_M, 0, 0]);
    case "s":
      return moved(shape, [-STEP_M, 0, 0]);
    case "a":
      return moved(shape, [0, STEP_M, 0]);
    case "d":
      return moved(shape, [0, -STEP_M, 0]);
    case "PageUp":
      return moved(shape, [0, 0, STEP_M]);
    case "PageDown":
      return moved(shape, [0, 0, -STEP_M]);
    case "q":
      return turned(shape, shiftKey ? 10 * TURN_RAD : TURN_RAD);
    case "e":
      return turned(shape, shiftKey ? -10 * TURN_RAD : -TURN_RAD);
    case "f":
      return fitted(shape, tiles);
    case "g":
      return turned(shape, Math.PI);
    default:
      return null;
  }
}
