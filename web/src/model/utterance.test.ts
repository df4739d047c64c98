import { describe, expect, it } from "vitest";
import type { Word } from "./records";
import { cutAt, joined, pointAt, retimed, type Said } from "./utterance";

/** One second a word, from `start_s` on. */
function saying(text: string, start_s = 0): Said {
  const words: Word[] = [];
  let at = 0;
  for (const part of text.split(" ")) {
    const length = [...part].length;
    const start_ns = (start_s + words.length) * 1e9;
    words.push({ start: at, end: at + length, start_ns, end_ns: start_ns + 1e9 });
    at += length + 1;
  }
  return { text, words, start_ns: start_s * 1e9, end_ns: (start_s + words.length) * 1e9 };
}

const quoted = ({ text, words }: Pick<Said, "text" | "words">) =>
  words.map(({ start, end, start_ns, end_ns }) => [[...text].slice(start, end).join(""), start_ns / 1e9, end_ns / 1e9]);

describe("edited words", () => {
  it("keep their times before and after a correction", () => {
    const said = saying("I have called 🚗 times");
    const text = "I had called 🚗 five times";
    const words = quoted({ text, words: retimed(said.words, said.text, text) });
    expect(words.map(([word]) => word)).toEqual(["I", "had", "called", "🚗", "five", "times"]);
    expect([words[0], words[5]]).toEqual([
      ["I", 0, 1],
      ["times", 4, 5],
    ]);
    expect([words[1]?.[1], words[4]?.[2]]).toEqual([1, 4]);
  });

  it("share the time of what they replace by their length", () => {
    const said = saying("one two three");
    expect(quoted({ text: "one ab cdef three", words: retimed(said.words, said.text, "one ab cdef three") })).toEqual([
      ["one", 0, 1],
      ["ab", 1, 1.333333333],
      ["cdef", 1.333333333, 2],
      ["three", 2, 3],
    ]);
  });

  it("keep their times when only a mark is added, and go when they are taken out", () => {
    const said = saying("one two three");
    expect(retimed(said.words, said.text, "one, two three!").map((word) => word.start_ns / 1e9)).toEqual([0, 1, 2]);
    expect(quoted({ text: "one three", words: retimed(said.words, said.text, "one three") })).toEqual([
      ["one", 0, 1],
      ["three", 2, 3],
    ]);
    expect(retimed(said.words, said.text, "")).toEqual([]);
    expect(retimed([], "a b", "a c")).toEqual([]);
  });

  it("repeated words stay the same ones", () => {
    const said = saying("no no no");
    expect(quoted({ text: "no no", words: retimed(said.words, said.text, "no no") })).toEqual([
      ["no", 0, 1],
      ["no", 1, 2],
    ]);
  });
});

describe("a cut", () => {
  it("divides text, words and time; offsets are code points", () => {
    const cut = cutAt(saying("🚗 red car goes", 10), 6);
    expect(cut?.gap).toEqual([5, 6]);
    expect(cut?.left.text).toBe("🚗 red");
    expect(quoted(cut?.left ?? saying(""))).toEqual([
      ["🚗", 10, 11],
      ["red", 11, 12],
    ]);
    expect(quoted(cut?.right ?? saying(""))).toEqual([
      ["car", 12, 13],
      ["goes", 13, 14],
    ]);
    expect([cut?.left.end_ns, cut?.right.start_ns]).toEqual([12e9, 12e9]);
  });

  it("may come at the playhead: words are clipped to their side", () => {
    const said = saying("one two three");
    const point = pointAt(said, 1.2e9);
    const cut = cutAt(said, point ?? 0, 1.2e9);
    expect(cut?.left).toMatchObject({ text: "one", end_ns: 1.2e9 });
    expect(quoted(cut?.right ?? said)[0]).toEqual(["two", 1.2, 2]);
  });

  it("goes by the length of the text where there are no words", () => {
    const said = { text: "abcd efgh", words: [], start_ns: 0, end_ns: 9e9 };
    expect(cutAt(said, 5)?.left).toMatchObject({ text: "abcd", end_ns: 4e9 });
    expect(pointAt(said, 4e9)).toBe(5);
  });

  it("is refused where a side would be empty", () => {
    const said = saying("one two");
    expect(cutAt(said, 0)).toBeNull();
    expect(cutAt(said, 7)).toBeNull();
    expect(cutAt(said, 4, 5e9)).toBeNull();
    expect(pointAt(saying("one"), 0)).toBeNull();
  });

  it("is undone by joining", () => {
    const said = saying("🚗 red car goes");
    const cut = cutAt(said, 6);
    if (cut === null) throw new Error("no cut");
    expect(joined(cut.left, cut.right)).toEqual({ said, shift: 6 });
  });
});
