/** From nanoseconds to pixels and back, round tick marks, and clock texts. */
import type { TimeWindow } from "../../playhead/time_view";

export class TimeAxis {
  readonly #window: TimeWindow;
  readonly #left_px: number;
  readonly #width_px: number;

  constructor(window: TimeWindow, left_px: number, width_px: number) {
    this.#window = window;
    this.#left_px = left_px;
    this.#width_px = Math.max(1, width_px);
  }

  get ns_per_px(): number {
    return (this.#window.to_ns - this.#window.from_ns) / this.#width_px;
  }

  xOf(at_ns: number): number {
    return this.#left_px + (at_ns - this.#window.from_ns) / this.ns_per_px;
  }

  nsAt(x_px: number): number {
    return Math.round(this.#window.from_ns + (x_px - this.#left_px) * this.ns_per_px);
  }

  /** Instants at round distances, at least `apart_px` apart. */
  ticks(apart_px = 90): readonly number[] {
    const step = roundStep(this.ns_per_px * apart_px);
    const marks: number[] = [];
    for (let at = Math.ceil(this.#window.from_ns / step) * step; at < this.#window.to_ns; at += step) marks.push(at);
    return marks;
  }
}

const MINUTE_NS = 60e9;
const LONG_STEPS_NS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1440].map((minutes) => minutes * MINUTE_NS);

/** The smallest round length that is not shorter: 1, 2, 5 times a power of ten, 15 and 30 s, then whole minutes. */
export function roundStep(at_least_ns: number): number {
  if (at_least_ns > 10e9 && at_least_ns <= 15e9) return 15e9;
  if (at_least_ns > 15e9 && at_least_ns <= 30e9) return 30e9;
  if (at_least_ns > 30e9) {
    return (
      LONG_STEPS_NS.find((step) => step >= at_least_ns) ??
      Math.ceil(at_least_ns / (1440 * MINUTE_NS)) * 1440 * MINUTE_NS
    );
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(1, at_least_ns)));
  return Math.round(([1, 2, 5, 10].find((factor) => factor * power >= at_least_ns) ?? 10) * power);
}

/** `00:14.327`, with hours only when there are any; `places` after the point. */
export function clockText(at_ns: number, places = 3): string {
  const unit_ns = 10 ** (9 - places);
  const units = Math.floor(Math.abs(at_ns) / unit_ns);
  const second = 10 ** places;
  const seconds = Math.floor(units / second);
  const part = places === 0 ? "" : `.${String(units % second).padStart(places, "0")}`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at_ns < 0 ? "−" : ""}${hours > 0 ? `${hours}:` : ""}${two(minutes)}:${two(seconds % 60)}${part}`;
}

/** How many places a tick needs so that neighbours differ. */
export function placesFor(step_ns: number): number {
  return Math.max(0, Math.min(9, 9 - Math.floor(Math.log10(Math.max(1, step_ns)))));
}
