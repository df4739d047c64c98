/** One clock for all panes: timeline nanoseconds. A pane that plays media may lead it; otherwise it runs by itself. */
import { type Ns, ns } from "../base/ns";
import type { ClockSegment } from "../model/records";
import { toMedia, toTimeline } from "./clock";
import { sigmaNs, type Trust } from "./sigma";

export interface PlayheadState {
  readonly timelineNs: Ns;
  readonly playing: boolean;
  readonly rate: number;
  /** [start, end) of everything in the sample, on the timeline. */
  readonly startNs: Ns;
  readonly endNs: Ns;
}

/** How time passes: `requestAnimationFrame` and `performance.now` in the browser, hand-made in tests. */
export interface Ticker {
  nowMs(): number;
  request(work: () => void): number;
  cancel(handle: number): void;
}

/** Held by the pane whose media element sets the pace while playing. */
export interface Lead {
  report(timelineNs: number): void;
  release(): void;
}

/** Gives the nearest place that a seek may snap to (frame starts, edges of spans), or the instant itself. */
export type Snap = (timelineNs: number) => number;

const BROWSER: Ticker = {
  nowMs: () => performance.now(),
  request: (work) => requestAnimationFrame(work),
  cancel: (handle) => cancelAnimationFrame(handle),
};

/** A stream that does not follow its clock map for now: it stands still, or tries another map. */
export type Override = { readonly heldNs: number } | { readonly segments: readonly ClockSegment[] };

export const SLOWEST = 0.1;
export const FASTEST = 4;

export class Playhead {
  #state: PlayheadState = { timelineNs: ns(0), playing: false, rate: 1, startNs: ns(0), endNs: ns(0) };
  #segments: ReadonlyMap<string, readonly ClockSegment[]> = new Map();
  #trust: ReadonlyMap<string, Trust> = new Map();
  readonly #overrides = new Map<string, Override>();
  readonly #listeners = new Set<(state: PlayheadState) => void>();
  readonly #ticker: Ticker;
  #handle: number | null = null;
  #lastMs = 0;
  #lead: Lead | null = null;

  constructor(ticker: Ticker = BROWSER) {
    this.#ticker = ticker;
  }

  get state(): PlayheadState {
    return this.#state;
  }

  subscribe(listener: (state: PlayheadState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** By stream; a stream that is not named is on the timeline as it is, and certain. */
  setClockMaps(
    segments: ReadonlyMap<string, readonly ClockSegment[]>,
    trust: ReadonlyMap<string, Trust> = new Map(),
  ): void {
    this.#segments = segments;
    this.#trust = trust;
    this.#set({});
  }

  /** While streams are synchronised one of them runs free of its clock map; null lets it follow again. */
  setOverride(streamId: string, override: Override | null): void {
    if (override === null) this.#overrides.delete(streamId);
    else this.#overrides.set(streamId, override);
    this.#set({});
  }

  overrideOf(streamId: string): Override | undefined {
    return this.#overrides.get(streamId);
  }

  setExtent(startNs: number, endNs: number): void {
    const [start, end] = [ns(startNs), ns(Math.max(startNs, endNs))];
    this.#set({ startNs: start, endNs: end, timelineNs: inside(this.#state.timelineNs, start, end) });
  }

  seek(timelineNs: number, options: { readonly snap?: Snap } = {}): void {
    const wanted = options.snap === undefined ? timelineNs : options.snap(timelineNs);
    this.#set({ timelineNs: inside(wanted, this.#state.startNs, this.#state.endNs) });
  }

  play(): void {
    if (this.#state.playing) return;
    const atEnd = this.#state.timelineNs >= this.#state.endNs - 1;
    this.#set({ playing: true, ...(atEnd ? { timelineNs: this.#state.startNs } : {}) });
    this.#lastMs = this.#ticker.nowMs();
    this.#tickLater();
  }

  pause(): void {
    if (this.#handle !== null) this.#ticker.cancel(this.#handle);
    this.#handle = null;
    if (this.#state.playing) this.#set({ playing: false });
  }

  toggle(): void {
    if (this.#state.playing) this.pause();
    else this.play();
  }

  setRate(rate: number): void {
    this.#set({ rate: Math.min(FASTEST, Math.max(SLOWEST, rate)) });
  }

  /** Takes the pace over; null when another pane has it already. */
  lead(): Lead | null {
    if (this.#lead !== null) return null;
    const lead: Lead = {
      report: (timelineNs) => {
        if (this.#lead === lead && this.#state.playing) this.#advance(timelineNs);
      },
      release: () => {
        if (this.#lead !== lead) return;
        this.#lead = null;
        this.#lastMs = this.#ticker.nowMs();
      },
    };
    this.#lead = lead;
    return lead;
  }

  toMedia(streamId: string, timelineNs: number): Ns {
    const override = this.#overrides.get(streamId);
    if (override !== undefined && "heldNs" in override) return ns(override.heldNs);
    return toMedia(this.#segmentsOf(streamId), timelineNs);
  }

  toTimeline(streamId: string, mediaNs: number): Ns {
    return toTimeline(this.#segmentsOf(streamId), mediaNs);
  }

  #segmentsOf(streamId: string): readonly ClockSegment[] {
    const override = this.#overrides.get(streamId);
    if (override !== undefined && "segments" in override) return override.segments;
    return this.#segments.get(streamId) ?? [];
  }

  /** One standard deviation of what `toTimeline` gives (rule T6). */
  sigmaNs(streamId: string, mediaNs: number): number {
    return sigmaNs(this.#trust.get(streamId), mediaNs);
  }

  /** What a stream's map says about its certainty; undefined for a stream without one. */
  trustOf(streamId: string): Trust | undefined {
    return this.#trust.get(streamId);
  }

  #tickLater(): void {
    this.#handle = this.#ticker.request(() => {
      this.#handle = null;
      const nowMs = this.#ticker.nowMs();
      const passedNs = (nowMs - this.#lastMs) * 1e6 * this.#state.rate;
      this.#lastMs = nowMs;
      if (this.#lead === null) this.#advance(this.#state.timelineNs + passedNs);
      if (this.#state.playing) this.#tickLater();
    });
  }

  #advance(timelineNs: number): void {
    const { startNs, endNs } = this.#state;
    const isOver = timelineNs >= endNs;
    this.#set({ timelineNs: inside(timelineNs, startNs, endNs), ...(isOver ? { playing: false } : {}) });
  }

  #set(part: Partial<PlayheadState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

/** The nearest instant of [start, end): the last one is a nanosecond before the end. */
function inside(value: number, start: number, end: number): Ns {
  return ns(Math.max(start, Math.min(end - 1, value)));
}
