/** Which spans stand in which line, and how deeply: what contains others is underlined further below. */
import type { Annotation, TextSpan } from "../../model/records";
import type { SampleData } from "../../store/sample";
import { type Block, unitsIn } from "./blocks";

export type SpanAnnotation = Annotation & { readonly region: TextSpan };

export interface Place {
  readonly annotation: SpanAnnotation;
  /** UTF-16 units of the block, [start, end). */
  readonly start: number;
  readonly end: number;
  /** 0 stands just below the letters; what covers others stands below them. */
  readonly level: number;
}

export const LEVELS = 4;

/** What a span and a block must share to meet. */
const textOf = (stream: string, of: string | null | undefined): string => `${stream}/${of ?? ""}`;

/** The places in each block by its key, in order of their start. */
export function placesOf(sample: SampleData, blocks: readonly Block[]): ReadonlyMap<string, readonly Place[]> {
  const byText = new Map<string, Block[]>();
  for (const block of blocks) {
    const text = textOf(block.stream, block.of);
    const list = byText.get(text);
    if (list === undefined) byText.set(text, [block]);
    else list.push(block);
  }
  const found = new Map<string, Omit<Place, "level">[]>();
  for (const { record } of sample.annotations.values()) {
    if (record.region.type !== "text_span") continue;
    const { region } = record;
    const own = byText.get(textOf(record.stream, region.of)) ?? [];
    for (let index = firstEndingAfter(own, region.start); index < own.length; index += 1) {
      const block = own[index];
      if (block === undefined || block.start >= region.end) break;
      const units = unitsIn(block, region, record.stream);
      if (units === null) continue;
      const place = { annotation: record as SpanAnnotation, start: units[0], end: units[1] };
      const list = found.get(block.key);
      if (list === undefined) found.set(block.key, [place]);
      else list.push(place);
    }
  }
  return new Map([...found].map(([key, list]) => [key, levelled(list)]));
}

/** Blocks of one text stand in its order. */
function firstEndingAfter(blocks: readonly Block[], point: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const block = blocks[middle];
    if (block !== undefined && block.start + block.offsets.length <= point) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** From the shortest on: each stands below what it overlaps, at most LEVELS deep. */
export function levelled(places: readonly Omit<Place, "level">[]): readonly Place[] {
  const done: Place[] = [];
  const byLength = [...places].sort(
    (a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start || (a.annotation.id < b.annotation.id ? -1 : 1),
  );
  for (const place of byLength) {
    let level = 0;
    for (const other of done) {
      if (other.start < place.end && place.start < other.end) level = Math.max(level, other.level + 1);
    }
    done.push({ ...place, level: Math.min(LEVELS - 1, level) });
  }
  return done.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** What lies at a caret, the shortest first; `current` in it gives way to the next one, so that clicks go through a nest. */
export function pickAmong(places: readonly Place[], current: string | null): Place | null {
  const inside = [...places].sort((a, b) => a.end - a.start - (b.end - b.start));
  const at = inside.findIndex((place) => place.annotation.id === current);
  return inside[(at + 1) % Math.max(1, inside.length)] ?? null;
}
