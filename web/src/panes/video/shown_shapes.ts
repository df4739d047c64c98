/** Which shapes belong on the video frame that is shown. */
import type { Annotation, Shape } from "../../model/records";
import { shapeAt } from "../../model/tracks";
import { type FrameTable, frameAt, frameSpan } from "./frame_table";

export interface ShownShape {
  readonly annotation: Annotation;
  readonly shape: Shape;
  /** Between a track's key frames: drawn dashed. */
  readonly interpolated: boolean;
  readonly occluded: boolean;
}

const SHAPES = new Set(["box", "rotated_box", "polygon", "polyline", "keypoints", "mask"]);

const drawable = new WeakMap<readonly Annotation[], readonly Annotation[]>();

/** Those that may have a shape: found once for each list, since most of a long sample is spans of time. */
export function withShapes(annotations: readonly Annotation[]): readonly Annotation[] {
  let found = drawable.get(annotations);
  if (found === undefined) {
    found = annotations.filter(({ region }) => region.type === "track" || SHAPES.has(region.type));
    drawable.set(annotations, found);
  }
  return found;
}

/** The native anchor decides; a media time that falls on the frame does where there is none (rule T3). */
export function shownShapes(
  annotations: Iterable<Annotation>,
  table: FrameTable,
  index: number,
): readonly ShownShape[] {
  const { start_ns, end_ns } = frameSpan(table, index);
  const shown: ShownShape[] = [];
  for (const annotation of annotations) {
    const { region } = annotation;
    if (region.type === "track") {
      const keyed = region.key_frames.find((key) => key.at_ns >= start_ns && key.at_ns < end_ns);
      const moment = shapeAt(region, keyed?.at_ns ?? start_ns);
      if (moment === null || !SHAPES.has(moment.shape.type)) continue;
      shown.push({ annotation, shape: moment.shape, interpolated: !moment.keyed, occluded: moment.occluded });
    } else if (SHAPES.has(region.type) && frameOf(annotation, table) === index) {
      shown.push({ annotation, shape: region as Shape, interpolated: false, occluded: false });
    }
  }
  return shown;
}

export function frameOf(annotation: Annotation, table: FrameTable): number | null {
  if (annotation.index != null) return annotation.index;
  return annotation.at_ns == null ? null : frameAt(table, annotation.at_ns);
}

/** The corners that bound a shape, in picture pixels; null for what has no outline here. */
export function outlineOf(shape: Shape): readonly (readonly [number, number])[] | null {
  switch (shape.type) {
    case "box":
      return [
        [shape.x0_px, shape.y0_px],
        [shape.x1_px, shape.y0_px],
        [shape.x1_px, shape.y1_px],
        [shape.x0_px, shape.y1_px],
      ];
    case "rotated_box": {
      const [cos, sin] = [Math.cos(shape.angle_rad), Math.sin(shape.angle_rad)];
      return (
        [
          [-1, -1],
          [1, -1],
          [1, 1],
          [-1, 1],
        ] as const
      ).map(([sx, sy]) => {
        const [x, y] = [(sx * shape.width_px) / 2, (sy * shape.height_px) / 2];
        return [shape.cx_px + x * cos - y * sin, shape.cy_px + x * sin + y * cos] as const;
      });
    }
    case "polygon":
      return shape.rings_px.flat();
    case "polyline":
      return shape.points_px;
    case "keypoints": {
      const seen = shape.points.filter((point) => point.visibility > 0);
      return seen.length === 0 ? null : seen.map((point) => [point.x_px, point.y_px] as const);
    }
    case "mask":
      return [
        [0, 0],
        [shape.width_px, shape.height_px],
      ];
    case "cuboid":
      return null;
  }
}

export interface Bounds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export function boundsOf(shape: Shape): Bounds | null {
  const outline = outlineOf(shape);
  if (outline === null || outline.length === 0) return null;
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

/** The smallest shown shape whose bounds hold the point. */
export function shapeUnder(
  shown: readonly ShownShape[],
  x_px: number,
  y_px: number,
  reach_px: number,
): ShownShape | null {
  let best: ShownShape | null = null;
  let area = Number.POSITIVE_INFINITY;
  for (const candidate of shown) {
    const bounds = candidate.shape.type === "mask" ? null : boundsOf(candidate.shape);
    if (bounds === null) continue;
    if (x_px < bounds.x0 - reach_px || x_px > bounds.x1 + reach_px) continue;
    if (y_px < bounds.y0 - reach_px || y_px > bounds.y1 + reach_px) continue;
    const size = (bounds.x1 - bounds.x0) * (bounds.y1 - bounds.y0);
    if (size < area) {
      best = candidate;
      area = size;
    }
  }
  return best;
}
