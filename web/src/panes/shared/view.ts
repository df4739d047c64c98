/** How picture pixels become screen pixels: a scale and an offset. Immutable. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const SMALLEST_SCALE = 0.02;
export const LARGEST_SCALE = 60;

/** The whole picture, centred, with a little air. */
export function fitView(widthPx: number, heightPx: number, hostWidth: number, hostHeight: number, air = 4): View {
  const scale = Math.max(
    SMALLEST_SCALE,
    Math.min((hostWidth - 2 * air) / Math.max(1, widthPx), (hostHeight - 2 * air) / Math.max(1, heightPx)),
  );
  return { scale, x: (hostWidth - widthPx * scale) / 2, y: (hostHeight - heightPx * scale) / 2 };
}

/** Zooms about a point of the screen that stays where it is. */
export function zoomAt(view: View, factor: number, screenX: number, screenY: number): View {
  const scale = Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, x: screenX - (screenX - view.x) * ratio, y: screenY - (screenY - view.y) * ratio };
}

export function toPicture(view: View, screenX: number, screenY: number): readonly [number, number] {
  return [(screenX - view.x) / view.scale, (screenY - view.y) / view.scale];
}
