/** Centres on a cubic through three and more key frames (rule K7): exact where a thing speeds up or brakes evenly. */
import { apply, IDENTITY, invert, type RigidTransform } from "../../base/rotation";
import type { KeyFrame, Shape } from "../records";
import type { World } from "./moment";

type Place = readonly number[];

export const MIN_KEYS = 3;

/** Per second: slopes of the parabola through each place and its neighbours. At least three places. */
export function velocities(seconds: readonly number[], places: readonly Place[]): readonly Place[] {
  const last = places.length - 1;
  const step = (index: number) => (seconds[index + 1] ?? 0) - (seconds[index] ?? 0);
  const slope = (index: number, axis: number) =>
    ((places[index + 1]?.[axis] ?? 0) - (places[index]?.[axis] ?? 0)) / step(index);
  return places.map((place, index) =>
    place.map((_, axis) => {
      if (index === 0) {
        return slope(0, axis) + ((slope(0, axis) - slope(1, axis)) * step(0)) / (step(0) + step(1));
      }
      const [before, after] = [step(index - 1), step(index)];
      if (index === last) {
        const turn = slope(last - 1, axis) - slope(last - 2, axis);
        return slope(last - 1, axis) + (turn * before) / (before + step(last - 2));
      }
      return (slope(index - 1, axis) * after + slope(index, axis) * before) / (before + after);
    }),
  );
}

/** The places from `place - 1` to `place + 2` that no absence separates from `place`. */
export function placesAround(keys: readonly KeyFrame[], place: number): readonly number[] {
  const hasShape = (index: number) => keys[index] !== undefined && keys[index]?.shape !== null;
  return [place - 1, place, place + 1, place + 2].filter(hasShape);
}

/** The straight answer with its centre on the cubic through up to four key frames around it. */
export function onCubic(
  keys: readonly KeyFrame[],
  place: number,
  at_ns: number,
  straight: Shape,
  world: World | undefined,
): Shape {
  const near = placesAround(keys, place);
  const found = near.length < MIN_KEYS ? null : centresOf(keys, near, straight, at_ns, world);
  const [a_ns, b_ns] = [keys[place]?.at_ns ?? 0, keys[place + 1]?.at_ns ?? 0];
  if (found === null) return straight;
  const { places, here_from_root } = found;
  const speeds = velocities(
    near.map((index) => ((keys[index]?.at_ns ?? 0) - a_ns) / 1e9),
    places,
  );
  const from = near.indexOf(place);
  const step_s = (b_ns - a_ns) / 1e9;
  const w = (at_ns - a_ns) / (b_ns - a_ns);
  const centre = (places[from] ?? []).map(
    (start, axis) =>
      (2 * w ** 3 - 3 * w ** 2 + 1) * start +
      (w ** 3 - 2 * w ** 2 + w) * step_s * (speeds[from]?.[axis] ?? 0) +
      (3 * w ** 2 - 2 * w ** 3) * (places[from + 1]?.[axis] ?? 0) +
      (w ** 3 - w ** 2) * step_s * (speeds[from + 1]?.[axis] ?? 0),
  );
  return withCentre(straight, centre, here_from_root);
}

function withCentre(shape: Shape, [x = 0, y = 0, z = 0]: Place, here_from_root: RigidTransform): Shape {
  if (shape.type === "box") {
    const half_x = (shape.x1_px - shape.x0_px) / 2;
    const half_y = (shape.y1_px - shape.y0_px) / 2;
    return { type: "box", x0_px: x - half_x, y0_px: y - half_y, x1_px: x + half_x, y1_px: y + half_y };
  }
  if (shape.type === "rotated_box") return { ...shape, cx_px: x, cy_px: y };
  if (shape.type === "cuboid") return { ...shape, centre_m: apply(here_from_root, [x, y, z]) };
  return shape;
}

function centreOf(shape: Shape | null): Place | null {
  if (shape?.type === "box") return [(shape.x0_px + shape.x1_px) / 2, (shape.y0_px + shape.y1_px) / 2];
  if (shape?.type === "rotated_box") return [shape.cx_px, shape.cy_px];
  return shape?.type === "cuboid" ? shape.centre_m : null;
}

/** Centres of key frames, in the world for cuboids where that is known, and the way back at `at_ns`. */
function centresOf(
  keys: readonly KeyFrame[],
  near: readonly number[],
  straight: Shape,
  at_ns: number,
  world: World | undefined,
): { readonly places: readonly Place[]; readonly here_from_root: RigidTransform } | null {
  const places = near.flatMap((index) => {
    const centre = centreOf(keys[index]?.shape ?? null);
    return centre === null ? [] : [centre];
  });
  if (places.length < near.length) return null;
  if (straight.type !== "cuboid") return { places, here_from_root: IDENTITY };
  const root_from_here = world?.(straight.frame, at_ns) ?? null;
  const frames = near.map((index) => {
    const shape = keys[index]?.shape;
    return shape?.type === "cuboid" ? shape.frame : "";
  });
  const roots = near.map((index, at) => world?.(frames[at] ?? "", keys[index]?.at_ns ?? 0) ?? null);
  if (root_from_here !== null && roots.every((root) => root !== null)) {
    const moved = places.map(([x = 0, y = 0, z = 0], index) => apply(roots[index] ?? IDENTITY, [x, y, z]));
    return { places: moved, here_from_root: invert(root_from_here) };
  }
  return frames.every((frame) => frame === straight.frame) ? { places, here_from_root: IDENTITY } : null;
}
