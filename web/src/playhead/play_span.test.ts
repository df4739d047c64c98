import { describe, expect, it } from "vitest";
import { playSpan } from "./play_span";
import { Playhead } from "./playhead";

function handMade() {
  let now = 0;
  let work: (() => void) | null = null;
  const playhead = new Playhead({
    nowMs: () => now,
    request: (next) => {
      work = next;
      return 1;
    },
    cancel: () => {
      work = null;
    },
  });
  playhead.setExtent(0, 10e9);
  const pass = (ms: number) => {
    now += ms;
    const due = work;
    work = null;
    due?.();
  };
  return { playhead, pass };
}

describe("playing one span", () => {
  it("stops at its end", () => {
    const { playhead, pass } = handMade();
    playSpan(playhead, 2e9, 3e9);
    expect(playhead.state).toMatchObject({ playing: true, timelineNs: 2e9 });
    pass(500);
    expect(playhead.state.playing).toBe(true);
    pass(600);
    expect(playhead.state.playing).toBe(false);
  });

  it("is left by a pause: what plays then goes on", () => {
    const { playhead, pass } = handMade();
    playSpan(playhead, 2e9, 3e9);
    playhead.pause();
    playhead.play();
    pass(1500);
    expect(playhead.state.playing).toBe(true);
  });

  it("gives way to the next one", () => {
    const { playhead, pass } = handMade();
    playSpan(playhead, 2e9, 3e9);
    playSpan(playhead, 5e9, 6e9);
    pass(500);
    expect(playhead.state).toMatchObject({ playing: true, timelineNs: 5.5e9 });
  });
});
