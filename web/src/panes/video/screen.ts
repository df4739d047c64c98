/**
 * What a person sees of a video: a canvas over the <video> element that knows which frame it holds. The element itself
 * may already show the next picture while a callback still names the one before; what is painted here is named truly.
 */

const TRIES = 4;

export class Screen {
  readonly canvas = document.createElement("canvas");
  readonly #context = this.canvas.getContext("2d", { alpha: false });
  #isServers = false;

  /** Whether the server's picture is there: a late one of the element must not cover it. */
  get isServers(): boolean {
    return this.#isServers;
  }

  setSize(width_px: number, height_px: number): void {
    this.canvas.width = width_px;
    this.canvas.height = height_px;
  }

  /** Takes the element's present picture over; its time on the element's clock, in seconds. */
  capture(video: HTMLVideoElement, media_time_s: number): number {
    for (let left = TRIES; left > 0; left -= 1) {
      const before_us = presentTime(video);
      this.#paint(video);
      if (before_us === null) return media_time_s;
      // The picture may change under our hands: it is the one we think when nothing changed meanwhile.
      if (presentTime(video) === before_us) return before_us / 1e6;
    }
    return media_time_s;
  }

  /** A picture that the server decoded; it stays until `leaveServers`. */
  show(picture: HTMLImageElement): void {
    this.#isServers = true;
    this.#paint(picture);
  }

  leaveServers(): void {
    this.#isServers = false;
  }

  #paint(source: CanvasImageSource): void {
    this.#context?.drawImage(source, 0, 0, this.canvas.width, this.canvas.height);
  }
}

/** The presentation time of the picture that the element holds now, in microseconds; null where browsers do not tell. */
function presentTime(video: HTMLVideoElement): number | null {
  if (typeof VideoFrame === "undefined") return null;
  try {
    const picture = new VideoFrame(video);
    const { timestamp } = picture;
    picture.close();
    return timestamp;
  } catch {
    // Nothing decoded yet, or media of a foreign origin.
    return null;
  }
}
