/** What tools draw over a picture: lines under way, handles, the brush. In screen pixels, with a rim in the theme's ground colour. */
import type { Tokens } from "../../../base/tokens";
import type { Point } from "../../../model/records";
import { onScreen, type Surface } from "./surface";

export interface LineMark {
  readonly colour: string;
  readonly isClosed?: boolean;
  readonly isFilled?: boolean;
  readonly dash?: readonly number[];
}

export function markLine(
  context: CanvasRenderingContext2D,
  surface: Surface,
  tokens: Tokens,
  points: readonly Point[],
  { colour, isClosed = false, isFilled = false, dash = [] }: LineMark,
): void {
  if (points.length < 2) return;
  context.save();
  context.lineJoin = "round";
  context.beginPath();
  points.forEach(([px, py], place) => {
    const [x, y] = onScreen(surface, px, py);
    if (place === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  if (isClosed) context.closePath();
  if (isFilled) {
    context.fillStyle = colour;
    context.globalAlpha = 0.16;
    context.fill("evenodd");
    context.globalAlpha = 1;
  }
  context.strokeStyle = tokens.background[0];
  context.lineWidth = 4.5;
  context.stroke();
  context.setLineDash([...dash]);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke();
  context.restore();
}

export type HandleShape = "square" | "circle" | "diamond";

export interface HandleMark {
  readonly shape?: HandleShape;
  readonly isActive?: boolean;
  /** The middle stays empty: a hidden joint. */
  readonly isHollow?: boolean;
  readonly radius?: number;
}

export function markHandle(
  context: CanvasRenderingContext2D,
  surface: Surface,
  tokens: Tokens,
  [px, py]: Point,
  { shape = "square", isActive = false, isHollow = false, radius = 3.5 }: HandleMark = {},
): void {
  const [x, y] = onScreen(surface, px, py);
  const r = isActive ? radius + 1.5 : radius;
  context.save();
  context.beginPath();
  if (shape === "circle") context.arc(x, y, r + 0.5, 0, 2 * Math.PI);
  else if (shape === "square") context.rect(x - r, y - r, 2 * r, 2 * r);
  else {
    context.moveTo(x, y - r - 1);
    context.lineTo(x + r + 1, y);
    context.lineTo(x, y + r + 1);
    context.lineTo(x - r - 1, y);
    context.closePath();
  }
  context.fillStyle = isActive ? tokens.accent : tokens.background[0];
  if (!isHollow || isActive) context.fill();
  context.strokeStyle = isActive ? tokens.background[0] : tokens.accent;
  context.lineWidth = isActive ? 2 : 1.5;
  context.stroke();
  context.restore();
}

/** A short text beside a place: what comes next, an angle. */
export function markText(
  context: CanvasRenderingContext2D,
  surface: Surface,
  tokens: Tokens,
  [px, py]: Point,
  text: string,
): void {
  const [x, y] = onScreen(surface, px, py);
  context.save();
  context.font = `600 11px ${tokens.font}`;
  const width = context.measureText(text).width + 12;
  context.fillStyle = tokens.background[0];
  context.globalAlpha = 0.92;
  context.beginPath();
  context.roundRect(x + 12, y + 10, width, 18, 4);
  context.fill();
  context.globalAlpha = 1;
  context.fillStyle = tokens.foreground[0];
  context.textBaseline = "middle";
  context.fillText(text, x + 18, y + 19.5);
  context.restore();
}

export function markRing(
  context: CanvasRenderingContext2D,
  surface: Surface,
  tokens: Tokens,
  [px, py]: Point,
  radius_px: number,
  colour: string,
  dash: readonly number[] = [],
): void {
  const [x, y] = onScreen(surface, px, py);
  context.save();
  for (const [style, width] of [
    [tokens.background[0], 3.5],
    [colour, 1.5],
  ] as const) {
    context.beginPath();
    context.arc(x, y, Math.max(1, radius_px * surface.view.scale), 0, 2 * Math.PI);
    context.strokeStyle = style;
    context.lineWidth = width;
    if (width < 2) context.setLineDash([...dash]);
    context.stroke();
  }
  context.restore();
}
