import { describe, expect, it } from "vitest";
import type { FrameTable } from "./frame_table";
import { ATTEMPTS, type SeekPort, VerifiedSeek } from "./verified_seek";

const table: FrameTable = {
  starts_ns: [0, 40_000_000, 80_000_000],
  end_ns: 120_000_000,
  key_frames: [0],
  playable_starts_s: [0, 0.04, 0.08],
  width_px: 2,
  height_px: 2,
};

/** An element that presents what the test tells it to, and a timer that the test turns. */
class FakeElement implements SeekPort {
  readonly times: number[] = [];
  arrived = false;
  #picture: ((media_time_s: number) => void) | null = null;
  #timer: (() => void) | null = null;

  setTime(seconds: number): void {
    this.times.push(seconds);
  }
  hasArrived(): boolean {
    return this.arrived;
  }
  onPicture(callback: (media_time_s: number) => void): () => void {
    this.#picture = callback;
    return () => {
      if (this.#picture === callback) this.#picture = null;
    };
  }
  after(_milliseconds: number, callback: () => void): () => void {
    this.#timer = callback;
    return () => {
      if (this.#timer === callback) this.#timer = null;
    };
  }
  present(media_time_s: number): void {
    const callback = this.#picture;
    this.#picture = null;
    callback?.(media_time_s);
  }
  runTimer(): void {
    const callback = this.#timer;
    this.#timer = null;
    callback?.();
  }
  get idle(): boolean {
    return this.#picture === null && this.#timer === null;
  }
}

describe("verified seek", () => {
  it("aims at the middle and ends when mediaTime proves the frame", async () => {
    const element = new FakeElement();
    const outcome = new VerifiedSeek(element).to(table, 1);
    expect(element.times[0]).toBeCloseTo(0.06, 9);
    element.present(0.04);
    expect(await outcome).toBe("proved");
    expect(element.idle).toBe(true);
  });

  it("does not believe a picture of another frame and listens again", async () => {
    const element = new FakeElement();
    const outcome = new VerifiedSeek(element).to(table, 2);
    element.present(0);
    element.present(0.04);
    expect(element.idle).toBe(false);
    element.present(0.0800004);
    expect(await outcome).toBe("proved");
  });

  it("seeks again when nothing comes, and gives up to the server after the last attempt", async () => {
    const element = new FakeElement();
    const outcome = new VerifiedSeek(element).to(table, 1);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) element.runTimer();
    expect(await outcome).toBe("unproved");
    expect(element.times).toHaveLength(ATTEMPTS);
    expect(new Set(element.times).size).toBe(ATTEMPTS);
    expect(element.idle).toBe(true);
  });

  it("asks the server soon when the element insists on another frame", async () => {
    const element = new FakeElement();
    element.arrived = true;
    const outcome = new VerifiedSeek(element).to(table, 1);
    element.present(0.08);
    element.runTimer();
    element.present(0.08);
    element.runTimer();
    expect(await outcome).toBe("unproved");
    expect(element.times).toHaveLength(2);
  });

  it("is superseded by a newer seek", async () => {
    const element = new FakeElement();
    const seek = new VerifiedSeek(element);
    const first = seek.to(table, 0);
    const second = seek.to(table, 2);
    expect(await first).toBe("superseded");
    element.present(0.08);
    expect(await second).toBe("proved");
  });
});
