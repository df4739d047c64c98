/** What the text pane shows as lines: captions and transcripts of annotations, and text streams by paragraph. */
import { graphemeAt } from "../../base/segments";
import { Offsets } from "../../base/text";
import type { Annotation, TextSpan } from "../../model/records";
import { spanOver } from "../../model/text_span";
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
  /** Goes on with the paragraph of the block before: long ones are cut so that each stays cheap to lay out. */
  readonly continues: boolean;
}

const LONGEST_UNITS = 1200;
const offsetsOf = new Map<string, Offsets>();
const MOST_KEPT = 4000;

function offsets(text: string): Offsets {
  let known = offsetsOf.get(text);
  if (known === undefined) {
    if (offsetsOf.size > MOST_KEPT) offsetsOf.clear();
    known = new Offsets(text);
    offsetsOf.set(text, known);
  }
  return known;
}

/**
 * Lines of annotations in the order of their time, then of their making; then the streams' paragraphs. `also` is an
 * annotation without text that is being written.
 */
export function blocksOf(
  sample: SampleData,
  streamTexts: ReadonlyMap<string, string>,
  also: string | null = null,
): readonly Block[] {
  const said: Annotation[] = [];
  for (const { record } of sample.annotations.values()) if (record.text || record.id === also) said.push(record);
  said.sort((a, b) => startOf(a) - startOf(b) || (a.id < b.id ? -1 : 1));
  const lines = said.flatMap(({ id, stream, text }) => linesOf(stream, id, text ?? ""));
  return [...lines, ...[...streamTexts].flatMap(([stream, text]) => paragraphsOf(stream, text))];
}

function startOf({ region, at_ns }: Annotation): number {
  return region.type === "time_span" ? region.start_ns : (at_ns ?? 0);
}

function linesOf(stream: string, id: string, text: string): readonly Block[] {
  const whole = offsets(text);
  return pieces(text).map(({ piece, start, continues }) => ({
    key: start === 0 ? id : `${id}:${start}`,
    stream,
    of: id,
    offsets: offsets(piece),
    start,
    whole,
    continues,
  }));
}

const paragraphs = new Map<string, { readonly text: string; readonly blocks: readonly Block[] }>();

function paragraphsOf(stream: string, text: string): readonly Block[] {
  const known = paragraphs.get(stream);
  if (known?.text === text) return known.blocks;
  const whole = offsets(text);
  const blocks: Block[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    if (line.trim() !== "") {
      for (const { piece, start: from, continues } of pieces(line)) {
        const at = start + from;
        blocks.push({ key: `${stream}:${at}`, stream, of: null, offsets: offsets(piece), start: at, whole, continues });
      }
    }
    start += offsets(line).length + 1;
  }
  if (paragraphs.size > 20) paragraphs.clear();
  paragraphs.set(stream, { text, blocks });
  return blocks;
}

interface Piece {
  readonly piece: string;
  /** Code point at which it starts. */
  readonly start: number;
  readonly continues: boolean;
}

/** A paragraph cut after sentences, else after words, else between graphemes. */
function pieces(text: string): readonly Piece[] {
  const cut: Piece[] = [];
  let rest = text;
  let start = 0;
  while (rest.length > LONGEST_UNITS) {
    const head = rest.slice(0, LONGEST_UNITS);
    const sentence = Math.max(head.lastIndexOf(". "), head.lastIndexOf("? "), head.lastIndexOf("! ")) + 2;
    const word = head.lastIndexOf(" ") + 1;
    const at =
      sentence > LONGEST_UNITS / 2 ? sentence : word > LONGEST_UNITS / 2 ? word : graphemeAt(rest, LONGEST_UNITS)[0];
    const piece = rest.slice(0, at > 0 ? at : LONGEST_UNITS);
    cut.push({ piece, start, continues: start > 0 });
    start += offsets(piece).length;
    rest = rest.slice(piece.length);
  }
  return [...cut, { piece: rest, start, continues: start > 0 }];
}

/** Where a span falls in a block, in UTF-16 units of the block; null when it does not. */
export function unitsIn(block: Block, span: TextSpan, stream: string): readonly [number, number] | null {
  if (stream !== block.stream || (span.of ?? null) !== block.of) return null;
  const start = Math.max(0, span.start - block.start);
  const end = Math.min(block.offsets.length, span.end - block.start);
  return start < end ? [block.offsets.toUnits(start), block.offsets.toUnits(end)] : null;
}

/** The region for UTF-16 units of one block, or from one block to another of the same text; null over nothing but space. */
export function spanAt(block: Block, startUnit: number, endUnit: number, last: Block = block): TextSpan | null {
  const start = block.start + block.offsets.toPoints(startUnit);
  const end = last.start + last.offsets.toPoints(endUnit);
  return spanOver(block.whole, start, end, block.of);
}
