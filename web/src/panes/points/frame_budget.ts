/** How many points one frame may draw, learnt from how long frames take: a slow machine draws fewer at a time. */

const LEAST = 40_000;
const MOST = 4_000_000;
const SLOW_MS = 42;
const QUICK_MS = 26;

export class FrameBudget {
  #points: number;
  #last_ms: number | null = null;

  constructor(points = 150_000) {
    this.#points = points;
  }

  get points(): number {
    return this.#points;
  }

  /** A frame was drawn at `now_ms`; only frames that follow one another say how long one takes. */
  frame(now_ms: number): void {
    const took = this.#last_ms === null ? null : now_ms - this.#last_ms;
    this.#last_ms = now_ms;
    if (took === null || took > 1000) return;
    if (took > SLOW_MS) this.#points = Math.max(LEAST, Math.round(this.#points * Math.max(0.5, SLOW_MS / took)));
    else if (took < QUICK_MS) this.#points = Math.min(MOST, Math.round(this.#points * 1.2));
  }

  /** Nothing more to draw: the pause until the next picture says nothing. */
  rest(): void {
    this.#last_ms = null;
  }
}
