/** Rotated boxes: made by a drag, resized along their own axes, turned. Angles grow from x towards y. */
import type { Point, RotatedBox } from "../records";

export type Side = -1 | 0 | 1;

export const SMALLEST_SIDE_PX = 1;

/** `local`: right and down along the box's own axes, from its centre. */
export function toLocal(box: RotatedBox, x: number, y: number): Point {
  const [cos, sin] = [Math.cos(box.angle_rad), Math.sin(box.angle_rad)];
  const [dx, dy] = [x - box.cx_px, y - box.cy_px];
  return [dx * cos + dy * sin, dy * cos - dx * sin];
}

export function fromLocal(box: RotatedBox, [u, v]: Point): Point {
  const [cos, sin] = [Math.cos(box.angle_rad), Math.sin(box.angle_rad)];
  return [box.cx_px + u * cos - v * sin, box.cy_px + u * sin + v * cos];
}

export function cornersOf(box: RotatedBox): readonly Point[] {
  const [w, h] = [box.width_px / 2, box.height_px / 2];
  const corners: readonly Point[] = [
    [-w, -h],
    [w, -h],
    [w, h],
    [-w, h],
  ];
  return corners.map((corner) => fromLocal(box, corner));
}

/** One side from `a` to `b`, the other reaches to `c`. Null when a side would be too short. */
export function boxAlong(a: Point, b: Point, c: Point): RotatedBox | null {
  const width_px = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const angle_rad = Math.atan2(b[1] - a[1], b[0] - a[0]);
  const [cos, sin] = [Math.cos(angle_rad), Math.sin(angle_rad)];
  const depth = (c[1] - a[1]) * cos - (c[0] - a[0]) * sin;
  if (width_px < SMALLEST_SIDE_PX || Math.abs(depth) < SMALLEST_SIDE_PX) return null;
  return {
    type: "rotated_box",
    cx_px: (a[0] + b[0]) / 2 - (sin * depth) / 2,
    cy_px: (a[1] + b[1]) / 2 + (cos * depth) / 2,
    width_px,
    height_px: Math.abs(depth),
    angle_rad,
  };
}

/** The side or corner (across, down) drawn to a place; the opposite one stays where it is. */
export function resized(box: RotatedBox, across: Side, down: Side, x: number, y: number): RotatedBox {
  const [u, v] = toLocal(box, x, y);
  const [w, h] = [box.width_px / 2, box.height_px / 2];
  const width_px = across === 0 ? box.width_px : Math.max(SMALLEST_SIDE_PX, across * u + w);
  const height_px = down === 0 ? box.height_px : Math.max(SMALLEST_SIDE_PX, down * v + h);
  const [cx_px, cy_px] = fromLocal(box, [
    (across * (width_px - box.width_px)) / 2,
    (down * (height_px - box.height_px)) / 2,
  ]);
  return { ...box, cx_px, cy_px, width_px, height_px };
}

/** Turned to an angle, kept within half a turn either way. */
export function turnedTo(box: RotatedBox, angle_rad: number): RotatedBox {
  const turn = 2 * Math.PI;
  const within = angle_rad - turn * Math.round(angle_rad / turn);
  return { ...box, angle_rad: within };
}

/** The angle at which the box's upper side looks at a place: what the handle above it is drawn to. */
export function angleTowards(box: RotatedBox, x: number, y: number): number {
  return Math.atan2(y - box.cy_px, x - box.cx_px) + Math.PI / 2;
}
