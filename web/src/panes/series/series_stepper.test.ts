import { describe, expect, it } from "vitest";
import type { Stream } from "../../model/records";
import { Playhead } from "../../playhead/playhead";
import { besideIn, seriesStepper } from "./series_stepper";

const STREAM: Stream = {
  kind: "stream",
  id: "a",
  sample: "s",
  name: "/imu",
  modality: "series",
  sampling: "instant",
  timing: { period_ns: 10 },
};

describe("steps through a series", () => {
  it("goes to neighbours, from a reading or from between two", () => {
    const times = [0, 10, 10, 20, 35];
    expect(besideIn(times, 10, 1)).toBe(20);
    expect(besideIn(times, 10, -1)).toBe(0);
    expect(besideIn(times, 12, 1)).toBe(20);
    expect(besideIn(times, 12, -1)).toBe(10);
    expect(besideIn(times, 12, -2)).toBe(0);
    expect(besideIn(times, 35, 1)).toBeNull();
    expect(besideIn(times, -5, -1)).toBeNull();
  });

  it("asks for more where readings are sparse, and steps one after the other", async () => {
    const playhead = new Playhead({ nowMs: () => 0, request: () => 0, cancel: () => {} });
    playhead.setExtent(0, 10_000);
    const all = [0, 10, 900, 5000];
    const asked: number[] = [];
    const stepper = seriesStepper(playhead, STREAM, async (from_ns, to_ns) => {
      asked.push(to_ns - from_ns);
      return all.filter((at_ns) => at_ns >= from_ns && at_ns <= to_ns);
    });
    stepper.step(1);
    stepper.step(1);
    stepper.step(1);
    await new Promise((done) => setTimeout(done, 0));
    expect(playhead.state.timelineNs).toBe(5000);
    expect(asked.length).toBeGreaterThan(3);
  });
});
