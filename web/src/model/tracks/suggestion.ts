/**
 * Where a track wants another key frame (rule K14): where the straight line is likely to leave the thing.
 * A thing that speeds up by `a` leaves the chord of a piece of length T by at most a T² / 8, in its middle.
 */
import { apply, rotate } from "../../base/rotation";
import type { Shape, Track, Vec3 } from "../records";
import { MIN_KEYS, placesAround, velocities } from "./cubic";
import type { World } from "./moment";

export interface Suggestion {
  readonly at_ns: number;
  /** Predicted largest distance from the straight line, px or m. */
  readonly error: number;
  /** Into how many equal parts the piece should be cut to stay within tolerance. */
  readonly pieces: number;
}

/** How far off a straight line may be before a key frame is suggested: 5 px on pictures, 0.2 m in space. */
export function suggestionTolerance(track: Track): number {
  return track.key_frames.some(({ shape }) => shape?.type === "cuboid") ? 0.2 : 5;
}

/** One for the middle of every piece whose predicted error is larger than `tolerance` (px, or m for cuboids). */
export function suggestions(track: Track, tolerance: number, world?: World): readonly Suggestion[] {
  const keys = track.key_frames;
  return keys.slice(0, -1).flatMap((key, place): readonly Suggestion[] => {
    const next = keys[place + 1];
    if (key.shape === null || next === undefined || next.shape === null) return [];
    const near = placesAround(keys, place);
    const points = near.map((index) => pointsOf(keys[index]?.shape ?? null, keys[index]?.at_ns ?? 0, world));
    const counts = new Set(points.map((one) => one?.length));
    if (near.length < MIN_KEYS || counts.has(undefined) || counts.size > 1) return [];
    const seconds = near.map((index) => ((keys[index]?.at_ns ?? 0) - key.at_ns) / 1e9);
    const error = errorOf(
      points.map((one) => one ?? []),
      seconds,
      near.indexOf(place),
    );
    const at_ns = key.at_ns + Math.floor((next.at_ns - key.at_ns) / 2);
    return error > tolerance ? [{ at_ns, error, pieces: Math.ceil(Math.sqrt(error / tolerance)) }] : [];
  });
}

type Points = readonly (readonly number[])[];

/** The change of velocity over the piece, times T / 8, of the point that fares worst. */
function errorOf(points: readonly Points[], seconds: readonly number[], place: number): number {
  const speed = velocities(
    seconds,
    points.map((one) => one.flat()),
  );
  const share = ((seconds[place + 1] ?? 0) - (seconds[place] ?? 0)) / 8;
  const [before, after] = [speed[place] ?? [], speed[place + 1] ?? []];
  const size = points[0]?.[0]?.length ?? 2;
  const away = (point: number) =>
    Math.hypot(
      ...Array.from({ length: size }, (_, axis) => {
        const at = point * size + axis;
        return ((after[at] ?? 0) - (before[at] ?? 0)) * share;
      }),
    );
  return Math.max(...(points[0] ?? []).map((_, point) => away(point)));
}

const SIGNS = [-1, 1] as const;

/** Corners, in px, or in m in the world where it is known; null for masks and absence. */
function pointsOf(shape: Shape | null, at_ns: number, world: World | undefined): Points | null {
  switch (shape?.type) {
    case "box":
      return [shape.x0_px, shape.x1_px].flatMap((x) => [shape.y0_px, shape.y1_px].map((y) => [x, y]));
    case "rotated_box": {
      const [cos, sin] = [Math.cos(shape.angle_rad), Math.sin(shape.angle_rad)];
      return SIGNS.flatMap((sx) =>
        SIGNS.map((sy) => {
          const [x, y] = [(sx * shape.width_px) / 2, (sy * shape.height_px) / 2];
          return [shape.cx_px + x * cos - y * sin, shape.cy_px + x * sin + y * cos];
        }),
      );
    }
    case "keypoints":
      return shape.points.map((point) => [point.x_px, point.y_px]);
    case "polyline":
      return shape.points_px;
    case "polygon":
      return shape.rings_px.flat();
    case "cuboid": {
      const root_from_frame = world?.(shape.frame, at_ns) ?? null;
      const [length, width, height] = shape.size_m;
      return SIGNS.flatMap((sx) =>
        SIGNS.flatMap((sy) =>
          SIGNS.map((sz) => {
            const local: Vec3 = [(sx * length) / 2, (sy * width) / 2, (sz * height) / 2];
            const [x, y, z] = rotate(shape.rotation_wxyz, local);
            const corner: Vec3 = [x + shape.centre_m[0], y + shape.centre_m[1], z + shape.centre_m[2]];
            return root_from_frame === null ? corner : apply(root_from_frame, corner);
          }),
        ),
      );
    }
    default:
      return null;
  }
}
