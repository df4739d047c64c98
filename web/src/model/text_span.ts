/** A span of text with the quote and the context by which it is found again when the text is edited. */
import type { Offsets } from "../base/text";
import type { TextSpan } from "./records";

const CONTEXT_POINTS = 32;

/** The region for code points [start, end) of a text, without the space around it, with quote and context. */
export function spanOver(whole: Offsets, start: number, end: number, of: string | null): TextSpan | null {
  const covered = whole.slice(start, end);
  if (covered.trim() === "") return null;
  // Space is in the basic plane: its units are code points.
  const first = start + covered.length - covered.trimStart().length;
  const past = end - (covered.length - covered.trimEnd().length);
  const prefix = whole.slice(Math.max(0, first - CONTEXT_POINTS), first);
  const suffix = whole.slice(past, Math.min(whole.length, past + CONTEXT_POINTS));
  return {
    type: "text_span",
    start: first,
    end: past,
    quote: whole.slice(first, past),
    ...(prefix === "" ? {} : { prefix }),
    ...(suffix === "" ? {} : { suffix }),
    ...(of === null ? {} : { of }),
  };
}
