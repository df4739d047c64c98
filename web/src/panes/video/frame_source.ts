/** Brings one frame at a time onto the screen, proven; the newest wish wins, and the server decodes what will not come. */
import type { FrameTable } from "./frame_table";
import { frameOfMediaTime } from "./frame_table";
import type { Screen } from "./screen";
import { type SeekPort, VerifiedSeek } from "./verified_seek";

export interface FrameSourceEvents {
  /** The screen holds this frame. */
  shown(index: number): void;
  /** The element would not show this frame: show the server's picture of it. */
  fallback(index: number): void;
}

export class FrameSource {
  readonly #video: HTMLVideoElement;
  readonly #screen: Screen;
  readonly #table: FrameTable;
  readonly #events: FrameSourceEvents;
  readonly #seek: VerifiedSeek;
  readonly #listeners = new Set<(media_time_s: number) => void>();
  #wanted: number | null = null;
  #seeking = false;
  #ticket: number;

  constructor(video: HTMLVideoElement, screen: Screen, table: FrameTable, events: FrameSourceEvents) {
    this.#video = video;
    this.#screen = screen;
    this.#table = table;
    this.#events = events;
    this.#seek = new VerifiedSeek(this.#port());
    this.#ticket = video.requestVideoFrameCallback(this.#onPicture);
  }

  readonly #onPicture = (_now: number, picture: VideoFrameCallbackMetadata): void => {
    this.#ticket = this.#video.requestVideoFrameCallback(this.#onPicture);
    if (this.#screen.isServers) return;
    const media_time_s = this.#screen.capture(this.#video, picture.mediaTime);
    this.#events.shown(frameOfMediaTime(this.#table, media_time_s));
    for (const listener of [...this.#listeners]) listener(media_time_s);
  };

  #port(): SeekPort {
    const video = this.#video;
    return {
      setTime: (seconds) => {
        video.currentTime = seconds;
      },
      hasArrived: () => !video.seeking,
      onPicture: (callback) => {
        const once = (media_time_s: number) => {
          this.#listeners.delete(once);
          callback(media_time_s);
        };
        this.#listeners.add(once);
        return () => this.#listeners.delete(once);
      },
      after: (milliseconds, callback) => {
        const ticket = setTimeout(callback, milliseconds);
        return () => clearTimeout(ticket);
      },
    };
  }

  /** Wishes for a frame. While one is on its way only the newest wish is kept. */
  want(index: number): void {
    this.#screen.leaveServers();
    this.#wanted = index;
    if (!this.#seeking) void this.#work();
  }

  /** Playback takes over: no more seeks. */
  release(): void {
    this.#screen.leaveServers();
    this.#wanted = null;
    this.#seek.cancel();
  }

  dispose(): void {
    this.release();
    this.#video.cancelVideoFrameCallback(this.#ticket);
  }

  async #work(): Promise<void> {
    this.#seeking = true;
    try {
      while (this.#wanted !== null) {
        const index = this.#wanted;
        this.#wanted = null;
        const outcome = await this.#seek.to(this.#table, index);
        if (outcome === "unproved" && this.#wanted === null) this.#events.fallback(index);
      }
    } finally {
      this.#seeking = false;
    }
  }
}
