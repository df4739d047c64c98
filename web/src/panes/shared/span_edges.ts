/** Dragging the edges of time spans: what is under the pointer, where it snaps, and what span results (half-open). */

export interface EdgeSpan {
  readonly id: string;
  readonly start_ns: number;
  readonly end_ns: number;
}

export type Grip = "start" | "end" | "body";

export interface Grabbed {
  readonly id: string;
  readonly grip: Grip;
}

/** What a press at an instant takes hold of. Edges win over bodies, the nearest edge over others, short spans over long. */
export function grab(spans: readonly EdgeSpan[], at_ns: number, reach_ns: number): Grabbed | null {
  let best: { id: string; grip: Grip; off: number } | null = null;
  for (const span of spans) {
    for (const grip of ["start", "end"] as const) {
      const off = Math.abs(at_ns - (grip === "start" ? span.start_ns : span.end_ns));
      // A touching pair shares an instant: the side the pointer is on decides.
      const inside = at_ns >= span.start_ns && at_ns < span.end_ns ? 0 : reach_ns * 1e-3 + 0.25;
      if (off <= reach_ns && (best === null || off + inside < best.off))
        best = { id: span.id, grip, off: off + inside };
    }
  }
  if (best !== null) return { id: best.id, grip: best.grip };
  const under = spans.filter((span) => at_ns >= span.start_ns && at_ns < span.end_ns);
  const shortest = under.reduce<EdgeSpan | null>(
    (a, b) => (a === null || b.end_ns - b.start_ns <= a.end_ns - a.start_ns ? b : a),
    null,
  );
  return shortest === null ? null : { id: shortest.id, grip: "body" };
}

/** The nearest of the targets within reach, else the instant itself. */
export function snap(at_ns: number, targets_ns: readonly number[], reach_ns: number): number {
  let best = at_ns;
  let off = reach_ns;
  for (const target of targets_ns) {
    const distance = Math.abs(target - at_ns);
    if (distance <= off) {
      best = target;
      off = distance;
    }
  }
  return best;
}

/** The span after its grip was dragged by `by_ns`; edges never pass each other, a body keeps its length. */
export function dragged(
  span: EdgeSpan,
  grip: Grip,
  by_ns: number,
  targets_ns: readonly number[] = [],
  reach_ns = 0,
): { start_ns: number; end_ns: number } {
  const { start_ns, end_ns } = span;
  if (grip === "start") return { start_ns: Math.min(end_ns - 1, snap(start_ns + by_ns, targets_ns, reach_ns)), end_ns };
  if (grip === "end") return { start_ns, end_ns: Math.max(start_ns + 1, snap(end_ns + by_ns, targets_ns, reach_ns)) };
  const start = snap(start_ns + by_ns, targets_ns, reach_ns);
  const end = snap(end_ns + by_ns, targets_ns, reach_ns);
  const shift = start !== start_ns + by_ns ? start - start_ns : end - end_ns;
  return { start_ns: start_ns + shift, end_ns: end_ns + shift };
}

/** The neighbour that begins where this span ends, or ends where it begins: they share a boundary. */
export function sharing(spans: readonly EdgeSpan[], span: EdgeSpan, grip: Grip): EdgeSpan | null {
  if (grip === "body") return null;
  const touches = (other: EdgeSpan) =>
    grip === "end" ? other.start_ns === span.end_ns : other.end_ns === span.start_ns;
  return spans.find((other) => other.id !== span.id && other.end_ns > other.start_ns && touches(other)) ?? null;
}

/** A shared boundary after a drag: neither side may lose its last instant. */
export function betweenBoth(span: EdgeSpan, neighbour: EdgeSpan, at_ns: number): number {
  const from_ns = Math.min(span.start_ns, neighbour.start_ns);
  const to_ns = Math.max(span.end_ns, neighbour.end_ns);
  return Math.min(to_ns - 1, Math.max(from_ns + 1, at_ns));
}
