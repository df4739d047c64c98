/** How the tools of this window are set: the brush, and whether the next joint is hidden. Not part of the work. */

export type BrushMode = "brush" | "eraser" | "fill";

export interface ToolOptions {
  /** In picture pixels. */
  readonly brushRadiusPx: number;
  readonly brushMode: BrushMode;
  /** The next key point is there but cannot be seen. */
  readonly nextIsHidden: boolean;
}

const LEAST_PX = 0.5;
const MOST_PX = 400;

export class ToolChoices {
  #options: ToolOptions = { brushRadiusPx: 12, brushMode: "brush", nextIsHidden: false };
  readonly #listeners = new Set<() => void>();

  get now(): ToolOptions {
    return this.#options;
  }

  set(part: Partial<ToolOptions>): void {
    const next = { ...this.#options, ...part };
    this.#options = { ...next, brushRadiusPx: Math.min(MOST_PX, Math.max(LEAST_PX, next.brushRadiusPx)) };
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const choices = new WeakMap<object, ToolChoices>();

/** One set of choices for each store, whatever panes are open. */
export function toolChoicesOf(store: object): ToolChoices {
  let known = choices.get(store);
  if (known === undefined) {
    known = new ToolChoices();
    choices.set(store, known);
  }
  return known;
}
