/** What a command does to the selected cuboid: one press, one edit. */
import type { CuboidShape } from "../../model/projection";
import { type Axis, facePushed, moved, quarterTurned, turned } from "./cuboid_edit";

const STEP_M = 0.1;
const TURN_RAD = Math.PI / 180;

/** Along which own axis, by how many steps. */
const MOVES: Readonly<Record<string, readonly [number, number, number]>> = {
  forward: [STEP_M, 0, 0],
  back: [-STEP_M, 0, 0],
  left: [0, STEP_M, 0],
  right: [0, -STEP_M, 0],
  up: [0, 0, STEP_M],
  down: [0, 0, -STEP_M],
};

const SIZES: Readonly<Record<string, readonly [Axis, number]>> = {
  longer: [0, STEP_M],
  shorter: [0, -STEP_M],
  wider: [1, STEP_M],
  narrower: [1, -STEP_M],
  higher: [2, STEP_M],
  lower: [2, -STEP_M],
};

const TURNS: Readonly<Record<string, number>> = {
  turn_left: TURN_RAD,
  turn_right: -TURN_RAD,
  turn_left_far: 10 * TURN_RAD,
  turn_right_far: -10 * TURN_RAD,
  flip: Math.PI,
};

/** The cuboid after a command such as `forward`; null for commands of other things. */
export function afterCommand(shape: CuboidShape, name: string): CuboidShape | null {
  const [move, size, turn] = [MOVES[name], SIZES[name], TURNS[name]];
  if (move !== undefined) return moved(shape, move);
  if (size !== undefined) return facePushed(shape, size[0], 1, size[1]);
  if (turn !== undefined) return turned(shape, turn);
  return name === "quarter" ? quarterTurned(shape) : null;
}
