/** A bitmap as something a canvas can draw: only the part that holds anything, painted again only where it changed. */
import type { Mask } from "../../model/records";
import { Bitmap } from "../../model/shapes/bitmap";
import type { MaskBounds } from "../../model/shapes/rle";
import { traced } from "../../model/shapes/trace";
import type { View } from "./view";

/** Smooths the stairs of single pixels, and keeps the path short. */
const OUTLINE_TOLERANCE_PX = 0.75;

export type Rgb = readonly [number, number, number];

export class MaskPicture {
  readonly bitmap: Bitmap;
  readonly #colour: Rgb;
  #canvas: OffscreenCanvas | null = null;
  #area: MaskBounds | null = null;

  constructor(bitmap: Bitmap, colour: Rgb) {
    this.bitmap = bitmap;
    this.#colour = colour;
    this.update(null);
  }

  /** After painting: what was touched; null: everything. */
  update(touched: MaskBounds | null): void {
    const { area } = this.bitmap;
    const [wide, high] = [area.x1 - area.x0, area.y1 - area.y0];
    if (wide <= 0 || high <= 0) return;
    const isNew = this.#area !== area;
    if (isNew) {
      this.#area = area;
      this.#canvas = new OffscreenCanvas(wide, high);
    }
    const context = this.#canvas?.getContext("2d");
    if (context == null) return;
    const part = isNew || touched === null ? area : inside(touched, area);
    if (part.x1 <= part.x0 || part.y1 <= part.y0) return;
    const pixels = context.createImageData(part.x1 - part.x0, part.y1 - part.y0);
    this.bitmap.paint(part, this.#colour, pixels.data);
    context.putImageData(pixels, part.x0 - area.x0, part.y0 - area.y0);
  }

  draw(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, view: View, alpha: number): void {
    if (this.#canvas === null || this.#area === null) return;
    const { x0, y0, x1, y1 } = this.#area;
    context.save();
    context.globalAlpha *= alpha;
    context.imageSmoothingEnabled = view.scale < 2;
    context.drawImage(
      this.#canvas,
      x0 * view.scale + view.x,
      y0 * view.scale + view.y,
      (x1 - x0) * view.scale,
      (y1 - y0) * view.scale,
    );
    context.restore();
  }
}

function inside(part: MaskBounds, area: MaskBounds): MaskBounds {
  return {
    x0: Math.max(part.x0, area.x0),
    y0: Math.max(part.y0, area.y0),
    x1: Math.min(part.x1, area.x1),
    y1: Math.min(part.y1, area.y1),
  };
}

const bitmaps = new WeakMap<Mask, Bitmap>();

/** Read once for each record. Not to be painted on: take a copy. */
export function bitmapOf(mask: Mask): Bitmap {
  let bitmap = bitmaps.get(mask);
  if (bitmap === undefined) {
    bitmap = Bitmap.ofMask(mask);
    bitmaps.set(mask, bitmap);
  }
  return bitmap;
}

/** For the next reading of a record that a tool has just made from this bitmap. */
export function rememberBitmap(mask: Mask, bitmap: Bitmap): void {
  bitmaps.set(mask, bitmap);
}

const outlines = new WeakMap<Mask, Path2D>();

/** The mask's border in picture pixels, to be stroked. */
export function maskOutline(mask: Mask): Path2D {
  let path = outlines.get(mask);
  if (path === undefined) {
    path = new Path2D();
    const polygon = traced(bitmapOf(mask), OUTLINE_TOLERANCE_PX);
    for (const ring of [...(polygon?.rings_px ?? []), ...(polygon?.holes_px ?? [])]) {
      ring.forEach(([x, y], place) => {
        if (place === 0) path?.moveTo(x, y);
        else path?.lineTo(x, y);
      });
      path.closePath();
    }
    outlines.set(mask, path);
  }
  return path;
}

const pictures = new WeakMap<Mask, { readonly colour: string; readonly picture: MaskPicture }>();

export function maskPicture(mask: Mask, colour: string): MaskPicture {
  const known = pictures.get(mask);
  if (known?.colour === colour) return known.picture;
  const picture = new MaskPicture(bitmapOf(mask), rgbOf(colour));
  pictures.set(mask, { colour, picture });
  return picture;
}

const colours = new Map<string, Rgb>();

/** A CSS colour as numbers, asked of a canvas. */
export function rgbOf(colour: string): Rgb {
  let rgb = colours.get(colour);
  if (rgb === undefined) {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    if (context === null) return [128, 128, 128];
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
    rgb = [r, g, b];
    colours.set(colour, rgb);
  }
  return rgb;
}
