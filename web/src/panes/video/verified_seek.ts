/**
 * The verified seek: aim at the middle of the frame, accept only a picture whose own time proves the frame, seek again
 * when none comes, and at last let the server decode the frame. `currentTime` proves nothing.
 */
import { aimSeconds, clampIndex, type FrameTable, proves } from "./frame_table";

/** What the seek needs of a <video> element and a timer. */
export interface SeekPort {
  setTime(seconds: number): void;
  /** Whether the element has done what it was asked: a wrong picture then is hardly a stage on the way. */
  hasArrived(): boolean;
  /** Calls back once, when a new picture is on the screen, with its time. Returns what cancels it. */
  onPicture(callback: (media_time_s: number) => void): () => void;
  /** Calls back once after a while. Returns what cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
}

export type SeekOutcome = "proved" | "unproved" | "superseded";

export const RETRY_MS = 500;
/** How long a wrong picture may still be followed by the right one. Some files never show the frames before a key frame. */
export const WRONG_MS = 120;
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
      let wrong = 0;
      const finish = (outcome: SeekOutcome) => {
        dropPicture();
        dropTimer();
        this.#cancel = null;
        resolve(outcome);
      };
      const next = (left: number) => {
        // Twice the same wrong answer: a third question would get it again.
        if (left > 1 && wrong < 2) attempt(left - 1);
        else finish("unproved");
      };
      const listen = (left: number) => {
        dropPicture = this.#port.onPicture((media_time_s) => {
          if (proves(table, index, media_time_s)) {
            finish("proved");
            return;
          }
          if (this.#port.hasArrived()) {
            wrong += 1;
            dropTimer();
            dropTimer = this.#port.after(WRONG_MS, () => next(left));
          }
          listen(left);
        });
      };
      const attempt = (left: number) => {
        dropPicture();
        dropTimer();
        dropTimer = this.#port.after(RETRY_MS, () => next(left));
        listen(left);
        // Seeking to where the element already stands presents nothing: later attempts aim slightly beside the middle.
        this.#port.setTime(aimSeconds(table, index) + (ATTEMPTS - left) * 1e-4);
      };
      this.#cancel = () => finish("superseded");
      attempt(ATTEMPTS);
    });
  }

  cancel(): void {
    this.#cancel?.();
  }
}
