/** A projected cuboid over a picture: near edges solid, far ones dashed, the floor's heading, and what is cut off. */
import type { Tokens } from "../../base/tokens";
import type { ProjectedCuboid } from "../../model/projection";
import type { Look } from "./looks";

/** From picture pixels to CSS pixels of the canvas. */
export type Place = (x_px: number, y_px: number) => readonly [number, number];

export interface Picture {
  readonly width_px: number;
  readonly height_px: number;
}

export function drawProjected(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  place: Place,
  picture: Picture,
  projected: ProjectedCuboid,
  look: Look,
  name: string,
): void {
  const strong = look.selected || look.hovered || look.linked;
  const [left, top] = place(0, 0);
  const [right, bottom] = place(picture.width_px, picture.height_px);
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  context.lineJoin = "round";
  context.globalAlpha = look.dimmed ? 0.15 : strong ? 1 : 0.5;
  for (const hidden of [true, false]) {
    const path = new Path2D();
    for (const line of projected.lines) if (line.hidden === hidden) trace(path, line.points_px, place);
    if (!hidden) trace(path, projected.heading, place);
    context.setLineDash(hidden ? [4, 4] : []);
    const width = (look.selected ? 2.25 : strong ? 1.75 : 1.1) * (hidden ? 0.75 : 1);
    if (strong) {
      // A dark line under the colour keeps it readable on any picture.
      context.strokeStyle = "#000a";
      context.lineWidth = width + 1.75;
      context.stroke(path);
    }
    context.strokeStyle = look.colour;
    context.lineWidth = width;
    context.stroke(path);
  }
  context.restore();
  if (!strong || look.dimmed || projected.visible_px === null) return;
  const cut = projected.truncation >= 0.005 ? `${Math.round(projected.truncation * 100)} % outside` : "";
  const text = [name, cut].filter((part) => part !== "").join(" · ");
  const [x, y] = place(projected.visible_px.x0, projected.visible_px.y1);
  drawNote(context, tokens, look.colour, text, Math.max(left, x), Math.min(bottom - 18, y + 3), right);
}

function trace(path: Path2D, points: readonly (readonly [number, number])[], place: Place): void {
  points.forEach(([x, y], index) => {
    const [sx, sy] = place(x, y);
    if (index === 0) path.moveTo(sx, sy);
    else path.lineTo(sx, sy);
  });
}

function drawNote(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  colour: string,
  text: string,
  x: number,
  y: number,
  right: number,
): void {
  context.save();
  context.font = `600 11px ${tokens.font}`;
  context.textBaseline = "middle";
  const width = context.measureText(text).width + 12;
  const left = Math.max(0, Math.min(x, right - width));
  context.fillStyle = tokens.background[0];
  context.globalAlpha = 0.9;
  context.beginPath();
  context.roundRect(left, y, width, 16, 3);
  context.fill();
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.fillRect(left, y, 3, 16);
  context.fillStyle = tokens.foreground[0];
  context.fillText(text, left + 7, y + 8.5);
  context.restore();
}

/** Whether a place of the picture lies on one of the drawn lines, within `reach_px` picture pixels. */
export function isOnLines(projected: ProjectedCuboid, x: number, y: number, reach_px: number): boolean {
  return projected.lines.some(({ points_px }) =>
    points_px.some((to, index) => index > 0 && distanceTo(points_px[index - 1] ?? to, to, x, y) <= reach_px),
  );
}

function distanceTo(a: readonly [number, number], b: readonly [number, number], x: number, y: number): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const along = ((x - a[0]) * dx + (y - a[1]) * dy) / Math.max(1e-12, dx * dx + dy * dy);
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(a[0] + dx * share - x, a[1] + dy * share - y);
}
