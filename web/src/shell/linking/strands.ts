/** Which lines are drawn between the ends of links: one each, a bundle where many run alike, a stub where an end is hidden. */

/** Where an end is drawn, in pixels of the stage; `pane` tells the panes apart. */
export interface Place {
  readonly pane: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type StrandKind = "sound" | "suspect" | "proposed" | "failed";

/** A link, or a proposal for one, with the places of its ends; null where none is visible. */
export interface Strand {
  readonly id: string;
  readonly kind: StrandKind;
  readonly label: string;
  readonly from: Place | null;
  readonly to: Place | null;
}

export type Point = readonly [number, number];

export interface Line {
  readonly shape: "line";
  readonly id: string;
  readonly kind: StrandKind;
  readonly label: string;
  readonly ends: readonly [Point, Point];
}
export interface Bundle {
  readonly shape: "bundle";
  readonly id: string;
  readonly kind: StrandKind;
  readonly count: number;
  readonly ends: readonly [Point, Point];
}
export interface Stub {
  readonly shape: "stub";
  readonly id: string;
  readonly kind: StrandKind;
  readonly count: number;
  readonly at: Point;
}
export type Drawn = Line | Bundle | Stub;

/** More lines than this between two panes hide what they run over. */
export const MOST_LINES = 8;
/** With more lines than this their types are not written beside them. */
const MOST_LABELS = 4;
const WEIGHT: Readonly<Record<StrandKind, number>> = { failed: 3, suspect: 2, sound: 1, proposed: 0 };

/** What to draw; bundles whose id is in `opened` are drawn line by line. */
export function drawnOf(strands: readonly Strand[], opened: ReadonlySet<string> = new Set()): readonly Drawn[] {
  const between = new Map<string, Line[]>();
  const hidden = new Map<string, { place: Place; of: Strand[] }>();
  for (const { id, kind, label, from, to } of strands) {
    if (from !== null && to !== null) {
      const panes = [from.pane, to.pane].sort((a, b) => a - b).join("-");
      const line: Line = { shape: "line", id, kind, label, ends: nearestEdges(from, to) };
      between.set(panes, [...(between.get(panes) ?? []), line]);
      continue;
    }
    const place = from ?? to;
    if (place === null) continue;
    const key = `${place.pane}:${place.x}:${place.y}`;
    const known = hidden.get(key) ?? { place, of: [] };
    known.of.push({ id, kind, label, from, to });
    hidden.set(key, known);
  }
  const drawn: Drawn[] = [];
  for (const [panes, lines] of between) {
    if (lines.length > MOST_LINES && !opened.has(panes)) drawn.push(bundleOf(panes, lines));
    else drawn.push(...lines.map((line) => ({ ...line, label: lines.length > MOST_LABELS ? "" : line.label })));
  }
  for (const [key, { place, of }] of hidden) {
    const at = [place.x + place.width, place.y + place.height / 2] as const;
    drawn.push({ shape: "stub", id: of[0]?.id ?? key, kind: gravest(of), count: of.length, at });
  }
  return drawn;
}

function bundleOf(panes: string, lines: readonly Line[]): Bundle {
  // All ends of one pane on one side, whichever way the links point.
  const [first] = lines;
  const start = first?.ends[0] ?? [0, 0];
  const ends = lines.map(({ ends: [a, b] }): readonly [Point, Point] =>
    distance(a, start) <= distance(b, start) ? [a, b] : [b, a],
  );
  return {
    shape: "bundle",
    id: panes,
    kind: gravest(lines),
    count: lines.length,
    ends: [middle(ends.map(([a]) => a)), middle(ends.map(([, b]) => b))],
  };
}

function gravest(rows: readonly { readonly kind: StrandKind }[]): StrandKind {
  return rows.reduce<StrandKind>((worst, { kind }) => (WEIGHT[kind] > WEIGHT[worst] ? kind : worst), "proposed");
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function middle(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [Math.round(sum[0] / points.length), Math.round(sum[1] / points.length)];
}

/** The middles of the sides that face each other. */
function nearestEdges(from: Place, to: Place): readonly [Point, Point] {
  const isLeft = from.x + from.width / 2 < to.x + to.width / 2;
  const side = (place: Place, right: boolean): Point => [
    Math.round(right ? place.x + place.width : place.x),
    Math.round(place.y + place.height / 2),
  ];
  return [side(from, isLeft), side(to, !isLeft)];
}

/** The curve between two points, and its middle. */
export function curve([a, b]: readonly [Point, Point]): { readonly path: string; readonly middle: Point } {
  const bend = Math.max(24, Math.abs(b[0] - a[0]) * 0.4) * (b[0] >= a[0] ? 1 : -1);
  const path = `M${a[0]} ${a[1]} C${a[0] + bend} ${a[1]} ${b[0] - bend} ${b[1]} ${b[0]} ${b[1]}`;
  return { path, middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
}
