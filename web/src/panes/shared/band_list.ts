/** Which of many spans a pane paints: all that are wide or matter, one a pixel of the rest. */
import type { EdgeSpan } from "./span_edges";

export interface PaintedBand<S extends EdgeSpan> {
  readonly span: S;
  readonly x0: number;
  readonly x1: number;
  /** Too thin for a label or edges. */
  readonly narrow: boolean;
}

const NARROW_PX = 3;

/** `spans` ascend by start; those outside [left, right] pixels are left out. */
export function bandList<S extends EdgeSpan>(
  spans: readonly S[],
  xOf: (at_ns: number) => number,
  left_px: number,
  right_px: number,
  matters: (span: S) => boolean,
): readonly PaintedBand<S>[] {
  const bands: PaintedBand<S>[] = [];
  let painted_px = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    const x0 = xOf(span.start_ns);
    if (x0 > right_px) break;
    const x1 = xOf(span.end_ns);
    if (x1 < left_px) continue;
    if (x1 - x0 >= NARROW_PX || matters(span)) bands.push({ span, x0, x1, narrow: false });
    else if (x0 >= painted_px + 1) {
      bands.push({ span, x0, x1, narrow: true });
      painted_px = x0;
    }
  }
  return bands;
}
