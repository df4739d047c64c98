import { describe, expect, it } from "vitest";
import type { Annotation, Link, TextSpan } from "../model/records";
import { applyOps, fromView, type SampleData } from "./sample";
import { annotation, sampleView, TEXT, versioned } from "./testing/sample";
import { editText, mergeWithNext, nextOf, setSpeaker, speakersOf, splitAtPoint, splitAtTime } from "./utterances";

const id = (n: number) => `00000000-0000-7000-8000-0000000002${String(n).padStart(2, "0")}`;
const [FIRST, SECOND, RED, CAR, GOES, OTHER, NEW] = [1, 2, 3, 4, 5, 6, 7].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
const s = (seconds: number) => seconds * 1e9;

function utterance(own: string, text: string, start_s: number, speaker: string): Annotation {
  let at = 0;
  const words = text.split(" ").map((part, n) => {
    const start = at;
    at += [...part].length + 1;
    return { start, end: at - 1, start_ns: s(start_s + n), end_ns: s(start_s + n + 1) };
  });
  const region = { type: "time_span", start_ns: s(start_s), end_ns: s(start_s + words.length) } as const;
  return { ...annotation(own, TEXT, "thing", region), text, words, attributes: { speaker } };
}

function span(own: string, of: string, text: string, quote: string): Annotation {
  const start = [...text.slice(0, text.indexOf(quote))].length;
  return annotation(own, TEXT, "thing", { type: "text_span", start, end: start + [...quote].length, quote, of });
}

const TEXT_1 = "🚗 red car goes";

function talk(): SampleData {
  const records = [
    utterance(FIRST, TEXT_1, 0, "Anna"),
    utterance(SECOND, "שלום to you", 10, "Ben"),
    span(RED, FIRST, TEXT_1, "red"),
    span(CAR, FIRST, TEXT_1, "car"),
    span(GOES, SECOND, "שלום to you", "to you"),
    annotation(OTHER, TEXT, "person", { type: "time_span", start_ns: s(11), end_ns: s(12) }),
  ];
  const link: Link = {
    kind: "link",
    id: id(30),
    sample: sampleView().sample.record.id,
    layer: records[0]?.layer ?? "",
    type_id: "expresses",
    source: { id: SECOND, judged: "" },
    target: { id: OTHER, judged: "" },
  };
  return fromView({ ...sampleView([link]), annotations: records.map((record) => versioned(record)) });
}

function spanIn(sample: SampleData, own: string): TextSpan {
  const region = sample.annotations.get(own)?.record.region;
  if (region?.type !== "text_span") throw new Error(`no span ${own}`);
  const text = sample.annotations.get(region.of ?? "")?.record.text ?? "";
  expect([...text].slice(region.start, region.end).join("")).toBe(region.quote);
  return region;
}

describe("utterances", () => {
  it("are split at a caret: text, words, time and spans, in one change set", () => {
    const sample = talk();
    const verb = splitAtPoint(sample, FIRST, 6, () => NEW);
    expect(verb?.target).toBe(NEW);
    const after = applyOps(sample, verb?.ops ?? []);
    expect(after.annotations.get(FIRST)?.record).toMatchObject({ text: "🚗 red", region: { end_ns: s(2) } });
    expect(after.annotations.get(NEW)?.record).toMatchObject({
      text: "car goes",
      region: { start_ns: s(2), end_ns: s(4) },
      attributes: { speaker: "Anna" },
    });
    expect(spanIn(after, RED)).toMatchObject({ of: FIRST, quote: "red" });
    expect(spanIn(after, CAR)).toMatchObject({ of: NEW, start: 0, quote: "car" });
  });

  it("are split at the playhead, also where nothing is said", () => {
    const sample = talk();
    const verb = splitAtTime(sample, FIRST, s(2.2), () => NEW);
    expect(applyOps(sample, verb?.ops ?? []).annotations.get(NEW)?.record).toMatchObject({
      text: "car goes",
      region: { start_ns: s(2.2) },
    });
    const silent = splitAtTime(sample, OTHER, s(11.5), () => NEW);
    expect(silent?.ops.length).toBe(2);
    expect(splitAtTime(sample, OTHER, s(12), () => NEW)).toBeNull();
    expect(splitAtPoint(sample, RED, 1, () => NEW)).toBeNull();
  });

  it("are merged with the next: spans and links come along", () => {
    const sample = talk();
    expect(nextOf(sample, FIRST)).toBe(SECOND);
    const verb = mergeWithNext(sample, FIRST);
    const after = applyOps(sample, verb?.ops ?? []);
    const record = after.annotations.get(FIRST)?.record;
    expect(record).toMatchObject({ text: "🚗 red car goes שלום to you", region: { start_ns: 0, end_ns: s(13) } });
    expect(record?.words?.length).toBe(7);
    expect(after.annotations.has(SECOND)).toBe(false);
    expect(spanIn(after, GOES)).toMatchObject({ of: FIRST, quote: "to you" });
    expect(spanIn(after, RED)).toMatchObject({ of: FIRST, quote: "red" });
    const link = after.links.get(id(30))?.record;
    // Judged on the utterance before the merge: the commit makes it suspect.
    expect(link?.source).toEqual({ id: FIRST, judged: sample.annotations.get(FIRST)?.rev });
    expect(mergeWithNext(sample, SECOND)).toBeNull();
  });

  it("keep the revision that the writing began with", () => {
    const sample = talk();
    const verb = editText(sample, FIRST, "🚗 blue car goes", "seen");
    expect(verb?.ops).toMatchObject([{ op: "update", base: "seen", record: { text: "🚗 blue car goes" } }]);
    expect(editText(sample, FIRST, TEXT_1, "seen")).toBeNull();
  });

  it("name their speakers by the order of their first word", () => {
    const sample = talk();
    expect(speakersOf(sample)).toEqual(["Anna", "Ben"]);
    const after = applyOps(sample, setSpeaker(sample, [FIRST, SECOND, RED], "Ben")?.ops ?? []);
    expect(speakersOf(after)).toEqual(["Ben"]);
    expect(setSpeaker(sample, [SECOND], "Ben")).toBeNull();
  });
});
