/** A place drawn to the nearest point of other shapes, else to the nearest edge. */
import type { Point, Shape } from "../records";
import { edgeNear, pathsOf, pointAt, vertexNear } from "./vertices";

export interface Snapped {
  readonly point: Point;
  /** What it was drawn to; null: nothing near, the place itself. */
  readonly to: "point" | "edge" | null;
}

export function snapped(shapes: Iterable<Shape>, x: number, y: number, reach: number): Snapped {
  let best: Snapped = { point: [x, y], to: null };
  let least = reach;
  const edges: Shape[] = [];
  for (const shape of shapes) {
    const outlined = outlineOf(shape);
    if (outlined === null) continue;
    edges.push(outlined);
    const vertex = vertexNear(outlined, x, y, least);
    const point = vertex === null ? null : pointAt(outlined, vertex);
    if (point === null) continue;
    least = Math.hypot(point[0] - x, point[1] - y);
    best = { point, to: "point" };
  }
  if (best.to !== null) return best;
  for (const shape of edges) {
    const edge = edgeNear(shape, x, y, least);
    if (edge === null) continue;
    least = Math.hypot(edge.point[0] - x, edge.point[1] - y);
    best = { point: edge.point, to: "edge" };
  }
  return best;
}

/** Boxes count as the polygon around them. */
function outlineOf(shape: Shape): Shape | null {
  if (shape.type === "box") {
    const { x0_px, y0_px, x1_px, y1_px } = shape;
    const ring: readonly Point[] = [
      [x0_px, y0_px],
      [x1_px, y0_px],
      [x1_px, y1_px],
      [x0_px, y1_px],
    ];
    return { type: "polygon", rings_px: [ring] };
  }
  return pathsOf(shape).length === 0 ? null : shape;
}
