/** The stretch of the sample timeline that time panes show: one for all of them, so that they zoom and pan together. */

export interface TimeWindow {
  readonly from_ns: number;
  readonly to_ns: number;
}

/** Closer than this no stream has anything to show (32 samples at 96 kHz). */
const SHORTEST_NS = 333_333;

export class TimeView {
  #window: TimeWindow = { from_ns: 0, to_ns: 1_000_000_000 };
  #bounds: TimeWindow = { from_ns: 0, to_ns: 1_000_000_000 };
  readonly #listeners = new Set<() => void>();

  get window(): TimeWindow {
    return this.#window;
  }

  get bounds(): TimeWindow {
    return this.#bounds;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All that there is to see; the window goes along when it showed everything before. */
  setBounds(bounds: TimeWindow): void {
    if (!(bounds.to_ns > bounds.from_ns)) return;
    const same = bounds.from_ns === this.#bounds.from_ns && bounds.to_ns === this.#bounds.to_ns;
    const showedAll = this.#window.from_ns <= this.#bounds.from_ns && this.#window.to_ns >= this.#bounds.to_ns;
    this.#bounds = bounds;
    if (!same) this.show(showedAll ? bounds : this.#window);
  }

  show(wanted: TimeWindow): void {
    const next = fitted(wanted, this.#bounds);
    if (next.from_ns === this.#window.from_ns && next.to_ns === this.#window.to_ns) return;
    this.#window = next;
    for (const listener of [...this.#listeners]) listener();
  }

  showAll(): void {
    this.show(this.#bounds);
  }

  /** Zooms about an instant that stays where it is; a factor below 1 shows less. */
  zoom(at_ns: number, factor: number): void {
    const { from_ns, to_ns } = this.#window;
    this.show({ from_ns: at_ns - (at_ns - from_ns) * factor, to_ns: at_ns + (to_ns - at_ns) * factor });
  }

  pan(by_ns: number): void {
    this.show({ from_ns: this.#window.from_ns + by_ns, to_ns: this.#window.to_ns + by_ns });
  }

  /** Turns the page so that an instant is visible again; nothing moves while it is. */
  reveal(at_ns: number): void {
    const { from_ns, to_ns } = this.#window;
    if (at_ns >= from_ns && at_ns < to_ns) return;
    const length = to_ns - from_ns;
    const start = at_ns >= to_ns ? at_ns - length * 0.05 : at_ns - length * 0.95;
    this.show({ from_ns: start, to_ns: start + length });
  }
}

/** The window cut to whole nanoseconds, to its shortest, and pushed back inside the bounds. */
function fitted(wanted: TimeWindow, bounds: TimeWindow): TimeWindow {
  const whole = bounds.to_ns - bounds.from_ns;
  const length = Math.min(whole, Math.max(SHORTEST_NS, wanted.to_ns - wanted.from_ns));
  const middle = (wanted.from_ns + wanted.to_ns) / 2;
  const from = Math.max(bounds.from_ns, Math.min(bounds.to_ns - length, middle - length / 2));
  const from_ns = Math.round(from);
  return { from_ns, to_ns: Math.round(from + length) };
}

const views = new WeakMap<object, TimeView>();

/** The view that belongs to a playhead; made when first asked for. */
export function timeViewOf(playhead: object): TimeView {
  let view = views.get(playhead);
  if (view === undefined) {
    view = new TimeView();
    views.set(playhead, view);
  }
  return view;
}
