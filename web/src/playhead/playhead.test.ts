import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toMedia, toTimeline } from "./clock";
import { Playhead, type Ticker } from "./playhead";

function handTicker() {
  let now = 0;
  let work: (() => void) | null = null;
  const ticker: Ticker = {
    nowMs: () => now,
    request: (next) => {
      work = next;
      return 1;
    },
    cancel: () => {
      work = null;
    },
  };
  const step = (ms: number) => {
    now += ms;
    const due = work;
    work = null;
    due?.();
  };
  return { ticker, step };
}

describe("clock maps", () => {
  const segments = [
    { media_ns: 0, timeline_ns: 1_000, rate_ppq: 20_000_000_000 },
    { media_ns: 5_000_000_000, timeline_ns: 5_000_200_000, rate_ppq: -7_000_000_000 },
  ];

  it("round trip: media to timeline and back is the same nanosecond, or the last one that maps there", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 9_000_000_000 }), (media) => {
        const timeline = toTimeline(segments, media);
        const back = toMedia(segments, timeline);
        expect(toTimeline(segments, back)).toBe(timeline);
        expect(back - media).toBeGreaterThanOrEqual(0);
        expect(back - media).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  it("floors towards the past below zero", () => {
    expect(toTimeline([{ media_ns: 0, timeline_ns: 0, rate_ppq: 1 }], -1)).toBe(-2);
  });

  it("is the identity without a map", () => {
    expect(toTimeline([], 17)).toBe(17);
    expect(toMedia([], 17)).toBe(17);
  });

  it("keeps an instant inside a jump on the earlier piece", () => {
    const segments = [
      { media_ns: 0, timeline_ns: 0, rate_ppq: 0 },
      { media_ns: 100, timeline_ns: 500, rate_ppq: 0 },
    ];
    expect(toMedia(segments, 300)).toBe(99);
    expect(toMedia(segments, 500)).toBe(100);
  });
});

describe("Playhead", () => {
  it("runs at its rate and stops at the end", () => {
    const { ticker, step } = handTicker();
    const playhead = new Playhead(ticker);
    playhead.setExtent(0, 100_000_000);
    playhead.setRate(2);
    playhead.play();
    step(20);
    expect(playhead.state.timelineNs).toBe(40_000_000);
    step(50);
    expect(playhead.state).toMatchObject({ timelineNs: 99_999_999, playing: false });
  });

  it("lets one pane lead", () => {
    const { ticker, step } = handTicker();
    const playhead = new Playhead(ticker);
    playhead.setExtent(0, 1_000_000_000);
    const lead = playhead.lead();
    expect(playhead.lead()).toBeNull();
    playhead.play();
    step(100);
    expect(playhead.state.timelineNs).toBe(0);
    lead?.report(42_000_000);
    expect(playhead.state.timelineNs).toBe(42_000_000);
    lead?.release();
    step(10);
    expect(playhead.state.timelineNs).toBe(52_000_000);
  });

  it("snaps a seek and keeps it inside the extent", () => {
    const playhead = new Playhead(handTicker().ticker);
    playhead.setExtent(0, 1_000);
    playhead.seek(444, { snap: (at) => Math.round(at / 100) * 100 });
    expect(playhead.state.timelineNs).toBe(400);
    playhead.seek(5_000);
    expect(playhead.state.timelineNs).toBe(999);
  });
});
