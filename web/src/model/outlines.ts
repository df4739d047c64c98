/** Flat outlines: convex hull, cut to a rectangle, area. The same steps as `braid.space.overlap`. */
import type { PixelPoint } from "./lenses";

export interface Bounds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The corners of the convex hull, turning one way round; fewer than three when the points lie on a line. */
export function convexHull(points: readonly PixelPoint[]): readonly PixelPoint[] {
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (ordered: readonly PixelPoint[]): PixelPoint[] => {
    const chain: PixelPoint[] = [];
    for (const point of ordered) {
      for (;;) {
        const [a, b] = [chain.at(-2), chain.at(-1)];
        if (a === undefined || b === undefined) break;
        if ((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) > 0) break;
        chain.pop();
      }
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

export function areaOf(outline: readonly PixelPoint[]): number {
  let twice = 0;
  outline.forEach(([x, y], index) => {
    const [u, v] = outline[(index + 1) % outline.length] ?? [x, y];
    twice += x * v - u * y;
  });
  return Math.abs(twice) / 2;
}

/** Sutherland-Hodgman: the part of a convex outline inside a rectangle. */
export function cutTo(outline: readonly PixelPoint[], { x0, y0, x1, y1 }: Bounds): readonly PixelPoint[] {
  const sides: readonly (readonly [0 | 1, number, 1 | -1])[] = [
    [0, x0, 1],
    [0, x1, -1],
    [1, y0, 1],
    [1, y1, -1],
  ];
  let rest = outline;
  for (const [axis, limit, sign] of sides) {
    const next: PixelPoint[] = [];
    rest.forEach((to, index) => {
      const from = rest.at(index - 1) ?? to;
      const [a, b] = [(from[axis] - limit) * sign, (to[axis] - limit) * sign];
      if (a >= 0 !== b >= 0) {
        const share = a / (a - b);
        next.push([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
      }
      if (b >= 0) next.push(to);
    });
    rest = next;
  }
  return rest;
}

export function boundsOf(points: readonly PixelPoint[]): Bounds | null {
  if (points.length === 0) return null;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

/** Shared area over joint area of two boxes. */
export function overlapOf(a: Bounds, b: Bounds): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / ((a.x1 - a.x0) * (a.y1 - a.y0) + (b.x1 - b.x0) * (b.y1 - b.y0) - shared);
}
