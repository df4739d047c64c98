/** Draws regions of a picture on a 2D canvas. State is shown by shape (dash, width, badge) as well as by colour. */
import type { Tokens } from "../../base/tokens";
import type { Annotation, Keypoints, Shape } from "../../model/records";
import { bonesOf } from "../../model/shapes/skeleton";
import { maskOutline, maskPicture } from "../shared/mask_picture";
import { boundsOf, isFlat, trace } from "../shared/shapes";
import type { View } from "../shared/view";

/** A canvas of the page, or one beside it. */
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface ShapeLook {
  readonly annotation: Annotation;
  readonly colour: string;
  readonly label: string;
  readonly isSelected: boolean;
  readonly isHovered: boolean;
  readonly isLinked: boolean;
  readonly isSuspect: boolean;
  readonly isDimmed: boolean;
  /** Nothing links to it: drawn dashed. */
  readonly isUnlinked: boolean;
  /** Between two key frames of a track: drawn dotted. */
  readonly isBetween?: boolean;
}

export function drawShape(context: Context, look: ShapeLook, view: View, tokens: Tokens): void {
  const { region } = look.annotation;
  const strong = look.isSelected || look.isHovered || look.isLinked;
  const stroke = look.isSuspect && strong ? tokens.suspect : look.colour;
  context.save();
  context.globalAlpha = look.isDimmed ? 0.18 : 1;
  if (region.type === "mask") maskPicture(region, look.colour).draw(context, view, strong ? 0.5 : 0.35);
  context.translate(view.x, view.y);
  context.scale(view.scale, view.scale);
  const path = region.type === "mask" ? maskOutline(region) : new Path2D();
  if (region.type === "keypoints") traceBones(path, region);
  else if (region.type !== "mask") trace(path, region);
  if (region.type !== "polyline" && region.type !== "keypoints" && region.type !== "mask") {
    context.fillStyle = look.colour;
    context.globalAlpha *= strong ? 0.2 : 0.07;
    context.fill(path, "evenodd");
    context.globalAlpha = look.isDimmed ? 0.18 : 1;
  }
  const width = (look.isSelected ? 2.5 : strong ? 2.25 : 1.5) / view.scale;
  if (strong) {
    context.strokeStyle = tokens.background[0];
    context.lineWidth = width + 2.5 / view.scale;
    context.stroke(path);
  }
  context.strokeStyle = stroke;
  context.lineWidth = width;
  const dash = look.isBetween ? [2.5, 2.5] : look.isUnlinked && !look.isSelected ? [5, 4] : [];
  context.setLineDash(dash.map((length) => length / view.scale));
  context.stroke(path);
  if (region.type === "keypoints") drawKeypoints(context, look, view);
  context.restore();
  if (look.isSuspect) drawBadge(context, look, view, tokens);
}

/** A neighbouring key frame of a selected track: thin and dotted, without a label. */
export function drawGhost(context: Context, shape: Shape, colour: string, view: View): void {
  if (!isFlat(shape) || shape.type === "mask" || shape.type === "keypoints") return;
  const path = new Path2D();
  trace(path, shape);
  context.save();
  context.translate(view.x, view.y);
  context.scale(view.scale, view.scale);
  context.globalAlpha = 0.8;
  context.setLineDash([2 / view.scale, 4 / view.scale]);
  for (const [style, width] of [
    ["#0008", 3],
    [colour, 1.5],
  ] as const) {
    context.strokeStyle = style;
    context.lineWidth = width / view.scale;
    context.stroke(path);
  }
  context.restore();
}

/** Lines between the joints that are there. */
function traceBones(path: Path2D, { points }: Keypoints): void {
  for (const [a, b] of bonesOf(points.map(({ name }) => name))) {
    const [from, to] = [points[a], points[b]];
    if (from === undefined || to === undefined || from.visibility === 0 || to.visibility === 0) continue;
    path.moveTo(from.x_px, from.y_px);
    path.lineTo(to.x_px, to.y_px);
  }
}

function drawKeypoints(context: Context, look: ShapeLook, view: View): void {
  if (look.annotation.region.type !== "keypoints") return;
  const { points } = look.annotation.region;
  context.setLineDash([]);
  for (const point of points) {
    if (point.visibility === 0) continue;
    context.beginPath();
    context.arc(point.x_px, point.y_px, 3.5 / view.scale, 0, 2 * Math.PI);
    context.fillStyle = look.colour;
    if (point.visibility === 2) context.fill();
    context.stroke();
  }
}

/** A small triangle with a bar at the corner of a suspect region. */
function drawBadge(context: Context, look: ShapeLook, view: View, tokens: Tokens): void {
  const bounds = boundsOf(look.annotation.region);
  if (bounds === null) return;
  const x = bounds.x1 * view.scale + view.x;
  const y = bounds.y0 * view.scale + view.y;
  context.save();
  context.globalAlpha = look.isDimmed ? 0.3 : 1;
  context.beginPath();
  context.moveTo(x, y - 9);
  context.lineTo(x + 9, y + 7);
  context.lineTo(x - 9, y + 7);
  context.closePath();
  context.fillStyle = tokens.suspect;
  context.strokeStyle = tokens.background[0];
  context.lineWidth = 2;
  context.stroke();
  context.fill();
  context.fillStyle = tokens.background[0];
  context.fillRect(x - 1, y - 4, 2, 6);
  context.fillRect(x - 1, y + 3.5, 2, 2);
  context.restore();
}

export function drawLabel(context: Context, look: ShapeLook, view: View, tokens: Tokens): void {
  const bounds = boundsOf(look.annotation.region);
  if (bounds === null) return;
  context.save();
  context.font = `600 11px ${tokens.font}`;
  const width = context.measureText(look.label).width + 10;
  const x = Math.max(0, bounds.x0 * view.scale + view.x);
  const top = bounds.y0 * view.scale + view.y;
  const y = top > 20 ? top - 19 : top + 3;
  context.fillStyle = tokens.background[0];
  context.globalAlpha = 0.92;
  context.beginPath();
  context.roundRect(x, y, width, 16, 3);
  context.fill();
  context.globalAlpha = 1;
  context.fillStyle = look.colour;
  context.fillRect(x, y, 3, 16);
  context.fillStyle = tokens.foreground[0];
  context.textBaseline = "middle";
  context.fillText(look.label, x + 7, y + 8.5);
  context.restore();
}
