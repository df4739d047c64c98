/** Graphemes and words of a text, in UTF-16 units: what a selection may begin and end at. Unicode's own rules (UAX 29). */

/** [start, end) in UTF-16 units. */
export type Units = readonly [number, number];

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The grapheme that a unit lies in; empty at the end of the text. */
export function graphemeAt(text: string, unit: number): Units {
  const found = unit >= 0 && unit < text.length ? GRAPHEMES.segment(text).containing(unit) : undefined;
  return found === undefined ? [text.length, text.length] : [found.index, found.index + found.segment.length];
}

/** The word that a unit lies in; null on space, punctuation and symbols. */
export function wordAt(text: string, unit: number): Units | null {
  const found = unit >= 0 && unit < text.length ? WORDS.segment(text).containing(unit) : undefined;
  return found?.isWordLike === true ? [found.index, found.index + found.segment.length] : null;
}

/** The word at a caret, or just before it; on a symbol such as an emoji its grapheme; null between spaces. */
export function wordBeside(text: string, unit: number): Units | null {
  const word = wordAt(text, unit) ?? wordAt(text, unit - 1);
  if (word !== null) return word;
  const symbols = [graphemeAt(text, unit), graphemeAt(text, unit - 1)];
  return symbols.find((symbol) => text.slice(...symbol).trim() !== "") ?? null;
}

/** A selection grown to whole graphemes; with `words` to whole words where an end lies inside one. */
export function snapped(text: string, [start, end]: Units, by: "words" | "graphemes"): Units {
  if (end <= start) return [start, start];
  return [edgeOf(text, start, by)[0], edgeOf(text, end, by)[1]];
}

/** Where an edge inside a unit of writing may go: before and after it; twice the same place on a boundary. */
function edgeOf(text: string, unit: number, by: "words" | "graphemes"): Units {
  if (unit <= 0 || unit >= text.length) return [unit, unit];
  const word = by === "words" ? wordAt(text, unit) : null;
  const [start, end] = word ?? graphemeAt(text, unit);
  return start === unit ? [unit, unit] : [start, end];
}

/** The boundary nearest to a unit, for an edge that is dragged. */
export function nearestEdge(text: string, unit: number, by: "words" | "graphemes"): number {
  const [before, after] = edgeOf(text, unit, by);
  return unit - before < after - unit ? before : after;
}

/** The next place on (1) or back (-1) for an edge that is moved by keys: by a grapheme, or to a word's start or end. */
export function stepEdge(
  text: string,
  unit: number,
  direction: 1 | -1,
  edge: "start" | "end",
  by: "words" | "graphemes",
): number {
  if (by === "graphemes") {
    return direction > 0 ? graphemeAt(text, unit)[1] : graphemeAt(text, Math.max(0, unit - 1))[0];
  }
  const stops: number[] = [];
  for (const { index, segment, isWordLike } of WORDS.segment(text)) {
    if (isWordLike === true) stops.push(edge === "start" ? index : index + segment.length);
  }
  const next = direction > 0 ? stops.find((stop) => stop > unit) : stops.findLast((stop) => stop < unit);
  return next ?? unit;
}

/** Whether the writing at a unit runs right to left: there the arrow keys turn around. */
export function isRightToLeft(text: string, unit: number): boolean {
  return RIGHT_TO_LEFT.test(text.slice(...graphemeAt(text, Math.min(unit, text.length - 1))));
}
