import { describe, expect, it } from "vitest";
import type { Stream } from "../model/records";
import { Playhead } from "./playhead";
import { readingStepper, type Stepper, Steppers, stepByKey } from "./steppers";
import { anchorAt, anchorBeside, publishTicks, seekMedia } from "./ticks";

function recorder(): Stepper & { readonly seen: string[] } {
  const seen: string[] = [];
  return { seen, step: (count) => seen.push(`step ${count}`), stepKey: (direction) => seen.push(`key ${direction}`) };
}

const key = (rest: Partial<KeyboardEvent>) =>
  ({ key: "", code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...rest }) as KeyboardEvent;

describe("steppers", () => {
  it("asks the one that was focused last", () => {
    const [a, b] = [recorder(), recorder()];
    const steppers = new Steppers();
    steppers.add(a);
    const leave = steppers.add(b);
    steppers.step(1);
    steppers.focus(b);
    steppers.step(-1);
    leave();
    steppers.stepKey(1);
    expect(a.seen).toEqual(["step 1", "key 1"]);
    expect(b.seen).toEqual(["step -1"]);
  });

  it("says when nobody answers, and leaves other keys alone", () => {
    const steppers = new Steppers();
    expect(stepByKey(steppers, key({ key: "." }))).toBe(false);
    const a = recorder();
    steppers.add(a);
    expect(stepByKey(steppers, key({ key: "<", code: "Comma", shiftKey: true }))).toBe(true);
    expect(stepByKey(steppers, key({ key: ".", altKey: true }))).toBe(false);
    expect(stepByKey(steppers, key({ key: ".", ctrlKey: true }))).toBe(false);
    expect(stepByKey(steppers, key({ key: "x" }))).toBe(false);
    expect(a.seen).toEqual(["step -10"]);
  });
});

describe("steps through readings", () => {
  const still = { nowMs: () => 0, request: () => 0, cancel: () => {} };
  const stream = (times: readonly number[]): Stream => ({
    kind: "stream",
    id: "cam",
    sample: "s",
    name: "cam",
    modality: times.length > 0 ? "image" : "video",
    sampling: times.length > 0 ? "instant" : "interval",
    readings: times.map((at_ns) => ({ at_ns, asset: "a" })),
  });

  function playheadOver(end_ns: number): Playhead {
    const playhead = new Playhead(still);
    // A clock that is 1.5 ms ahead and 20 ppm fast.
    playhead.setClockMaps(new Map([["cam", [{ media_ns: 0, timeline_ns: 1_500_000, rate_ppq: 20_000_000_000 }]]]));
    playhead.setExtent(0, end_ns);
    return playhead;
  }

  it("stands exactly on each reading, forwards and back, and stays inside", () => {
    const times = [0, 100_000_003, 200_000_001, 650_000_000];
    const cam = stream(times);
    const playhead = playheadOver(1_000_000_000);
    const { step } = readingStepper(playhead, cam);
    const seen = [1, 1, 1, 1, -1, -1, -1, -1].map((count) => {
      step(count);
      return anchorAt(playhead, cam);
    });
    expect(seen.map(({ index }) => index)).toEqual([1, 2, 3, 3, 2, 1, 0, 0]);
    expect(readingStepper(playhead, cam).say?.()).toBe("cam: picture 0");
    expect(seen.map(({ at_ns }) => at_ns)).toEqual([1, 2, 3, 3, 2, 1, 0, 0].map((index) => times[index]));
  });

  it("leaves a gap on the side of the step", () => {
    const cam = stream([0, 100, 200, 1_000].map((ms) => ms * 1_000_000));
    const playhead = playheadOver(2_000_000_000);
    playhead.seek(600_000_000);
    expect(anchorAt(playhead, cam).index).toBeUndefined();
    expect(anchorBeside(playhead, cam, 1)?.index).toBe(3);
    expect(anchorBeside(playhead, cam, -1)?.index).toBe(2);
  });

  it("uses a frame table that a pane published, and has nothing from its end on", () => {
    const cam = stream([]);
    const playhead = playheadOver(2_000_000_000);
    expect(anchorBeside(playhead, cam, 1)).toBeNull();
    const leave = publishTicks(playhead, "cam", {
      times_ns: [0, 33_366_667, 900_000_000],
      end_ns: 1_000_000_000,
      key_frames: [0, 2],
    });
    seekMedia(playhead, "cam", 33_366_667);
    expect(anchorAt(playhead, cam)).toEqual({ at_ns: 33_366_667, index: 1 });
    playhead.seek(800_000_000);
    expect(anchorAt(playhead, cam).index).toBe(1);
    readingStepper(playhead, cam).stepKey(1);
    expect(anchorAt(playhead, cam).index).toBe(2);
    playhead.seek(1_900_000_000);
    expect(anchorAt(playhead, cam).index).toBeUndefined();
    leave();
    expect(anchorBeside(playhead, cam, 1)).toBeNull();
  });
});
