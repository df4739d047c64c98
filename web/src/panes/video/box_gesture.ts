/** Drawing, moving and resizing boxes: pure arithmetic in picture pixels. */
import type { Box } from "../../model/records";

/** Which edges a handle moves: -1 left or top, 1 right or bottom, 0 neither. Both 0: the body. */
export interface Handle {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

export const BODY: Handle = { x: 0, y: 0 };

/** The handle of a box under a point, edges and corners first; null when the point is outside. */
export function handleAt(box: Box, x_px: number, y_px: number, reach_px: number): Handle | null {
  if (x_px < box.x0_px - reach_px || x_px > box.x1_px + reach_px) return null;
  if (y_px < box.y0_px - reach_px || y_px > box.y1_px + reach_px) return null;
  const near = (value: number, low: number, high: number) =>
    Math.abs(value - low) <= reach_px && Math.abs(value - low) <= Math.abs(value - high)
      ? -1
      : Math.abs(value - high) <= reach_px
        ? 1
        : 0;
  return { x: near(x_px, box.x0_px, box.x1_px), y: near(y_px, box.y0_px, box.y1_px) };
}

/** The box after its handle went by (dx, dy); never inside out, never outside the picture. */
export function withHandleMoved(
  box: Box,
  handle: Handle,
  dx: number,
  dy: number,
  picture: { readonly width: number; readonly height: number },
): Box {
  if (handle.x === 0 && handle.y === 0) {
    const x = clamp(dx, -box.x0_px, picture.width - box.x1_px);
    const y = clamp(dy, -box.y0_px, picture.height - box.y1_px);
    return { type: "box", x0_px: box.x0_px + x, y0_px: box.y0_px + y, x1_px: box.x1_px + x, y1_px: box.y1_px + y };
  }
  const x0 = handle.x < 0 ? box.x0_px + dx : box.x0_px;
  const x1 = handle.x > 0 ? box.x1_px + dx : box.x1_px;
  const y0 = handle.y < 0 ? box.y0_px + dy : box.y0_px;
  const y1 = handle.y > 0 ? box.y1_px + dy : box.y1_px;
  return boxBetween(x0, y0, x1, y1, picture) ?? box;
}

/** The box between two corners, cut to the picture; null when less than a pixel is left. */
export function boxBetween(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  picture: { readonly width: number; readonly height: number },
): Box | null {
  const box: Box = {
    type: "box",
    x0_px: clamp(Math.min(ax, bx), 0, picture.width),
    y0_px: clamp(Math.min(ay, by), 0, picture.height),
    x1_px: clamp(Math.max(ax, bx), 0, picture.width),
    y1_px: clamp(Math.max(ay, by), 0, picture.height),
  };
  return box.x1_px - box.x0_px >= 1 && box.y1_px - box.y0_px >= 1 ? box : null;
}

export function cursorOf(handle: Handle | null): string {
  if (handle === null) return "default";
  if (handle.x === 0 && handle.y === 0) return "move";
  if (handle.x === 0) return "ns-resize";
  if (handle.y === 0) return "ew-resize";
  return handle.x === handle.y ? "nwse-resize" : "nesw-resize";
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
