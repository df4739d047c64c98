/** Marking text without a pointer: a word under the cursor, moved and widened with the arrow keys. */
import { isRightToLeft, stepEdge, type Units, wordAt, wordBeside } from "../../base/segments";
import type { Row, Spot } from "./rows";

export interface Cursor {
  readonly row: Row;
  readonly units: Units;
}

/** The first word of a line, or the one at a spot. */
export function cursorAt({ row, unit }: Spot): Cursor {
  const { text } = row.block.offsets;
  const start = stepEdge(text, -1, 1, "start", "words");
  return { row, units: wordBeside(text, unit) ?? wordAt(text, start) ?? [0, text.length] };
}

/** The next word in the direction of an arrow; into the next line of `rows` at an end. */
export function moved(rows: readonly Row[], { row, units }: Cursor, arrow: 1 | -1): Cursor {
  const { text } = row.block.offsets;
  const direction = isRightToLeft(text, units[0]) ? -arrow : arrow;
  const start = stepEdge(text, units[0], direction === 1 ? 1 : -1, "start", "words");
  const word = start === units[0] ? null : wordAt(text, start);
  if (word !== null) return { row, units: word };
  const next = rows[rows.findIndex((each) => each.element === row.element) + direction];
  if (next === undefined) return { row, units };
  const nextText = next.block.offsets.text;
  return cursorAt({ row: next, unit: direction > 0 ? 0 : stepEdge(nextText, nextText.length, -1, "start", "words") });
}

/** One word more, or less, at its end. */
export function widened({ row, units }: Cursor, arrow: 1 | -1): Cursor {
  const { text } = row.block.offsets;
  const direction = isRightToLeft(text, units[0]) ? (arrow === 1 ? -1 : 1) : arrow;
  const end = stepEdge(text, units[1], direction, "end", "words");
  return end > units[0] ? { row, units: [units[0], end] } : { row, units };
}
