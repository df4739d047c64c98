/** Moving the edges of a text span, by drag or by key: never past each other, never inside a grapheme. */
import { isRightToLeft, stepEdge } from "../../base/segments";
import type { Offsets } from "../../base/text";
import type { TextSpan } from "../../model/records";
import { spanOver } from "../../model/text_span";

export type Edge = "start" | "end";
export type Grain = "words" | "graphemes";

/** Units of writing around an edge that are looked at: a step never needs more. */
const NEAR_UNITS = 400;

/** The span with one edge at a code point; null where it would cover nothing. */
export function withEdge(whole: Offsets, span: TextSpan, edge: Edge, point: number): TextSpan | null {
  const [start, end] = edge === "start" ? [point, span.end] : [span.start, point];
  if (end <= start) return null;
  const next = spanOver(whole, start, end, span.of ?? null);
  return next === null || (next.start === span.start && next.end === span.end) ? null : next;
}

/** One step of an edge on (1) or back (-1), in the order of reading. */
export function steppedEdge(whole: Offsets, span: TextSpan, edge: Edge, direction: 1 | -1, by: Grain): TextSpan | null {
  const unit = whole.toUnits(edge === "start" ? span.start : span.end);
  const from = Math.max(0, unit - NEAR_UNITS);
  const near = whole.text.slice(from, unit + NEAR_UNITS);
  const next = from + stepEdge(near, unit - from, direction, edge, by);
  return withEdge(whole, span, edge, whole.toPoints(next));
}

/** An arrow to the right goes on in writing from left to right, and back in writing from right to left. */
export function arrowDirection(whole: Offsets, span: TextSpan, edge: Edge, arrow: 1 | -1): 1 | -1 {
  const unit = whole.toUnits(edge === "start" ? span.start : span.end - 1);
  return isRightToLeft(whole.text, unit) ? (arrow === 1 ? -1 : 1) : arrow;
}
