/** Regions at rest, many at once: boxes of one look in one path. Everything that stands out is drawn by `drawShape`. */
import type { Tokens } from "../../base/tokens";
import type { Box } from "../../model/records";
import type { View } from "../shared/view";
import { type Context, drawShape, type ShapeLook } from "./draw";

interface Batch {
  readonly colour: string;
  readonly isDimmed: boolean;
  readonly isUnlinked: boolean;
  readonly boxes: Box[];
}

/** Dashes of smaller boxes, or of so many, could not be told apart, and cost most. */
const LEAST_DASHED_PX = 14;
const MOST_DASHED = 800;

export function drawMany(context: Context, looks: Iterable<ShapeLook>, view: View, tokens: Tokens): void {
  const batches = new Map<string, Batch>();
  const single: ShapeLook[] = [];
  for (const look of looks) {
    const { region } = look.annotation;
    if (region.type !== "box" || look.isSuspect || look.isBetween) {
      single.push(look);
      continue;
    }
    const key = `${look.colour} ${look.isDimmed} ${look.isUnlinked}`;
    const batch = batches.get(key);
    if (batch === undefined) batches.set(key, { ...look, boxes: [region] });
    else batch.boxes.push(region);
  }
  let dashed = 0;
  for (const batch of batches.values()) if (batch.isUnlinked) dashed += batch.boxes.length;
  for (const batch of batches.values()) drawBatch(context, batch, view, dashed <= MOST_DASHED);
  for (const look of single) drawShape(context, look, view, tokens);
}

function drawBatch(context: Context, batch: Batch, { scale, x, y }: View, mayDash: boolean): void {
  context.save();
  context.fillStyle = context.strokeStyle = batch.colour;
  context.lineWidth = 1.5;
  const fade = batch.isDimmed ? 0.18 : 1;
  context.globalAlpha = fade * 0.07;
  const solid = new Path2D();
  const dashed = new Path2D();
  let hasDashed = false;
  for (const box of batch.boxes) {
    const [left, top] = [box.x0_px * scale + x, box.y0_px * scale + y];
    const [wide, high] = [(box.x1_px - box.x0_px) * scale, (box.y1_px - box.y0_px) * scale];
    context.fillRect(left, top, wide, high);
    const isDashed = mayDash && batch.isUnlinked && Math.max(wide, high) >= LEAST_DASHED_PX;
    hasDashed ||= isDashed;
    (isDashed ? dashed : solid).rect(left, top, wide, high);
  }
  context.globalAlpha = fade;
  context.stroke(solid);
  if (hasDashed) {
    context.setLineDash([5, 4]);
    context.stroke(dashed);
  }
  context.restore();
}
