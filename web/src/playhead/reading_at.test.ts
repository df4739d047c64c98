import { describe, expect, it } from "vitest";
import type { ClockMap, Stream } from "../model/records";
import { Playhead } from "./playhead";
import { indexAt, isGap, type LookupRule, markText, medianPeriod, offsetText, readingAt, ruleOf } from "./reading_at";
import { sigmaNs } from "./sigma";

const MS = 1_000_000;
const at = (...ms: number[]) => ms.map((one) => one * MS);
const rule = (part: Partial<LookupRule>): LookupRule => ({
  lookup: "nearest",
  tolerance_ns: null,
  period_ns: 100 * MS,
  ...part,
});
const stream = (part: Partial<Stream>): Stream => ({
  kind: "stream",
  id: "cam",
  sample: "s",
  name: "cam",
  modality: "image",
  sampling: "instant",
  ...part,
});

describe("T5 which reading answers", () => {
  it("gives the nearest, and a tie to the earlier one", () => {
    const times = at(0, 100, 200);
    expect(indexAt(times, 49 * MS, rule({}))).toBe(0);
    expect(indexAt(times, 50 * MS, rule({}))).toBe(0);
    expect(indexAt(times, 50 * MS + 1, rule({}))).toBe(1);
  });

  it("holds the last one for one and a half periods, and has nothing before the first", () => {
    const times = at(0, 100, 400);
    const hold = rule({ lookup: "hold" });
    expect(indexAt(times, -1, hold)).toBeNull();
    expect(indexAt(times, 99 * MS, hold)).toBe(0);
    expect(indexAt(times, 250 * MS, hold)).toBe(1);
    expect(indexAt(times, 250 * MS + 1, hold)).toBeNull();
  });

  it("is missing inside a gap, further than half a period from both sides", () => {
    const times = at(0, 100, 400, 500);
    expect(isGap(100 * MS, 400 * MS, 100 * MS)).toBe(true);
    expect(isGap(100 * MS, 250 * MS, 100 * MS)).toBe(false);
    expect(indexAt(times, 150 * MS, rule({}))).toBe(1);
    expect(indexAt(times, 151 * MS, rule({}))).toBeNull();
    expect(indexAt(times, 349 * MS, rule({}))).toBeNull();
    expect(indexAt(times, 350 * MS, rule({}))).toBe(2);
    expect(indexAt(times, 550 * MS, rule({}))).toBe(3);
    expect(indexAt(times, 551 * MS, rule({}))).toBeNull();
  });

  it("lets jitter be: neighbours a little further apart than a period are no gap", () => {
    expect(indexAt(at(0, 120), 58 * MS, rule({}))).toBe(0);
  });

  it("keeps to the tolerance that a stream states", () => {
    const strict = rule({ tolerance_ns: 5 * MS });
    expect(indexAt(at(0, 100), 5 * MS, strict)).toBe(0);
    expect(indexAt(at(0, 100), 6 * MS, strict)).toBeNull();
  });

  it("needs both neighbours to interpolate, and an exact hit for none", () => {
    const linear = rule({ lookup: "linear" });
    expect(indexAt(at(0, 100), 60 * MS, linear)).toBe(1);
    expect(indexAt(at(0, 100), 101 * MS, linear)).toBeNull();
    expect(indexAt(at(0, 300), 10 * MS, linear)).toBeNull();
    expect(indexAt(at(0, 100), 100 * MS, rule({ lookup: "none" }))).toBe(1);
    expect(indexAt(at(0, 100), 99 * MS, rule({ lookup: "none" }))).toBeNull();
  });

  it("answers the known rows: frames of 30/s hold, IMU at 100 Hz is nearest", () => {
    const frames = Array.from({ length: 500 }, (_, k) => Math.ceil((k * 1e9) / 30));
    expect(indexAt(frames, 14_327_000_000, rule({ lookup: "hold", period_ns: medianPeriod(frames) }))).toBe(429);
    const imu = Array.from({ length: 1500 }, (_, k) => k * 10 * MS);
    expect(indexAt(imu, 14_327_000_000, rule({ period_ns: 10 * MS }))).toBe(1433);
    expect(indexAt(imu, 14_327_000_000, rule({ lookup: "hold", period_ns: 10 * MS }))).toBe(1432);
  });

  it("takes the policy of the sampling when the stream states none; events hold until the next", () => {
    expect(ruleOf(stream({}), at(0, 10, 30)).lookup).toBe("nearest");
    expect(ruleOf(stream({ sampling: "interval" }), []).lookup).toBe("hold");
    expect(ruleOf(stream({ timing: { lookup: "linear" } }), []).lookup).toBe("linear");
    const event = ruleOf(stream({ sampling: "event" }), at(0, 1));
    expect(indexAt(at(0, 1), 99_999 * MS, event)).toBe(1);
  });
});

describe("T6 what is said about it", () => {
  const clock: ClockMap = {
    kind: "clock_map",
    id: "c",
    sample: "s",
    stream: "cam",
    segments: [{ media_ns: 0, timeline_ns: 20 * MS, rate_ppq: 0 }],
    fit: { offset_sigma_ns: 300_000, rate_sigma_ppq: 1_000_000_000, system_sigma_ns: 400_000, centre_ns: 0 },
    valid_from_ns: 0,
    valid_to_ns: 1_000 * MS,
  };

  it("adds offset, rate and system; beyond the measured range it grows faster", () => {
    expect(sigmaNs(clock, 0)).toBe(500_000);
    expect(sigmaNs(clock, 1_000 * MS)).toBe(500_001);
    expect(sigmaNs(clock, 11_000 * MS)).toBe(Math.ceil(Math.hypot(300_000, 400_000, 11_000, 10_000)));
    expect(sigmaNs(undefined, 5)).toBe(0);
  });

  it("names index, offset and uncertainty on the timeline", () => {
    const playhead = new Playhead({ nowMs: () => 0, request: () => 0, cancel: () => {} });
    playhead.setClockMaps(new Map([["cam", clock.segments]]), new Map([["cam", clock]]));
    playhead.setExtent(0, 1_000 * MS);
    const cam = stream({ readings: at(0, 100, 200).map((at_ns) => ({ at_ns, asset: "a" })) });
    playhead.seek(132 * MS + 700_000);
    expect(markText("picture", readingAt(cam, playhead))).toBe("picture 1 · −12.7 ms ±0.5");
    playhead.seek(900 * MS);
    expect(markText("picture", readingAt(cam, playhead))).toBe("no data at this time");
  });

  it("writes offsets for people", () => {
    expect(offsetText(0, 0)).toBe("0.0 ms");
    expect(offsetText(-40_000, 0)).toBe("0.0 ms");
    expect(offsetText(18 * MS, 900)).toBe("+18.0 ms ±<0.1");
    expect(offsetText(-2_500 * MS, 300 * MS)).toBe("−2.5 s ±0.3");
    expect(offsetText(-35_491_000, 14_600_000)).toBe("−35.5 ms ±15");
  });
});
