/** What a drag on the picture does: pan, draw a box, move or resize the selected one. Pure arithmetic. */
import type { Box } from "../../model/records";

export type Handle = "n" | "s" | "e" | "w" | "ne" | "nw" | "se" | "sw" | "move";

export type Drag =
  | { readonly kind: "pan"; readonly x: number; readonly y: number }
  | { readonly kind: "draw"; readonly fromX: number; readonly fromY: number; readonly box: Box | null }
  | {
      readonly kind: "shape";
      readonly id: string;
      readonly handle: Handle;
      readonly start: Box;
      readonly fromX: number;
      readonly fromY: number;
      readonly box: Box;
    };

export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

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

/** The handle under a point, looked for within `reach` picture pixels. */
export function handleAt(box: Box, x: number, y: number, reach: number): Handle | null {
  if (x < box.x0_px - reach || x > box.x1_px + reach || y < box.y0_px - reach || y > box.y1_px + reach) return null;
  const vertical = Math.abs(y - box.y0_px) <= reach ? "n" : Math.abs(y - box.y1_px) <= reach ? "s" : "";
  const horizontal = Math.abs(x - box.x0_px) <= reach ? "w" : Math.abs(x - box.x1_px) <= reach ? "e" : "";
  const handle = `${vertical}${horizontal}`;
  return handle === "" ? "move" : (handle as Handle);
}

export function dragged(start: Box, handle: Handle, dx: number, dy: number, size: Size): Box {
  if (handle === "move") {
    const moveX = Math.min(size.widthPx - start.x1_px, Math.max(-start.x0_px, Math.round(dx)));
    const moveY = Math.min(size.heightPx - start.y1_px, Math.max(-start.y0_px, Math.round(dy)));
    return {
      type: "box",
      x0_px: start.x0_px + moveX,
      y0_px: start.y0_px + moveY,
      x1_px: start.x1_px + moveX,
      y1_px: start.y1_px + moveY,
    };
  }
  const x0 = handle.includes("w") ? start.x0_px + dx : start.x0_px;
  const x1 = handle.includes("e") ? start.x1_px + dx : start.x1_px;
  const y0 = handle.includes("n") ? start.y0_px + dy : start.y0_px;
  const y1 = handle.includes("s") ? start.y1_px + dy : start.y1_px;
  return boxBetween(x0, y0, x1, y1, size);
}

const CURSORS: Record<Handle, string> = {
  n: "ns-resize",
  s: "ns-resize",
  e: "ew-resize",
  w: "ew-resize",
  ne: "nesw-resize",
  sw: "nesw-resize",
  nw: "nwse-resize",
  se: "nwse-resize",
  move: "move",
};

export function cursorOf(handle: Handle | null): string {
  return handle === null ? "default" : CURSORS[handle];
}
