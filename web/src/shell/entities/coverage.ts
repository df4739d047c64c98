/** What of a sample is tied to something else: phrases of each text, regions of each picture. Pure. */
import type { Annotation } from "../../model/records";
import { linksByEnd, mentionsOf } from "../../store/derive";
import type { SampleData } from "../../store/sample";

export interface Coverage {
  /** The annotation whose text it is, or the stream. */
  readonly id: string;
  readonly noun: "phrase" | "region";
  readonly grounded: number;
  readonly total: number;
}

const REGIONS = new Set(["box", "rotated_box", "polygon", "polyline", "mask", "keypoints", "cuboid"]);

/** Whether a link or a thing with another mention ties an annotation to something. */
export function isGrounded(sample: SampleData, { id, entity }: Annotation): boolean {
  if (linksByEnd(sample.links).has(id)) return true;
  if (entity == null) return false;
  return linksByEnd(sample.links).has(entity) || mentionsOf(sample, entity).length > 1;
}

/** Phrases that nothing is linked to, in the order of the text. */
export function ungroundedPhrases(sample: SampleData): readonly string[] {
  return [...sample.annotations.values()]
    .map(({ record }) => record)
    .filter((record) => record.region.type === "text_span" && !isGrounded(sample, record))
    .sort((a, b) => compareText(carrierOf(a), carrierOf(b)) || startOf(a) - startOf(b) || compareText(a.id, b.id))
    .map(({ id }) => id);
}

/** A line for each text with marked phrases, then one for each stream with regions. */
export function coverage(sample: SampleData): readonly Coverage[] {
  const texts = new Map<string, Coverage>();
  const pictures = new Map<string, Coverage>();
  const hasText = [...sample.annotations.values()].some(({ record }) => record.region.type === "text_span");
  for (const { record } of sample.annotations.values()) {
    const isPhrase = record.region.type === "text_span";
    if (!isPhrase && !(hasText && REGIONS.has(record.region.type))) continue;
    const [lines, id] = isPhrase ? [texts, carrierOf(record)] : [pictures, record.stream];
    const line = lines.get(id) ?? { id, noun: isPhrase ? "phrase" : "region", grounded: 0, total: 0 };
    lines.set(id, {
      ...line,
      grounded: line.grounded + (isGrounded(sample, record) ? 1 : 0),
      total: line.total + 1,
    });
  }
  return [...texts.values(), ...pictures.values()];
}

function carrierOf({ region, stream }: Annotation): string {
  return (region.type === "text_span" ? region.of : null) ?? stream;
}

function startOf({ region }: Annotation): number {
  return region.type === "text_span" ? region.start : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
