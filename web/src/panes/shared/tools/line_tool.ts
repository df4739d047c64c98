/** Polygons, polylines and cuts: points by clicks, or freehand while the pointer is held down. Shift snaps to neighbours. */
import type { Tokens } from "../../../base/tokens";
import type { Point } from "../../../model/records";
import { clamped, rounded, signedArea, simplified } from "../../../model/shapes/rings";
import { type Snapped, snapped } from "../../../model/shapes/snap";
import { markHandle, markLine, markRing, markText } from "./marks";
import { type At, type PictureTool, reachOf, SLIP_PX, type Surface } from "./surface";

export type LineKind = "polygon" | "polyline" | "cut";

/** A freehand line may lie so far from the hand's, in screen pixels. */
const FREEHAND_TOLERANCE_PX = 1.5;
const SNAP_PX = 12;

const LEAST: Readonly<Record<LineKind, number>> = { polygon: 3, polyline: 2, cut: 2 };

/** With Shift the nearest point or edge of a neighbour, else the place itself; always within the picture. */
export function snappedAt(surface: Surface, at: At, except: string | null = null): Snapped {
  const place = clamped([at.x, at.y], surface.size);
  if (!at.shift) return { point: place, to: null };
  const reach = reachOf(surface, SNAP_PX);
  const shapes = surface
    .near(at.x, at.y, reach)
    .flatMap(({ id, region }) => (id === except || region.type === "track" ? [] : [region]));
  const flat = shapes.filter((region) => ["box", "polygon", "polyline", "keypoints"].includes(region.type));
  return snapped(flat as Parameters<typeof snapped>[0], place[0], place[1], reach);
}

export class LineTool implements PictureTool {
  readonly cursor = "crosshair";
  readonly holds = null;
  readonly #surface: Surface;
  readonly #kind: LineKind;
  readonly #cut: (line: readonly Point[]) => void;
  #points: readonly Point[] = [];
  #pointer: Snapped | null = null;
  /** Where the pointer went down, and how many points there were. */
  #pressed: { readonly at: At; readonly count: number; readonly isFree: boolean } | null = null;

  constructor(surface: Surface, kind: LineKind, cut: (line: readonly Point[]) => void = () => {}) {
    this.#surface = surface;
    this.#kind = kind;
    this.#cut = cut;
  }

  get isBusy(): boolean {
    return this.#points.length > 0;
  }

  down(at: At): void {
    if (this.#closesAt(at)) {
      this.finish();
      return;
    }
    const { point } = snappedAt(this.#surface, at);
    this.#points = [...this.#points, rounded(point)];
    this.#pressed = { at, count: this.#points.length, isFree: false };
    this.#surface.redraw();
  }

  move(at: At, isPressed: boolean): void {
    this.#pointer = snappedAt(this.#surface, at);
    const pressed = this.#pressed;
    if (isPressed && pressed !== null) {
      const slip = reachOf(this.#surface, SLIP_PX);
      const isFree = pressed.isFree || Math.hypot(at.x - pressed.at.x, at.y - pressed.at.y) > slip;
      if (isFree) this.#points = [...this.#points, rounded(clamped([at.x, at.y], this.#surface.size))];
      this.#pressed = { ...pressed, isFree };
    }
    this.#surface.redraw();
  }

  up(at: At): void {
    const pressed = this.#pressed;
    this.#pressed = null;
    if (pressed?.isFree !== true) return;
    const from = Math.max(0, pressed.count - 1);
    const drawn = simplified(this.#points.slice(from), reachOf(this.#surface, FREEHAND_TOLERANCE_PX)).map(rounded);
    this.#points = [...this.#points.slice(0, from), ...drawn];
    // An outline drawn all the way round, or a line drawn in one go, needs no further key.
    if (this.#kind !== "polygon" || this.#closesAt(at)) this.finish();
    this.#surface.redraw();
  }

  finish(): void {
    const points = this.#tidy();
    if (points.length < LEAST[this.#kind] || (this.#kind === "polygon" && Math.abs(signedArea(points)) < 1)) {
      if (this.isBusy) {
        const { announce } = this.#surface.context;
        announce(`${this.#kind === "polygon" ? "A polygon needs three points" : "A line needs two points"}`);
      }
      return;
    }
    this.cancel();
    if (this.#kind === "cut") this.#cut(points);
    else if (this.#kind === "polygon") {
      this.#surface.create({ type: "polygon", rings_px: [points] }, `Polygon of ${points.length} points drawn`);
    } else {
      this.#surface.create({ type: "polyline", points_px: points }, `Line of ${points.length} points drawn`);
    }
  }

  takeBack(): boolean {
    if (this.#points.length === 0) return false;
    this.#points = this.#points.slice(0, -1);
    this.#surface.redraw();
    return true;
  }

  cancel(): void {
    this.#points = [];
    this.#pressed = null;
    this.#surface.redraw();
  }

  draw(context: CanvasRenderingContext2D, tokens: Tokens): void {
    const surface = this.#surface;
    const pointer = this.#pointer;
    const points = pointer === null || this.#points.length === 0 ? this.#points : [...this.#points, pointer.point];
    const isPolygon = this.#kind === "polygon";
    markLine(context, surface, tokens, points, {
      colour: this.#kind === "cut" ? tokens.suspect : tokens.accent,
      isFilled: isPolygon && points.length > 2,
      dash: this.#kind === "cut" ? [6, 4] : [],
    });
    if (this.#pressed?.isFree !== true) {
      this.#points.forEach((point, place) => {
        const closes = isPolygon && place === 0 && this.#points.length >= 3;
        markHandle(context, surface, tokens, point, { shape: closes ? "circle" : "square", radius: closes ? 5 : 3 });
      });
    }
    if (pointer !== null && pointer.to !== null) {
      markRing(context, surface, tokens, pointer.point, reachOf(surface, 6), tokens.link);
      markText(context, surface, tokens, pointer.point, pointer.to === "point" ? "on the point" : "on the edge");
    }
  }

  #closesAt({ x, y }: At): boolean {
    const first = this.#points[0];
    if (this.#kind !== "polygon" || first === undefined || this.#points.length < 3) return false;
    return Math.hypot(first[0] - x, first[1] - y) <= reachOf(this.#surface, 8);
  }

  /** Without the second click of a double click, and without a last point on the first. */
  #tidy(): readonly Point[] {
    const near = reachOf(this.#surface, SLIP_PX);
    const apart = this.#points.filter((point, place) => {
      const before = this.#points[place - 1];
      return before === undefined || Math.hypot(point[0] - before[0], point[1] - before[1]) > near / 2;
    });
    const [first, last] = [apart[0], apart.at(-1)];
    const closes =
      first !== undefined && last !== undefined && Math.hypot(first[0] - last[0], first[1] - last[1]) <= near;
    return this.#kind === "polygon" && closes && apart.length > 3 ? apart.slice(0, -1) : apart;
  }
}
