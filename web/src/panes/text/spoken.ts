/** Which word is being said at an instant of the media: lines with timed words, and lines that are a span of time. */
import type { Annotation, Word } from "../../model/records";

/** The word at an instant, found by bisection; words stand in the order of their time. */
export function wordIndexAt(words: readonly Word[], media_ns: number): number | null {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[middle]?.end_ns ?? 0) <= media_ns) low = middle + 1;
    else high = middle;
  }
  const word = words[low];
  return word !== undefined && media_ns >= word.start_ns && media_ns < word.end_ns ? low : null;
}

/** The word that a code point of the text belongs to. */
export function wordOfPoint(words: readonly Word[], point: number): Word | undefined {
  return words.find((word) => point >= word.start && point < word.end);
}

/** The times that an annotation's text is spoken in, [start, end); null when it has none. */
export function spokenSpan({ region, words = [] }: Annotation): readonly [number, number] | null {
  if (region.type === "time_span") return [region.start_ns, region.end_ns];
  const [first, last] = [words[0], words.at(-1)];
  return first === undefined || last === undefined ? null : [first.start_ns, last.end_ns];
}
