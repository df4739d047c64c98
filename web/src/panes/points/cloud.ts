/** What the pane shows of the points: the sweep of the moment, and its neighbours carried into its frame of reference. */
import { apply, invert, type RigidTransform, type Vec3 } from "../../base/rotation";
import { carried } from "../../model/cuboid_motion";
import { type CuboidShape, cuboidCorners } from "../../model/projection";
import type { Sweep } from "./sweeps";

export interface PlacedSweep {
  readonly sweep: Sweep;
  readonly reading: number;
  readonly pane_from_sweep: RigidTransform;
  /** Readings away from the one of the moment: negative for earlier ones. */
  readonly away: number;
}

/** Points in metres in the pane's frame, with what colours them. */
export interface LoosePoints {
  readonly places_m: Float32Array;
  readonly intensity: Uint8Array;
  readonly away: Float32Array;
  readonly marks: Uint8Array;
}

/** A sweep's points of one object, moved as the object moved since. */
export interface ObjectMove {
  readonly reading: number;
  /** The object in the sweep's own frame, at the sweep's time. */
  readonly shape_then: CuboidShape;
  /** From the sweep's frame then to the pane's frame now, riding on the object. */
  readonly pane_from_sweep: RigidTransform;
}

/** Everything inside a cuboid of the pane's frame. `marksOf` gives a sweep's marks where there are any. */
export function pointsIn(
  placed: readonly PlacedSweep[],
  shape: CuboidShape,
  marksOf: (reading: number) => Uint8Array | null,
  riding: LoosePoints | null = null,
): LoosePoints {
  const places: number[] = [];
  const intensity: number[] = [];
  const away: number[] = [];
  const marks: number[] = [];
  for (const one of placed) {
    const bytes = intensities(one.sweep);
    const own = marksOf(one.reading);
    one.sweep.index.eachInside(carried(shape, invert(one.pane_from_sweep)), (point) => {
      const mark = own?.[point] ?? 0;
      if (mark === HIDDEN) return;
      places.push(...apply(one.pane_from_sweep, one.sweep.index.placeOf(point)));
      intensity.push(bytes[point] ?? 0);
      away.push(one.away);
      marks.push(mark);
    });
  }
  const into = invert({ rotation_wxyz: shape.rotation_wxyz, translation_m: shape.centre_m });
  for (let point = 0; riding !== null && point < riding.intensity.length; point++) {
    const place = [0, 1, 2].map((axis) => riding.places_m[point * 3 + axis] ?? 0) as [number, number, number];
    if (apply(into, place).some((part, axis) => Math.abs(part) > (shape.size_m[axis] ?? 0) / 2)) continue;
    places.push(...place);
    intensity.push(riding.intensity[point] ?? 0);
    away.push(riding.away[point] ?? 0);
    marks.push(riding.marks[point] ?? 0);
  }
  return loose(places, intensity, away, marks);
}

/** Points of objects in other sweeps, where these objects are now. */
export function ridingPoints(placed: readonly PlacedSweep[], moves: readonly ObjectMove[], mark: number): LoosePoints {
  const places: number[] = [];
  const intensity: number[] = [];
  const away: number[] = [];
  const marks: number[] = [];
  for (const move of moves) {
    const one = placed.find(({ reading }) => reading === move.reading);
    if (one === undefined) continue;
    const bytes = intensities(one.sweep);
    one.sweep.index.eachInside(move.shape_then, (point) => {
      places.push(...apply(move.pane_from_sweep, one.sweep.index.placeOf(point)));
      intensity.push(bytes[point] ?? 0);
      away.push(one.away);
      marks.push(mark);
    });
  }
  return loose(places, intensity, away, marks);
}

/** A point with this mark is drawn elsewhere. */
export const HIDDEN = 255;

function loose(places: number[], intensity: number[], away: number[], marks: number[]): LoosePoints {
  return {
    places_m: Float32Array.from(places),
    intensity: Uint8Array.from(intensity),
    away: Float32Array.from(away),
    marks: Uint8Array.from(marks),
  };
}

const joined = new WeakMap<Sweep, Uint8Array>();

function intensities(sweep: Sweep): Uint8Array {
  let bytes = joined.get(sweep);
  if (bytes === undefined) {
    bytes = new Uint8Array(sweep.header.count);
    let at = 0;
    for (const tile of sweep.tiles) {
      bytes.set(tile.intensity.subarray(0, bytes.length - at), at);
      at += tile.count;
    }
    joined.set(sweep, bytes);
  }
  return bytes;
}

/** The cuboid with room around it, of which side and front views show the points. */
export function withRoom(shape: CuboidShape): CuboidShape {
  const [length, width, height] = shape.size_m;
  const room = (size: number) => size + 2 * Math.max(1.2, size * 0.35);
  return { ...shape, size_m: [room(length), room(width), height + 2 * Math.max(0.6, height * 0.4)] as Vec3 };
}

/** Whether a cuboid lies wholly in another one's room. */
export function holds(room: CuboidShape, shape: CuboidShape): boolean {
  const local = carried(shape, invert({ rotation_wxyz: room.rotation_wxyz, translation_m: room.centre_m }));
  return cuboidCorners(local).every((corner) =>
    corner.every((part, axis) => Math.abs(part) <= (room.size_m[axis] ?? 0) / 2),
  );
}
