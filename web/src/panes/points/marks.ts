/** Marks of a sweep's points: the class of the cuboid around each, or that it is drawn elsewhere. */
import type { CuboidShape } from "../../model/projection";
import { HIDDEN } from "./cloud";
import type { Sweep } from "./sweeps";

export interface Marked {
  /** In the sweep's own frame of reference, at its time. */
  readonly shape: CuboidShape;
  /** Place of the class's colour, 0 to 7. */
  readonly colour: number;
  /** Its points ride on it elsewhere. */
  readonly hidden: boolean;
}

export function marksFor(sweep: Sweep, objects: readonly Marked[]): Uint8Array | null {
  if (objects.length === 0) return null;
  const marks = new Uint8Array(sweep.index.count);
  for (const { shape, colour, hidden } of objects) {
    sweep.index.eachInside(shape, (point) => {
      marks[point] = hidden ? HIDDEN : colour + 1;
    });
  }
  return marks;
}
