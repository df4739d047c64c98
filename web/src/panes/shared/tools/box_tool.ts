/** Boxes by a drag from corner to corner. A click picks what lies there. */
import type { Tokens } from "../../../base/tokens";
import type { Box } from "../../../model/records";
import type { Size } from "../../../model/shapes/rings";
import { snappedAt } from "./line_tool";
import { markLine } from "./marks";
import type { At, PictureTool, Surface } from "./surface";

/** Smaller boxes are slips of the hand. */
export const SMALLEST_BOX_PX = 2;

export function boxBetween(ax: number, ay: number, bx: number, by: number, size: Size): Box {
  const clampX = (x: number) => Math.min(size.widthPx, Math.max(0, Math.round(x)));
  const clampY = (y: number) => Math.min(size.heightPx, Math.max(0, Math.round(y)));
  return {
    type: "box",
    x0_px: clampX(Math.min(ax, bx)),
    y0_px: clampY(Math.min(ay, by)),
    x1_px: clampX(Math.max(ax, bx)),
    y1_px: clampY(Math.max(ay, by)),
  };
}

export function isDrawable(box: Box): boolean {
  return box.x1_px - box.x0_px >= SMALLEST_BOX_PX && box.y1_px - box.y0_px >= SMALLEST_BOX_PX;
}

export class BoxTool implements PictureTool {
  readonly cursor = "crosshair";
  readonly holds = null;
  readonly #surface: Surface;
  readonly #pickAt: (at: At) => void;
  #from: readonly [number, number] | null = null;
  #box: Box | null = null;

  constructor(surface: Surface, pickAt: (at: At) => void) {
    this.#surface = surface;
    this.#pickAt = pickAt;
  }

  get isBusy(): boolean {
    return this.#from !== null;
  }

  down(at: At): void {
    this.#from = snappedAt(this.#surface, at).point;
    this.#box = null;
  }

  move(at: At): void {
    if (this.#from === null) return;
    const [x, y] = snappedAt(this.#surface, at).point;
    this.#box = boxBetween(...this.#from, x, y, this.#surface.size);
    this.#surface.redraw();
  }

  up(at: At): void {
    const box = this.#box;
    this.cancel();
    if (box !== null && isDrawable(box)) this.#surface.create(box, "Box drawn");
    else this.#pickAt(at);
  }

  finish(): void {}

  takeBack(): boolean {
    return false;
  }

  cancel(): void {
    this.#from = null;
    this.#box = null;
    this.#surface.redraw();
  }

  draw(context: CanvasRenderingContext2D, tokens: Tokens): void {
    if (this.#box === null) return;
    const { x0_px, y0_px, x1_px, y1_px } = this.#box;
    markLine(
      context,
      this.#surface,
      tokens,
      [
        [x0_px, y0_px],
        [x1_px, y0_px],
        [x1_px, y1_px],
        [x0_px, y1_px],
      ],
      { colour: tokens.accent, isClosed: true, isFilled: true },
    );
  }
}
