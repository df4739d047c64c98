/** The points that a hand can take hold of: found, moved, inserted, taken away. Whole shapes moved within the picture. */
import type { Box, Keypoints, Point, Shape } from "../records";
import { nearestOnSegment, type Ring, rounded, type Size } from "./rings";
import { cornersOf } from "./rotated";

/** A point of a shape: which of its lines, and which point of it. */
export interface Vertex {
  readonly path: number;
  readonly point: number;
}

export interface Path {
  readonly points: Ring;
  readonly isClosed: boolean;
}

/** Lines that can be edited point by point: a polygon's rings then holes, a polyline, key points (not joined). */
export function pathsOf(shape: Shape): readonly Path[] {
  switch (shape.type) {
    case "polygon":
      return [...shape.rings_px, ...(shape.holes_px ?? [])].map((points) => ({ points, isClosed: true }));
    case "polyline":
      return [{ points: shape.points_px, isClosed: false }];
    case "keypoints":
      return [{ points: shape.points.map(({ x_px, y_px }): Point => [x_px, y_px]), isClosed: false }];
    default:
      return [];
  }
}

function withPaths<S extends Shape>(shape: S, paths: readonly Ring[]): S {
  if (shape.type === "polyline") return { ...shape, points_px: paths[0] ?? shape.points_px };
  if (shape.type === "keypoints") {
    const places = paths[0] ?? [];
    const points = shape.points.map((joint, index) => {
      const [x_px, y_px] = places[index] ?? [joint.x_px, joint.y_px];
      return { ...joint, x_px, y_px };
    });
    return { ...shape, points };
  }
  if (shape.type !== "polygon") return shape;
  const count = shape.rings_px.length;
  const holes = paths.slice(count).filter((ring) => ring.length >= 3);
  const { holes_px: _old, ...rest } = shape;
  const rings_px = paths.slice(0, count).filter((ring) => ring.length >= 3);
  return { ...rest, rings_px, ...(holes.length === 0 ? {} : { holes_px: holes }) } as unknown as S;
}

/** In walking order. Key points that are absent have no place. */
export function verticesOf(shape: Shape): readonly Vertex[] {
  return pathsOf(shape).flatMap(({ points }, path) =>
    points.flatMap((_, point) =>
      shape.type === "keypoints" && shape.points[point]?.visibility === 0 ? [] : [{ path, point }],
    ),
  );
}

export function pointAt(shape: Shape, { path, point }: Vertex): Point | null {
  return pathsOf(shape)[path]?.points[point] ?? null;
}

export function vertexNear(shape: Shape, x: number, y: number, reach: number): Vertex | null {
  let best: Vertex | null = null;
  let least = reach;
  for (const vertex of verticesOf(shape)) {
    const [px, py] = pointAt(shape, vertex) ?? [Number.NaN, Number.NaN];
    const distance = Math.hypot(px - x, py - y);
    if (distance <= least) [least, best] = [distance, vertex];
  }
  return best;
}

/** The edge near a place, named by its first point, and the place on it. Key points have no edges. */
export function edgeNear(
  shape: Shape,
  x: number,
  y: number,
  reach: number,
): { readonly after: Vertex; readonly point: Point } | null {
  if (shape.type === "keypoints") return null;
  let best: { readonly after: Vertex; readonly point: Point } | null = null;
  let least = reach;
  pathsOf(shape).forEach(({ points, isClosed }, path) => {
    points.forEach((a, point) => {
      const b = points[point + 1] ?? (isClosed ? points[0] : undefined);
      if (b === undefined) return;
      const found = nearestOnSegment(a, b, x, y);
      if (found.distance <= least) [least, best] = [found.distance, { after: { path, point }, point: found.point }];
    });
  });
  return best;
}

export function withVertexAt<S extends Shape>(shape: S, vertex: Vertex, to: Point): S {
  return edited(shape, vertex, (points) => points.with(vertex.point, rounded(to)));
}

/** A new point behind one of the line. */
export function withVertexAfter<S extends Shape>(shape: S, after: Vertex, point: Point): S {
  return edited(shape, after, (points) => points.toSpliced(after.point + 1, 0, rounded(point)));
}

/** Without a point; a ring that has only three goes altogether. Null when nothing would be left. */
export function withoutVertex(shape: Shape, vertex: Vertex): Shape | null {
  if (shape.type === "keypoints") {
    const points = shape.points.map((joint, place) => (place === vertex.point ? { ...joint, visibility: 0 } : joint));
    return points.some(({ visibility }) => visibility > 0) ? { ...shape, points } : null;
  }
  const next = edited(shape, vertex, (points) => points.toSpliced(vertex.point, 1));
  if (next.type === "polyline") return next.points_px.length >= 2 ? next : null;
  if (next.type === "polygon") return next.rings_px.length > 0 ? next : null;
  return next;
}

/** `with` of an array gives arrays; the rings stay points. */
function edited<S extends Shape>(shape: S, { path }: Vertex, change: (points: Ring) => Ring): S {
  return withPaths(
    shape,
    pathsOf(shape).map(({ points }, place) => (place === path ? change(points) : points)),
  );
}

/** Moved as a whole, as far as the picture reaches. Masks stay where they are. */
export function moved<S extends Shape>(shape: S, dx: number, dy: number, size: Size): S {
  const points = placesOf(shape);
  if (points.length === 0) return shape;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const right = within(dx, -Math.min(...xs), size.widthPx - Math.max(...xs));
  const down = within(dy, -Math.min(...ys), size.heightPx - Math.max(...ys));
  if (shape.type === "box") {
    const { x0_px, y0_px, x1_px, y1_px } = shape as Box;
    return { ...shape, x0_px: x0_px + right, y0_px: y0_px + down, x1_px: x1_px + right, y1_px: y1_px + down };
  }
  if (shape.type === "rotated_box") return { ...shape, cx_px: shape.cx_px + right, cy_px: shape.cy_px + down };
  return withPaths(
    shape,
    pathsOf(shape).map(({ points: ring }) => ring.map(([x, y]) => rounded([x + right, y + down]))),
  );
}

/** A shape that already stands outside may come back, but go no further. */
function within(step: number, least: number, most: number): number {
  return Math.min(Math.max(step, Math.min(0, least)), Math.max(0, most));
}

function placesOf(shape: Shape): readonly Point[] {
  if (shape.type === "box") {
    return [
      [shape.x0_px, shape.y0_px],
      [shape.x1_px, shape.y1_px],
    ];
  }
  if (shape.type === "rotated_box") return cornersOf(shape);
  return verticesOf(shape).flatMap((vertex) =>
    [pointAt(shape, vertex) ?? []].filter((p): p is Point => p.length === 2),
  );
}

/** One joint's visibility: 2 seen, 1 hidden, 0 absent. */
export function withVisibility(shape: Keypoints, place: number, visibility: number): Keypoints {
  return {
    ...shape,
    points: shape.points.map((joint, index) => (index === place ? { ...joint, visibility } : joint)),
  };
}
