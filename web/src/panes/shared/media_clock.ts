/** Keeps a media element and the playhead together: the element leads when it may, and follows otherwise. */
import type { Lead, Playhead } from "../../playhead/playhead";

export interface MediaTimes {
  /** Seconds on the element's clock; null where the stream has nothing. */
  elementSeconds(media_ns: number): number | null;
  mediaNs(element_s: number): number;
}

/** Further apart than this the element jumps; nearer, ears and eyes forgive. */
const DRIFT_S = 0.12;

export class MediaClock {
  readonly #element: HTMLMediaElement;
  readonly #playhead: Playhead;
  readonly #stream: string;
  readonly #times: MediaTimes;
  #lead: Lead | null = null;
  #reported_ns = Number.NaN;
  #soundRefused = false;

  constructor(element: HTMLMediaElement, playhead: Playhead, stream: string, times: MediaTimes) {
    this.#element = element;
    this.#playhead = playhead;
    this.#stream = stream;
    this.#times = times;
    element.addEventListener("ended", () => this.#release());
  }

  get leads(): boolean {
    return this.#lead !== null;
  }

  /** Whether the browser refused sound: asking again would stop the picture again. */
  get soundRefused(): boolean {
    return this.#soundRefused;
  }

  /** Call it whenever the playhead changes. */
  follow(): void {
    const { playing, rate, timelineNs } = this.#playhead.state;
    const wanted = this.#times.elementSeconds(this.#playhead.toMedia(this.#stream, timelineNs));
    if (!playing || wanted === null) {
      this.stop();
      return;
    }
    this.#element.playbackRate = rate;
    this.#lead ??= this.#playhead.lead();
    const sought = this.#lead !== null ? timelineNs !== this.#reported_ns : false;
    if (this.#element.paused) {
      this.#element.currentTime = wanted;
      this.#reported_ns = timelineNs;
      this.#element.play().catch(() => this.#retryMuted());
    } else if ((sought || this.#lead === null) && Math.abs(this.#element.currentTime - wanted) > DRIFT_S) {
      this.#element.currentTime = wanted;
      this.#reported_ns = timelineNs;
    }
  }

  /** Call it when the element shows that it stands at a media time. */
  report(media_ns: number): void {
    if (this.#lead === null || !this.#playhead.state.playing) return;
    const timeline_ns = this.#playhead.toTimeline(this.#stream, media_ns);
    // Pictures may arrive a little late after a seek: time never runs backwards by less than a jump.
    if (timeline_ns < this.#playhead.state.timelineNs && this.#playhead.state.timelineNs - timeline_ns < 5e8) return;
    this.#reported_ns = timeline_ns;
    this.#lead.report(timeline_ns);
  }

  stop(): void {
    if (!this.#element.paused) this.#element.pause();
    this.#release();
  }

  #release(): void {
    this.#lead?.release();
    this.#lead = null;
  }

  /** A browser may refuse sound before the first gesture: the picture goes on without. */
  #retryMuted(): void {
    if (!this.#playhead.state.playing) return;
    if (this.#element.muted) {
      this.#release();
      return;
    }
    this.#soundRefused = true;
    this.#element.muted = true;
    this.#element.play().catch(() => this.#release());
  }
}
