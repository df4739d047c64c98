/** Flat shapes in picture pixels: bounds, outline, and whether a point is inside. */
import type { Region } from "../../model/records";
import { isInside } from "../../model/shapes/rings";
import { boundsOfRuns, decodeCounts } from "../../model/shapes/rle";
import { edgeNear } from "../../model/shapes/vertices";
import { bitmapOf } from "./mask_picture";

export interface Bounds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

const maskBounds = new WeakMap<Region, Bounds | null>();

export function boundsOf(region: Region): Bounds | null {
  switch (region.type) {
    case "box":
      return { x0: region.x0_px, y0: region.y0_px, x1: region.x1_px, y1: region.y1_px };
    case "mask": {
      let bounds = maskBounds.get(region);
      if (bounds === undefined) {
        bounds = boundsOfRuns(decodeCounts(region.counts), region.height_px);
        maskBounds.set(region, bounds);
      }
      return bounds;
    }
    default:
      return around(cornersOf(region));
  }
}

/** The points that a region is made of; empty for regions that are not flat. */
export function cornersOf(region: Region): readonly (readonly [number, number])[] {
  switch (region.type) {
    case "rotated_box": {
      const [cos, sin] = [Math.cos(region.angle_rad), Math.sin(region.angle_rad)];
      const [w, h] = [region.width_px / 2, region.height_px / 2];
      const turned = (x: number, y: number) =>
        [region.cx_px + x * cos - y * sin, region.cy_px + x * sin + y * cos] as const;
      return [turned(-w, -h), turned(w, -h), turned(w, h), turned(-w, h)];
    }
    case "polygon":
      return region.rings_px.flat();
    case "polyline":
      return region.points_px;
    case "keypoints":
      return region.points.filter((point) => point.visibility > 0).map((point) => [point.x_px, point.y_px] as const);
    default:
      return [];
  }
}

function around(points: readonly (readonly [number, number])[]): Bounds | null {
  if (points.length === 0) return null;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
}

export function isFlat(region: Region): boolean {
  return ["box", "rotated_box", "polygon", "polyline", "mask", "keypoints"].includes(region.type);
}

/** The outline as a path in picture pixels. */
export function trace(path: Path2D, region: Region): void {
  if (region.type === "box") {
    path.rect(region.x0_px, region.y0_px, region.x1_px - region.x0_px, region.y1_px - region.y0_px);
  } else if (region.type === "polygon") {
    for (const ring of [...region.rings_px, ...(region.holes_px ?? [])]) line(path, ring, true);
  } else {
    line(path, cornersOf(region), region.type === "rotated_box");
  }
}

function line(path: Path2D, points: readonly (readonly [number, number])[], closed: boolean): void {
  points.forEach(([x, y], index) => {
    if (index === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  });
  if (closed && points.length > 0) path.closePath();
}

export function areaOf(bounds: Bounds): number {
  return (bounds.x1 - bounds.x0) * (bounds.y1 - bounds.y0);
}

/** Whether a place is on a region as it is drawn, within `reach` picture pixels of its lines. */
export function covers(region: Region, x: number, y: number, reach: number): boolean {
  switch (region.type) {
    case "box":
      return (
        x >= region.x0_px - reach && x <= region.x1_px + reach && y >= region.y0_px - reach && y <= region.y1_px + reach
      );
    case "polygon":
      return isInside([...region.rings_px, ...(region.holes_px ?? [])], x, y) || edgeNear(region, x, y, reach) !== null;
    case "polyline":
      return edgeNear(region, x, y, 2 * reach) !== null;
    case "rotated_box":
      return isInside([cornersOf(region)], x, y) || nearOutline(cornersOf(region), x, y, reach);
    case "mask":
      return bitmapOf(region).has(Math.floor(x), Math.floor(y));
    default:
      return true;
  }
}

function nearOutline(ring: readonly (readonly [number, number])[], x: number, y: number, reach: number): boolean {
  return edgeNear({ type: "polygon", rings_px: [ring] }, x, y, reach) !== null;
}
