import { describe, expect, it } from "vitest";
import type { Stream } from "../model/records";
import { extentOf, firstSight } from "./extent";
import { Playhead } from "./playhead";

const stream = (part: Partial<Stream>): Stream => ({
  kind: "stream",
  id: "a",
  sample: "s",
  name: "a",
  modality: "image",
  sampling: "instant",
  ...part,
});
const readings = (...times: number[]) => times.map((at_ns) => ({ at_ns, asset: "x" }));

function playheadOf(streams: readonly Stream[]): Playhead {
  const playhead = new Playhead({ nowMs: () => 0, request: () => 0, cancel: () => {} });
  const { startNs, endNs } = extentOf(streams, new Map());
  playhead.setExtent(startNs, endNs);
  return playhead;
}

describe("extent", () => {
  it("holds the last reading, and all of what lasts", () => {
    expect(extentOf([stream({ readings: readings(-50, 100) })], new Map())).toEqual({ startNs: -50, endNs: 101 });
    const video = stream({ modality: "video", facts: { start_ns: 10, duration_ns: 200 } });
    expect(extentOf([video, stream({ readings: readings(0) })], new Map())).toEqual({ startNs: 0, endNs: 210 });
    expect(extentOf([stream({ modality: "text" })], new Map())).toEqual({ startNs: 0, endNs: 0 });
  });

  it("knows single pictures by their clocks", () => {
    const clocks = new Map([["b", [{ media_ns: 0, timeline_ns: -43_107_000, rate_ppq: 0 }]]]);
    expect(extentOf([stream({}), stream({ id: "b" })], clocks)).toEqual({ startNs: -43_107_000, endNs: 1 });
  });

  it("looks at zero when something is there, else at the first reading", () => {
    const near = [stream({ readings: readings(-100, 0, 100) })];
    expect(firstSight(near, playheadOf(near))).toBe(0);
    const far = [stream({ readings: readings(-1_000, -900, -800, 5_000) })];
    expect(firstSight(far, playheadOf(far))).toBe(-1_000);
    const late = [stream({ modality: "video", facts: { start_ns: 240, duration_ns: 1_000 } })];
    expect(firstSight(late, playheadOf(late))).toBe(240);
  });

  it("looks where all pictures have data, when they meet", () => {
    const cameras = [
      stream({ readings: readings(0, 100, 200, 300) }),
      stream({ id: "b", readings: readings(230, 330) }),
      stream({ id: "c", modality: "video", facts: { start_ns: 120, duration_ns: 1_000 } }),
      stream({ id: "d", modality: "series", facts: { start_ns: 900, duration_ns: 10 } }),
    ];
    expect(firstSight(cameras, playheadOf(cameras))).toBe(230);
    const gap = [
      stream({ readings: readings(0, 10, 20, 1_000, 1_010) }),
      stream({ id: "b", readings: readings(500, 510, 1_006) }),
    ];
    expect(firstSight(gap, playheadOf(gap))).toBe(1_006);
    const strangers = [stream({ readings: readings(0, 10) }), stream({ id: "b", readings: readings(500, 510) })];
    expect(firstSight(strangers, playheadOf(strangers))).toBe(0);
  });
});
