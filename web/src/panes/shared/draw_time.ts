/** Marks that every time pane draws the same way: ruler, playhead, bands of time spans. */
import type { Tokens } from "../../base/tokens";
import type { Look } from "./looks";
import { clockText, placesFor, roundStep, type TimeAxis } from "./time_axis";

export const RULER_PX = 20;

export function drawRuler(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  axis: TimeAxis,
  left_px: number,
  width_px: number,
  height_px: number,
): void {
  context.save();
  context.beginPath();
  context.rect(left_px, 0, width_px - left_px, height_px);
  context.clip();
  context.fillStyle = tokens.background[2];
  context.fillRect(left_px, 0, width_px - left_px, RULER_PX);
  context.font = `10px ${tokens.font}`;
  context.textBaseline = "middle";
  const places = placesFor(roundStep(axis.ns_per_px * 90));
  context.lineWidth = 1;
  for (const at_ns of axis.ticks(90)) {
    const x = Math.round(axis.xOf(at_ns)) + 0.5;
    context.strokeStyle = tokens.line;
    context.globalAlpha = 0.6;
    line(context, x, RULER_PX, x, height_px);
    context.globalAlpha = 1;
    line(context, x, RULER_PX - 5, x, RULER_PX);
    context.fillStyle = tokens.foreground[2];
    context.fillText(clockText(at_ns, places), x + 4, RULER_PX / 2);
  }
  context.strokeStyle = tokens.line;
  line(context, left_px, RULER_PX + 0.5, width_px, RULER_PX + 0.5);
  context.restore();
}

export function drawPlayhead(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  x: number,
  left_px: number,
  height_px: number,
): void {
  if (x < left_px - 6) return;
  context.save();
  context.fillStyle = tokens.accent;
  context.fillRect(Math.round(x) - 0.5, 0, 1.5, height_px);
  context.beginPath();
  context.moveTo(x - 5.5, 0);
  context.lineTo(x + 6.5, 0);
  context.lineTo(x + 0.5, 9);
  context.closePath();
  context.fill();
  context.restore();
}

/** A time span over the whole height, with its edges as grips and its label on top. */
export function drawBand(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  look: Look,
  x0: number,
  x1: number,
  top: number,
  bottom: number,
): void {
  const width = Math.max(1, x1 - x0);
  context.save();
  context.globalAlpha = look.dimmed ? 0.15 : look.selected ? 0.34 : look.hovered || look.linked ? 0.28 : 0.18;
  context.fillStyle = look.colour;
  context.fillRect(x0, top, width, bottom - top);
  context.globalAlpha = look.dimmed ? 0.25 : 1;
  const edge = look.selected ? 3 : 1.5;
  context.fillRect(x0, top, edge, bottom - top);
  context.fillRect(x1 - edge, top, edge, bottom - top);
  if (look.linked && !look.selected) {
    context.strokeStyle = tokens.link;
    context.setLineDash([4, 3]);
    context.strokeRect(x0 + 0.5, top + 0.5, width - 1, bottom - top - 1);
  }
  if (width > 14) {
    context.beginPath();
    context.rect(x0, top, width, bottom - top);
    context.clip();
    context.font = `600 11px ${tokens.font}`;
    const text_px = Math.min(width, context.measureText(look.label).width + 10);
    context.fillRect(x0, top, text_px, 15);
    context.fillStyle = tokens.onClass;
    context.textBaseline = "middle";
    context.fillText(look.label, x0 + 5, top + 8);
  }
  context.restore();
}

/** One of many spans that share a pixel. */
export function drawThinBand(
  context: CanvasRenderingContext2D,
  look: Look,
  x: number,
  top: number,
  bottom: number,
): void {
  context.globalAlpha = look.dimmed ? 0.15 : 0.4;
  context.fillStyle = look.colour;
  context.fillRect(x, top, 1, bottom - top);
  context.globalAlpha = 1;
}

export function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
