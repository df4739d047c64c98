/** Rotated boxes: a drag along one side, then the pointer says how deep, a click ends it. */
import type { Tokens } from "../../../base/tokens";
import type { Point, RotatedBox } from "../../../model/records";
import { clamped } from "../../../model/shapes/rings";
import { boxAlong, cornersOf } from "../../../model/shapes/rotated";
import { snappedAt } from "./line_tool";
import { markHandle, markLine } from "./marks";
import { type At, type PictureTool, reachOf, SLIP_PX, type Surface } from "./surface";

export class RotatedTool implements PictureTool {
  readonly cursor = "crosshair";
  readonly holds = null;
  readonly #surface: Surface;
  #from: Point | null = null;
  #to: Point | null = null;
  #depth: Point | null = null;
  /** The side is set: the pointer says the depth. */
  #isSide = false;

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  get isBusy(): boolean {
    return this.#from !== null;
  }

  down(at: At): void {
    if (this.#isSide) {
      this.#depth = clamped([at.x, at.y], this.#surface.size);
      return;
    }
    if (this.#from === null) this.#from = snappedAt(this.#surface, at).point;
    else this.#to = snappedAt(this.#surface, at).point;
    this.#surface.redraw();
  }

  move(at: At): void {
    const { point } = snappedAt(this.#surface, at);
    if (this.#isSide) this.#depth = point;
    else if (this.#from !== null) this.#to = point;
    this.#surface.redraw();
  }

  up(): void {
    if (this.#isSide) {
      this.finish();
      return;
    }
    const [from, to] = [this.#from, this.#to];
    if (from === null || to === null) return;
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) > reachOf(this.#surface, SLIP_PX)) this.#isSide = true;
  }

  finish(): void {
    const box = this.#box();
    if (box === null) return;
    this.cancel();
    this.#surface.create(box, "Rotated box drawn");
  }

  takeBack(): boolean {
    if (!this.isBusy) return false;
    if (this.#isSide) this.#isSide = false;
    else this.#from = null;
    this.#to = this.#depth = null;
    this.#surface.redraw();
    return true;
  }

  cancel(): void {
    this.#from = this.#to = this.#depth = null;
    this.#isSide = false;
    this.#surface.redraw();
  }

  draw(context: CanvasRenderingContext2D, tokens: Tokens): void {
    if (this.#from === null) return;
    const box = this.#box();
    const side = this.#to === null ? [] : [this.#from, this.#to];
    if (box === null) markLine(context, this.#surface, tokens, side, { colour: tokens.accent });
    else
      markLine(context, this.#surface, tokens, cornersOf(box), {
        colour: tokens.accent,
        isClosed: true,
        isFilled: true,
      });
    for (const point of side) markHandle(context, this.#surface, tokens, point);
  }

  #box(): RotatedBox | null {
    if (!this.#isSide || this.#from === null || this.#to === null || this.#depth === null) return null;
    return boxAlong(this.#from, this.#to, this.#depth);
  }
}
