/**
 * The verified seek: aim at the middle of the frame, accept only a callback whose mediaTime proves the frame,
 * seek again when none comes, and at last let the server decode the frame. `currentTime` proves nothing.
 */
import { aimSeconds, clampIndex, type FrameTable, proves } from "./frame_table";

/** What the seek needs of a <video> element and a timer. */
export interface SeekPort {
  setTime(seconds: number): void;
  /** Calls back once, when a new picture has been presented, with its mediaTime. Returns what cancels it. */
  onPicture(callback: (media_time_s: number) => void): () => void;
  /** Calls back once after a while. Returns what cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
}

export type SeekOutcome = "proved" | "unproved" | "superseded";

export const RETRY_MS = 500;
export const ATTEMPTS = 3;

export class VerifiedSeek {
  #cancel: (() => void) | null = null;
  readonly #port: SeekPort;

  constructor(port: SeekPort) {
    this.#port = port;
  }

  /** Seeks to a frame; a newer seek supersedes it. "unproved": the element never showed it, ask the server. */
  to(table: FrameTable, wanted: number): Promise<SeekOutcome> {
    this.cancel();
    const index = clampIndex(table, wanted);
    return new Promise((resolve) => {
      let dropPicture = () => {};
      let dropTimer = () => {};
      const finish = (outcome: SeekOutcome) => {
        dropPicture();
        dropTimer();
        this.#cancel = null;
        resolve(outcome);
      };
      const listen = () => {
        dropPicture = this.#port.onPicture((media_time_s) => {
          if (proves(table, index, media_time_s)) finish("proved");
          else listen();
        });
      };
      const attempt = (left: number) => {
        dropTimer = this.#port.after(RETRY_MS, () => (left > 1 ? attempt(left - 1) : finish("unproved")));
        // Seeking to where the element already stands presents nothing: later attempts aim slightly beside the middle.
        this.#port.setTime(aimSeconds(table, index) + (ATTEMPTS - left) * 1e-4);
      };
      this.#cancel = () => finish("superseded");
      listen();
      attempt(ATTEMPTS);
    });
  }

  cancel(): void {
    this.#cancel?.();
  }
}

/** The port of a real element. */
export function seekPortOf(video: HTMLVideoElement): SeekPort {
  return {
    setTime: (seconds) => {
      video.currentTime = seconds;
    },
    onPicture: (callback) => {
      const ticket = video.requestVideoFrameCallback((_now, picture) => callback(picture.mediaTime));
      return () => video.cancelVideoFrameCallback(ticket);
    },
    after: (milliseconds, callback) => {
      const ticket = setTimeout(callback, milliseconds);
      return () => clearTimeout(ticket);
    },
  };
}
