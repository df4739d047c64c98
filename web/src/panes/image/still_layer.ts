/**
 * The picture and its regions at rest, kept as one bitmap a little larger than the pane. Panning moves the bitmap,
 * zooming stretches it until the wheel has come to rest; only then, or at its edge, it is drawn again.
 */
import type { View } from "../shared/view";

/** Air around the pane, in parts of its size. */
const MARGIN = 0.3;
/** A stretched bitmap is drawn sharp when the view has stood still for so long. */
const REST_MS = 90;
/** Beyond this it is too coarse, or too small a part, to stand in. */
const MOST_STRETCH = 2.5;

export interface Sheet {
  readonly widthPx: number;
  readonly heightPx: number;
}

export type DrawSheet = (context: OffscreenCanvasRenderingContext2D, view: View, sheet: Sheet) => void;

export class StillLayer {
  readonly #redraw: () => void;
  #canvas: OffscreenCanvas | null = null;
  #context: OffscreenCanvasRenderingContext2D | null = null;
  /** What the bitmap shows, and the view it was drawn for. */
  #from: readonly unknown[] = [];
  #view: View | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDue = false;

  constructor(redraw: () => void) {
    this.#redraw = redraw;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** `parts`: everything but the view that the drawing depends on. True when it was drawn anew. */
  show(target: CanvasRenderingContext2D, view: View, pane: Sheet, parts: readonly unknown[], draw: DrawSheet): boolean {
    const ratio = devicePixelRatio;
    const from = [...parts, pane.widthPx, pane.heightPx, ratio];
    const isSame = from.length === this.#from.length && from.every((part, place) => part === this.#from[place]);
    const isNew = !isSame || this.#view === null || this.#isDue || !this.#reaches(view, pane);
    if (isNew) this.#drawSheet(view, pane, ratio, draw);
    this.#from = from;
    this.#isDue = false;
    this.#place(target, view, pane, ratio);
    clearTimeout(this.#timer);
    if (this.#view !== null && this.#view.scale !== view.scale) {
      this.#timer = setTimeout(() => {
        this.#isDue = true;
        this.#redraw();
      }, REST_MS);
    }
    return isNew;
  }

  #drawSheet(view: View, pane: Sheet, ratio: number, draw: DrawSheet): void {
    const [mx, my] = marginsOf(pane);
    const sheet = { widthPx: pane.widthPx + 2 * mx, heightPx: pane.heightPx + 2 * my };
    const [wide, high] = [
      Math.max(1, Math.round(sheet.widthPx * ratio)),
      Math.max(1, Math.round(sheet.heightPx * ratio)),
    ];
    if (this.#canvas === null || this.#canvas.width !== wide || this.#canvas.height !== high) {
      this.#canvas = new OffscreenCanvas(wide, high);
      this.#context = this.#canvas.getContext("2d");
    }
    const context = this.#context;
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, sheet.widthPx, sheet.heightPx);
    draw(context, { ...view, x: view.x + mx, y: view.y + my }, sheet);
    this.#view = view;
  }

  /** Whether the bitmap, moved and stretched to a view, still covers the pane. */
  #reaches(view: View, pane: Sheet): boolean {
    if (this.#view === null) return false;
    const stretch = view.scale / this.#view.scale;
    if (stretch > MOST_STRETCH || stretch < 1 / MOST_STRETCH) return false;
    const [x, y, wide, high] = this.#placeIn(view, pane);
    if (stretch !== 1) return true;
    return x <= 0 && y <= 0 && x + wide >= pane.widthPx && y + high >= pane.heightPx;
  }

  #placeIn(view: View, pane: Sheet): readonly [x: number, y: number, wide: number, high: number] {
    const drawn = this.#view ?? view;
    const stretch = view.scale / drawn.scale;
    const [mx, my] = marginsOf(pane);
    return [
      view.x - (drawn.x + mx) * stretch,
      view.y - (drawn.y + my) * stretch,
      (pane.widthPx + 2 * mx) * stretch,
      (pane.heightPx + 2 * my) * stretch,
    ];
  }

  #place(target: CanvasRenderingContext2D, view: View, pane: Sheet, ratio: number): void {
    if (this.#canvas === null || this.#view === null) return;
    const [x, y, wide, high] = this.#placeIn(view, pane);
    target.imageSmoothingEnabled = this.#view.scale !== view.scale;
    // Whole device pixels while panning: a bitmap between two pixels would blur.
    const snap = (value: number) => (this.#view?.scale === view.scale ? Math.round(value * ratio) / ratio : value);
    target.drawImage(this.#canvas, snap(x), snap(y), wide, high);
  }
}

function marginsOf({ widthPx, heightPx }: Sheet): readonly [number, number] {
  return [Math.round(widthPx * MARGIN), Math.round(heightPx * MARGIN)];
}
