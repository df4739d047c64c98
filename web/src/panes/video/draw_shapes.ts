/** Paints shapes over the shown video frame, in the pane's CSS pixels. */
import type { Tokens } from "../../base/tokens";
import type { Point, Shape } from "../../model/records";
import { drawLinkBadge, drawSuspectBadge, type Look } from "../shared/looks";
import { boundsOf, outlineOf, type ShownShape } from "./shown_shapes";
import { toScreen, type Viewport } from "./viewport";

export function drawShape(
  context: CanvasRenderingContext2D,
  view: Viewport,
  tokens: Tokens,
  { shape, interpolated, occluded }: ShownShape,
  look: Look,
): void {
  const bounds = boundsOf(shape);
  if (bounds === null || shape.type === "mask") return;
  const strong = look.selected || look.hovered || look.linked;
  context.save();
  context.globalAlpha = look.dimmed ? 0.2 : 1;
  context.lineWidth = look.selected ? 3 : strong ? 2.5 : 1.75;
  context.strokeStyle = look.colour;
  context.fillStyle = look.colour;
  if (interpolated) context.setLineDash([6, 4]);
  else if (occluded) context.setLineDash([2, 3]);
  if (shape.type === "keypoints") {
    for (const point of shape.points) {
      if (point.visibility === 0) continue;
      const [x, y] = toScreen(view, point.x_px, point.y_px);
      context.beginPath();
      context.arc(x, y, look.selected ? 5 : 3.5, 0, 7);
      if (point.visibility === 2) context.fill();
      else context.stroke();
    }
  } else {
    context.beginPath();
    if (shape.type === "polygon") {
      for (const ring of [...shape.rings_px, ...(shape.holes_px ?? [])]) tracePath(context, view, ring, true);
    } else tracePath(context, view, outlineOf(shape) ?? [], shape.type !== "polyline");
    // A dark line under the colour keeps it readable on any picture.
    const { strokeStyle, lineWidth } = context;
    context.strokeStyle = "#000a";
    context.lineWidth = lineWidth + 2;
    context.stroke();
    context.strokeStyle = strokeStyle;
    context.lineWidth = lineWidth;
    context.stroke();
    if (strong && shape.type !== "polyline") {
      context.globalAlpha *= look.selected ? 0.22 : 0.14;
      context.fill("evenodd");
    }
  }
  context.restore();
  const [x0, y0] = toScreen(view, bounds.x0, bounds.y0);
  const [x1] = toScreen(view, bounds.x1, bounds.y0);
  context.save();
  context.globalAlpha = look.dimmed ? 0.2 : 1;
  drawLabel(context, tokens, look.label, look.colour, x0, y0);
  if (look.suspect) drawSuspectBadge(context, tokens, x1 - 6, y0 - 9);
  if (look.links > 0 && strong) drawLinkBadge(context, tokens, x1, y0 + 10, look.links);
  if (look.selected && shape.type === "box") {
    for (const [x, y] of outlineOf(shape) ?? []) drawHandle(context, tokens, ...toScreen(view, x, y));
  }
  context.restore();
}

/** A neighbouring key frame of a selected track: thin, dotted, without a label of its own. */
export function drawGhost(context: CanvasRenderingContext2D, view: Viewport, shape: Shape, colour: string): void {
  const outline = outlineOf(shape);
  if (outline === null || shape.type === "mask" || shape.type === "keypoints") return;
  context.save();
  context.globalAlpha = 0.8;
  context.setLineDash([2, 4]);
  context.beginPath();
  tracePath(context, view, outline, shape.type !== "polyline");
  context.strokeStyle = "#0008";
  context.lineWidth = 3;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.stroke();
  context.restore();
}

function tracePath(context: CanvasRenderingContext2D, view: Viewport, points: readonly Point[], closed: boolean): void {
  points.forEach(([x, y], index) => {
    const [sx, sy] = toScreen(view, x, y);
    if (index === 0) context.moveTo(sx, sy);
    else context.lineTo(sx, sy);
  });
  if (closed) context.closePath();
}

function drawLabel(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  label: string,
  colour: string,
  x: number,
  y: number,
): void {
  context.font = `600 11px ${tokens.font}`;
  context.textBaseline = "middle";
  const text = label.length > 32 ? `${label.slice(0, 31)}…` : label;
  const width = context.measureText(text).width + 10;
  const top = Math.max(0, y - 18);
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x - 1, top, width, 16, 3);
  context.fill();
  context.fillStyle = tokens.onClass;
  context.fillText(text, x + 4, top + 8.5);
}

function drawHandle(context: CanvasRenderingContext2D, tokens: Tokens, x: number, y: number): void {
  context.fillStyle = tokens.foreground[0];
  context.strokeStyle = "#000c";
  context.lineWidth = 1;
  context.fillRect(x - 3.5, y - 3.5, 7, 7);
  context.strokeRect(x - 3.5, y - 3.5, 7, 7);
}
