/**
 * What a person sees of a video: a canvas over the <video> element that knows which frame it holds. The element itself
 * may already show the next picture while a callback still names the one before; what is painted here is named truly.
 */

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
    const picture = presentPicture(video);
    if (picture === null) {
      this.#paint(video);
      return media_time_s;
    }
    this.#paint(picture);
    const seconds = picture.timestamp / 1e6;
    picture.close();
    return seconds;
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

/** The picture that the element holds now, with its own time; null where browsers do not hand it out. */
function presentPicture(video: HTMLVideoElement): VideoFrame | null {
  if (typeof VideoFrame === "undefined") return null;
  try {
    return new VideoFrame(video);
  } catch {
    // Nothing decoded yet, or media of a foreign origin.
    return null;
  }
}
