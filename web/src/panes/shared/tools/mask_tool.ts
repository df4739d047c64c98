/** Masks by brush: one stroke, one change. Paints on the selected mask, else on a new one. Alt erases for a moment. */
import type { Tokens } from "../../../base/tokens";
import type { Mask, Point } from "../../../model/records";
import { Bitmap } from "../../../model/shapes/bitmap";
import { colourOf } from "../../../store/ontology";
import { bitmapOf, MaskPicture, rememberBitmap, rgbOf } from "../mask_picture";
import { markRing, markText } from "./marks";
import { toolChoicesOf } from "./options";
import type { At, PictureTool, Surface } from "./surface";

interface Stroke {
  readonly bitmap: Bitmap;
  readonly value: 0 | 1;
  /** The mask that is painted on; null: it will be a new one. */
  readonly id: string | null;
  readonly last: Point;
}

export class MaskTool implements PictureTool {
  readonly #surface: Surface;
  #stroke: Stroke | null = null;
  #picture: MaskPicture | null = null;
  #pointer: Point | null = null;
  #alt = false;

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  get isBusy(): boolean {
    return this.#stroke !== null;
  }

  get cursor(): string {
    return this.#mode === "fill" ? "cell" : "none";
  }

  get holds(): string | null {
    return this.#stroke?.id ?? null;
  }

  down(at: At): void {
    this.#alt = at.alt;
    const selected = this.#selected();
    const bitmap = selected === null ? new Bitmap(this.#surface.size) : bitmapOf(selected.mask).copy();
    if (this.#mode === "fill") {
      this.#fill(at, bitmap, selected?.id ?? null);
      return;
    }
    const value = this.#mode === "eraser" ? 0 : 1;
    if (value === 0 && selected === null) {
      this.#surface.context.announce("Select a mask to erase from");
      return;
    }
    this.#stroke = { bitmap, value, id: selected?.id ?? null, last: [at.x, at.y] };
    this.#picture = null;
    this.#paint([at.x, at.y]);
  }

  move(at: At, isPressed: boolean): void {
    this.#pointer = [at.x, at.y];
    this.#alt = at.alt;
    if (isPressed) this.#paint(this.#pointer);
    this.#surface.redraw();
  }

  up(): void {
    const stroke = this.#stroke;
    this.cancel();
    if (stroke !== null) this.#save(stroke.bitmap, stroke.id, stroke.value === 1 ? "Mask painted" : "Mask erased");
  }

  finish(): void {}

  takeBack(): boolean {
    return false;
  }

  cancel(): void {
    this.#stroke = null;
    this.#picture = null;
    this.#surface.redraw();
  }

  draw(context: CanvasRenderingContext2D, tokens: Tokens): void {
    const surface = this.#surface;
    const stroke = this.#stroke;
    if (stroke !== null) {
      this.#picture ??= new MaskPicture(stroke.bitmap, rgbOf(this.#colour(tokens, stroke.id)));
      this.#picture.draw(context, surface.view, 0.55);
    }
    if (this.#pointer === null) return;
    if (this.#mode === "fill") {
      markText(context, surface, tokens, this.#pointer, "fill");
      return;
    }
    const { brushRadiusPx } = toolChoicesOf(surface.context.store).now;
    const erases = this.#mode === "eraser";
    markRing(
      context,
      surface,
      tokens,
      this.#pointer,
      brushRadiusPx,
      erases ? tokens.error : tokens.accent,
      erases ? [4, 3] : [],
    );
    if (erases) markText(context, surface, tokens, this.#pointer, "erase");
  }

  get #mode() {
    const { brushMode } = toolChoicesOf(this.#surface.context.store).now;
    return this.#alt && brushMode === "brush" ? "eraser" : brushMode;
  }

  #selected(): { readonly id: string; readonly mask: Mask } | null {
    const { selection } = this.#surface.context.store.getState();
    if (selection.size !== 1) return null;
    const found = this.#surface.shown().find(({ id }) => selection.has(id));
    return found?.region.type === "mask" ? { id: found.id, mask: found.region } : null;
  }

  #paint(to: Point): void {
    const stroke = this.#stroke;
    if (stroke === null) return;
    const { brushRadiusPx } = toolChoicesOf(this.#surface.context.store).now;
    const touched = stroke.bitmap.stroke(stroke.last, to, brushRadiusPx, stroke.value);
    if (touched !== null) this.#picture?.update(touched);
    this.#stroke = { ...stroke, last: to };
    this.#surface.redraw();
  }

  #fill(at: At, bitmap: Bitmap, id: string | null): void {
    if (id !== null && bitmap.fillAt(Math.floor(at.x), Math.floor(at.y))) this.#save(bitmap, id, "Outline filled");
    else
      this.#surface.context.store.actions.notify(
        "Nothing closed to fill here: select a mask and click inside its outline",
      );
  }

  #save(bitmap: Bitmap, id: string | null, said: string): void {
    const mask = bitmap.toMask();
    const { announce, store } = this.#surface.context;
    if (mask === null) {
      if (id !== null) store.actions.remove([id]);
      return;
    }
    rememberBitmap(mask, bitmap);
    if (id === null) this.#surface.create(mask, said);
    else {
      this.#surface.reshape(id, mask);
      announce(said);
    }
  }

  #colour(tokens: Tokens, id: string | null): string {
    const { ontology, activeClass } = this.#surface.context.store.getState();
    const record = id === null ? undefined : this.#surface.shown().find((annotation) => annotation.id === id);
    return tokens.classes[colourOf(ontology, record?.class_id ?? activeClass)] ?? tokens.accent;
  }
}
