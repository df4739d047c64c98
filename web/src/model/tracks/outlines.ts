/**
 * Between two outlines (rule K4): by vertex where they have as many, else resampled by arc length and turned to fit.
 * The same sums in the same order as `braid.tracks.outlines`, so that both find the same corners.
 */
import type { Point, Polygon, Polyline } from "../records";

type Ring = readonly Point[];

const MIN_POINTS = 64;
/** Shifts that fit equally well, up to rounding, count as one: the smallest is taken. */
const SAME = 1e-9;

/** null when the numbers of rings or holes differ, so that no ring has a partner. */
export function betweenPolygons(a: Polygon, b: Polygon, weight: number): Polygon | null {
  const [holes, others] = [a.holes_px ?? [], b.holes_px ?? []];
  if (a.rings_px.length !== b.rings_px.length || holes.length !== others.length) return null;
  const mixed = (from: readonly Ring[], to: readonly Ring[]) =>
    from.map((ring, index) => betweenRings(ring, to[index] ?? ring, weight));
  return {
    type: "polygon",
    rings_px: mixed(a.rings_px, b.rings_px),
    ...(holes.length > 0 ? { holes_px: mixed(holes, others) } : {}),
  };
}

/** Both keep their direction, start goes to start. */
export function betweenPolylines(a: Polyline, b: Polyline, weight: number): Polyline {
  let [one, other] = [a.points_px, b.points_px];
  if (one.length !== other.length) {
    const count = Math.max(one.length, other.length, MIN_POINTS);
    [one, other] = [resampled(one, count, false), resampled(other, count, false)];
  }
  return { type: "polyline", points_px: mixedPoints(one, other, weight) };
}

function mixedPoints(a: Ring, b: Ring, weight: number): Ring {
  return a.map(([x, y], index) => {
    const [to_x, to_y] = b[index] ?? [x, y];
    return [x + weight * (to_x - x), y + weight * (to_y - y)] as const;
  });
}

/** The same line with `count` points: all its corners, and the rest spread over its edges by their length. */
export function resampled(points: Ring, count: number, closed: boolean): Ring {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return points;
  const ends = [...points.slice(1), first];
  const edges = points.map((from, index) => [from, ends[index] ?? from] as const);
  if (!closed) edges.pop();
  const shares = sharesOf(edges, count - points.length);
  const out: Point[] = edges.flatMap(([[ax, ay], [bx, by]], index) => {
    const extra = shares[index] ?? 0;
    return Array.from({ length: extra + 1 }, (_, step) => {
      const part = step / (extra + 1);
      return step === 0 ? ([ax, ay] as const) : ([ax + part * (bx - ax), ay + part * (by - ay)] as const);
    });
  });
  return closed ? out : [...out, last];
}

/** `extra` points over edges in proportion to their length, largest remainders first, then the earlier edge. */
function sharesOf(edges: readonly (readonly [Point, Point])[], extra: number): readonly number[] {
  let lengths = edges.map(([[ax, ay], [bx, by]]) => Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay)));
  let total = lengths.reduce((sum, length) => sum + length, 0);
  if (total <= 0) [lengths, total] = [edges.map(() => 1), edges.length];
  const quotas = lengths.map((length) => (extra * length) / total);
  const shares = quotas.map(Math.floor);
  const left = extra - shares.reduce((sum, share) => sum + share, 0);
  const rest = (place: number) => (shares[place] ?? 0) - (quotas[place] ?? 0);
  const byRest = edges.map((_, place) => [place, rest(place)] as const).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  for (const [place] of byRest.slice(0, left)) shares[place] = (shares[place] ?? 0) + 1;
  return shares;
}

function betweenRings(a: Ring, b: Ring, weight: number): Ring {
  if (a.length === b.length) return mixedPoints(a, b, weight);
  const count = Math.max(a.length, b.length, MIN_POINTS);
  const one = resampled(a, count, true);
  let other = resampled(b, count, true);
  if (signedArea(one) * signedArea(other) < 0) other = other.toReversed();
  const shift = bestShift(one, other);
  return mixedPoints(one, [...other.slice(shift), ...other.slice(0, shift)], weight);
}

/** By how many vertices `b` has to be turned to lie on `a` best, once both are centred and of one size. */
export function bestShift(a: Ring, b: Ring): number {
  const [one, other] = [centred(a), centred(b)];
  const fits = one.map((_, shift) =>
    one.reduce((sum, [x, y], index) => {
      const [to_x, to_y] = other[(index + shift) % other.length] ?? [0, 0];
      return sum + x * to_x + y * to_y;
    }, 0),
  );
  const best = Math.max(...fits);
  return fits.findIndex((fit) => fit >= best - SAME * a.length);
}

/** Positive when the ring runs from x towards y; zero for a flat one. */
function signedArea(ring: Ring): number {
  let total = 0;
  ring.forEach(([ax, ay], index) => {
    const [bx, by] = ring[(index + 1) % ring.length] ?? [ax, ay];
    total += ax * by - bx * ay;
  });
  return total / 2;
}

function centred(ring: Ring): Ring {
  const middle_x = ring.reduce((sum, [x]) => sum + x, 0) / ring.length;
  const middle_y = ring.reduce((sum, [, y]) => sum + y, 0) / ring.length;
  const points = ring.map(([x, y]) => [x - middle_x, y - middle_y] as const);
  const size = Math.sqrt(points.reduce((sum, [x, y]) => sum + x * x + y * y, 0) / points.length);
  return size > 0 ? points.map(([x, y]) => [x / size, y / size] as const) : points;
}
