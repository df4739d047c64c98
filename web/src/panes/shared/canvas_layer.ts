/** A canvas that fills its host in device pixels and draws at most once a frame. */

export class CanvasLayer {
  readonly canvas: HTMLCanvasElement;
  readonly #draw: (context: CanvasRenderingContext2D, width_px: number, height_px: number) => void;
  #ticket = 0;
  #width_px = 0;
  #height_px = 0;

  /** `draw` gets a cleared context in CSS pixels. */
  constructor(draw: (context: CanvasRenderingContext2D, width_px: number, height_px: number) => void) {
    this.#draw = draw;
    this.canvas = document.createElement("canvas");
    this.canvas.style.cssText = "position:absolute;inset:0;display:block";
  }

  get width_px(): number {
    return this.#width_px;
  }

  get height_px(): number {
    return this.#height_px;
  }

  resize(width_px: number, height_px: number): void {
    this.#width_px = width_px;
    this.#height_px = height_px;
    const ratio = globalThis.devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(width_px * ratio));
    this.canvas.height = Math.max(1, Math.round(height_px * ratio));
    this.canvas.style.width = `${width_px}px`;
    this.canvas.style.height = `${height_px}px`;
    this.#paint();
  }

  invalidate(): void {
    if (this.#ticket !== 0) return;
    this.#ticket = requestAnimationFrame(() => this.#paint());
  }

  dispose(): void {
    cancelAnimationFrame(this.#ticket);
    this.#ticket = 0;
    this.canvas.remove();
  }

  #paint(): void {
    cancelAnimationFrame(this.#ticket);
    this.#ticket = 0;
    const context = this.canvas.getContext("2d");
    if (context === null || this.#width_px <= 0 || this.#height_px <= 0) return;
    const ratio = this.canvas.width / this.#width_px;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.#width_px, this.#height_px);
    context.save();
    this.#draw(context, this.#width_px, this.#height_px);
    context.restore();
  }
}

/** Client coordinates of a rectangle that is given in the canvas's CSS pixels. */
export function clientRect(canvas: HTMLCanvasElement, x0: number, y0: number, x1: number, y1: number): DOMRect {
  const bounds = canvas.getBoundingClientRect();
  return new DOMRect(bounds.left + x0, bounds.top + y0, x1 - x0, y1 - y0);
}

/** Where a pointer is, in CSS pixels of the element. */
export function pointerIn(element: Element, event: MouseEvent): { x: number; y: number } {
  const bounds = element.getBoundingClientRect();
  return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
}
