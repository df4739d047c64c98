import { describe, expect, it } from "vitest";
import type { ClockMap, Stream } from "../../model/records";
import { streamLines } from "./stream_words";

const STREAM: Stream = {
  kind: "stream",
  id: "a",
  sample: "s",
  name: "/imu/data",
  modality: "series",
  sampling: "instant",
  facts: { channels: ["x", "y"], frame_count: 1200, warnings: ["W_TIME_UNSORTED", "W_NEW"] },
  timing: {
    stamp: "device",
    timescale: "utc",
    zero_ns: "1700000000123456789",
    period_ns: 10_000_000,
    gaps: [{ stamp: "log", count: 1200, median_ns: 28_000_000, p95_ns: 36_000_000 }],
  },
};
const MAP: ClockMap = {
  kind: "clock_map",
  id: "m",
  sample: "s",
  stream: "a",
  segments: [{ media_ns: 0, timeline_ns: 250_000_000, rate_ppq: 0 }],
  fit: { offset_sigma_ns: 400_000 },
  method: "audio",
  valid_from_ns: 0,
  valid_to_ns: 1_000_000_000,
};
const wordsOf = (map: ClockMap | undefined, media_ns: number, stream = STREAM) =>
  Object.fromEntries(streamLines(stream, map, media_ns).map(({ term, words }) => [term, words]));

describe("the card of a stream", () => {
  it("says its stamps and how far the others are from them", () => {
    const said = wordsOf(undefined, 0);
    expect(said["Stamps"]).toBe("device; recorder +28.0 ms (p95 36.0 ms)");
    expect(said["Readings"]).toBe("1,200, 100 Hz");
    expect(said["Kind"]).toBe("series, 2 channels");
    expect(said["Time scale"]).toBe("UTC, zero is 2023-11-14 22:13:20.123Z");
    expect(said["Clock"]).toBe("on the timeline as it is");
    expect(said["Doubt"]).toBeUndefined();
  });

  it("says how sure the clock is, and where nobody compared it", () => {
    expect(wordsOf(MAP, 500_000_000)).toMatchObject({
      Clock: "+250.0 ms, no drift, by audio",
      "Sure here to": "±400 µs",
    });
    const beyond = wordsOf(MAP, 3_000_000_000);
    expect(beyond["Doubt"]).toMatch(/^extrapolated: 2.000 s outside/);
  });

  it("says warnings in words, and a code that it does not know as it is", () => {
    const warnings = streamLines(STREAM, undefined, 0).filter(({ term }) => term === "Warning");
    expect(warnings.map(({ words }) => words)).toEqual(["Readings come earlier than the one before them.", "W_NEW"]);
    expect(warnings.every(({ isDoubtful }) => isDoubtful)).toBe(true);
  });

  it("says what the container holds back", () => {
    const facts = { media_zero: "1001/15000", priming: 1024, edits: [{ duration_ns: 5, from_ns: 0 }] };
    const sound: Stream = { ...STREAM, modality: "audio", timing: {}, facts };
    expect(wordsOf(undefined, 0, sound)["Container"]).toBe(
      "its own second 1001/15000 is time 0, 1,024 samples of priming left out, 1 edit",
    );
  });
});
