/** Brings one frame at a time onto the screen, proven; the newest wish wins, and the server decodes what will not come. */
import type { FrameTable } from "./frame_table";
import { frameOfMediaTime } from "./frame_table";
import { seekPortOf, VerifiedSeek } from "./verified_seek";

export interface FrameSourceEvents {
  /** The element shows this frame, by its mediaTime. */
  shown(index: number): void;
  /** The element would not show this frame: show the server's picture of it. */
  fallback(index: number): void;
}

export class FrameSource {
  readonly #video: HTMLVideoElement;
  readonly #table: FrameTable;
  readonly #events: FrameSourceEvents;
  readonly #seek: VerifiedSeek;
  #wanted: number | null = null;
  #seeking = false;
  #ticket: number;

  constructor(video: HTMLVideoElement, table: FrameTable, events: FrameSourceEvents) {
    this.#video = video;
    this.#table = table;
    this.#events = events;
    this.#seek = new VerifiedSeek(seekPortOf(video));
    this.#ticket = video.requestVideoFrameCallback(this.#onPicture);
  }

  readonly #onPicture = (_now: number, picture: VideoFrameCallbackMetadata): void => {
    this.#ticket = this.#video.requestVideoFrameCallback(this.#onPicture);
    this.#events.shown(frameOfMediaTime(this.#table, picture.mediaTime));
  };

  /** Wishes for a frame. While one is on its way only the newest wish is kept. */
  want(index: number): void {
    this.#wanted = index;
    if (!this.#seeking) void this.#work();
  }

  /** Playback takes over: no more seeks. */
  release(): void {
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
        if (outcome === "proved") this.#events.shown(index);
        else if (outcome === "unproved" && this.#wanted === null) this.#events.fallback(index);
      }
    } finally {
      this.#seeking = false;
    }
  }
}
