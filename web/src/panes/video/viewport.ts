/** Where the picture stands in the pane: `screen = picture * scale + offset`, in CSS pixels. */

export interface Viewport {
  readonly scale: number;
  readonly left_px: number;
  readonly top_px: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** All of the picture, centred. */
export function fitInto(pane: Size, picture: Size): Viewport {
  const scale = Math.min(pane.width / picture.width, pane.height / picture.height) || 1;
  return {
    scale,
    left_px: (pane.width - picture.width * scale) / 2,
    top_px: (pane.height - picture.height * scale) / 2,
  };
}

export function toPicture(view: Viewport, x: number, y: number): readonly [number, number] {
  return [(x - view.left_px) / view.scale, (y - view.top_px) / view.scale];
}

export function toScreen(view: Viewport, x_px: number, y_px: number): readonly [number, number] {
  return [x_px * view.scale + view.left_px, y_px * view.scale + view.top_px];
}

/** Zooms about a screen point that stays where it is; between a twentieth of the fit and 40 screen pixels a pixel. */
export function zoomed(view: Viewport, fit: Viewport, x: number, y: number, factor: number): Viewport {
  const scale = Math.max(fit.scale / 20, Math.min(40, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, left_px: x - (x - view.left_px) * ratio, top_px: y - (y - view.top_px) * ratio };
}
