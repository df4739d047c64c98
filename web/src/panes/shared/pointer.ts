/** What a canvas hears of the pointer, until a signal ends it. */

export interface PointerHandlers {
  down(event: PointerEvent): void;
  move(event: PointerEvent): void;
  up(event: PointerEvent): void;
  /** The browser took the pointer away: what was begun is given up. */
  cancel(): void;
  leave?(): void;
  double?(event: MouseEvent): void;
  wheel?(event: WheelEvent): void;
  /** A second button is a gesture here: the browser's own menu stays away. */
  readonly hasOwnMenu?: boolean;
}

export function listenToPointer(canvas: HTMLElement, signal: AbortSignal, heard: PointerHandlers): void {
  const { leave, double, wheel } = heard;
  canvas.addEventListener("pointerdown", (event) => heard.down(event), { signal });
  canvas.addEventListener("pointermove", (event) => heard.move(event), { signal });
  canvas.addEventListener("pointerup", (event) => heard.up(event), { signal });
  canvas.addEventListener("pointercancel", () => heard.cancel(), { signal });
  if (leave !== undefined) canvas.addEventListener("pointerleave", () => leave(), { signal });
  if (double !== undefined) canvas.addEventListener("dblclick", (event) => double(event), { signal });
  if (wheel !== undefined) canvas.addEventListener("wheel", (event) => wheel(event), { signal, passive: false });
  if (heard.hasOwnMenu === true) canvas.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
}
