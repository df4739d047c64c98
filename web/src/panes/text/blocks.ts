/** What the text pane shows as lines: captions and transcripts of annotations, and text streams by paragraph. */
import { Offsets } from "../../base/text";
import type { Annotation, TextSpan } from "../../model/records";
import type { SampleData } from "../../store/sample";

export interface Block {
  readonly key: string;
  readonly stream: string;
  /** The annotation whose text it is; null for a text stream. */
  readonly of: string | null;
  readonly offsets: Offsets;
  /** Code point of the whole text at which this block starts. */
  readonly start: number;
  /** The whole text, for quotes and context. */
  readonly whole: Offsets;
}

const CONTEXT_POINTS = 32;
const offsetsOf = new Map<string, Offsets>();
const MOST_KEPT = 2000;

function offsets(text: string): Offsets {
  let known = offsetsOf.get(text);
  if (known === undefined) {
    if (offsetsOf.size > MOST_KEPT) offsetsOf.clear();
    known = new Offsets(text);
    offsetsOf.set(text, known);
  }
  return known;
}

/** Lines of annotations in the order of their time, then of their making; then the streams' paragraphs. */
export function blocksOf(sample: SampleData, streamTexts: ReadonlyMap<string, string>): readonly Block[] {
  const said = [...sample.annotations.values()]
    .map(({ record }) => record)
    .filter((record): record is Annotation & { readonly text: string } => Boolean(record.text))
    .sort((a, b) => startOf(a) - startOf(b) || (a.id < b.id ? -1 : 1));
  const lines = said.map(({ id, stream, text }) => {
    const whole = offsets(text);
    return { key: id, stream, of: id, offsets: whole, start: 0, whole };
  });
  const paragraphs = [...streamTexts].flatMap(([stream, text]) => paragraphsOf(stream, text));
  return [...lines, ...paragraphs];
}

function startOf({ region, at_ns }: Annotation): number {
  return region.type === "time_span" ? region.start_ns : (at_ns ?? 0);
}

function paragraphsOf(stream: string, text: string): readonly Block[] {
  const whole = offsets(text);
  const blocks: Block[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const own = offsets(line);
    if (line.trim() !== "") blocks.push({ key: `${stream}:${start}`, stream, of: null, offsets: own, start, whole });
    start += own.length + 1;
  }
  return blocks;
}

/** Where a span falls in a block, in UTF-16 units of the block; null when it does not. */
export function unitsIn(block: Block, span: TextSpan, stream: string): readonly [number, number] | null {
  if (stream !== block.stream || (span.of ?? null) !== block.of) return null;
  const start = Math.max(0, span.start - block.start);
  const end = Math.min(block.offsets.length, span.end - block.start);
  return start < end ? [block.offsets.toUnits(start), block.offsets.toUnits(end)] : null;
}

/** The region for UTF-16 units [start, end) of a block, with quote and context; null when nothing but space is covered. */
export function spanAt(block: Block, startUnit: number, endUnit: number): TextSpan | null {
  const covered = block.offsets.text.slice(startUnit, endUnit);
  const lead = covered.length - covered.trimStart().length;
  const tail = covered.length - covered.trimEnd().length;
  if (covered.trim() === "") return null;
  const start = block.start + block.offsets.toPoints(startUnit + lead);
  const end = block.start + block.offsets.toPoints(endUnit - tail);
  const prefix = block.whole.slice(Math.max(0, start - CONTEXT_POINTS), start);
  const suffix = block.whole.slice(end, Math.min(block.whole.length, end + CONTEXT_POINTS));
  return {
    type: "text_span",
    start,
    end,
    quote: block.whole.slice(start, end),
    ...(prefix === "" ? {} : { prefix }),
    ...(suffix === "" ? {} : { suffix }),
    ...(block.of === null ? {} : { of: block.of }),
  };
}
