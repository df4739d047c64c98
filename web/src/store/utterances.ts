/** What an utterance's text, time and speaker become: each verb gives the operations of one change set. */
import { Offsets } from "../base/text";
import type { Op, Versioned } from "../model/changes";
import type { Annotation, Link, TextSpan } from "../model/records";
import { spanOver } from "../model/text_span";
import { type Cut, cutAt, joined, pointAt, retimed, type Said } from "../model/utterance";
import { linksOf } from "./derive";
import type { SampleData } from "./sample";

/** Operations of one gesture, and what to select after it. */
export interface Verb {
  readonly reason: string;
  readonly ops: readonly Op[];
  readonly target: string;
}

type Spoken = Annotation & { readonly region: { readonly type: "time_span" } };

export const SPEAKER = "speaker";

function spoken(sample: SampleData, id: string): Versioned<Spoken> | null {
  const held = sample.annotations.get(id);
  return held?.record.region.type === "time_span" ? (held as Versioned<Spoken>) : null;
}

function saidBy({ text, words = [], region }: Spoken): Said {
  return { text: text ?? "", words, start_ns: region.start_ns, end_ns: region.end_ns };
}

function saying(record: Spoken, { text, words, start_ns, end_ns }: Said): Annotation {
  const { words: _old, ...rest } = record;
  const region = { ...record.region, start_ns, end_ns };
  return { ...rest, region, text, ...(words.length === 0 ? {} : { words }) };
}

/** The text of any annotation, its words timed anew. `base` is the revision that was read when the writing began. */
export function editText(sample: SampleData, id: string, text: string, base: string): Verb | null {
  const record = sample.annotations.get(id)?.record;
  if (record === undefined || (record.text ?? "") === text) return null;
  const { words: old = [], ...rest } = record;
  const words = retimed(old, record.text ?? "", text);
  const next: Annotation = { ...rest, text, ...(words.length === 0 ? {} : { words }) };
  return { reason: "Edit text", ops: [{ op: "update", record: next, base }], target: id };
}

/** Cut before a code point of its text. */
export function splitAtPoint(sample: SampleData, id: string, point: number, newId: () => string): Verb | null {
  const held = spoken(sample, id);
  return held === null ? null : splitInto(sample, held, cutAt(saidBy(held.record), point), newId());
}

/** Cut at an instant of the media; the words go to the side that they begin on. A span without text is cut in two. */
export function splitAtTime(sample: SampleData, id: string, media_ns: number, newId: () => string): Verb | null {
  const held = spoken(sample, id);
  if (held === null) return null;
  const said = saidBy(held.record);
  if (media_ns <= said.start_ns || media_ns >= said.end_ns) return null;
  if (said.text === "") return splitSilent(held, media_ns, newId());
  const point = pointAt(said, media_ns);
  return point === null ? null : splitInto(sample, held, cutAt(said, point, media_ns), newId());
}

function splitSilent({ rev, record }: Versioned<Spoken>, media_ns: number, id: string): Verb {
  const left = { ...record, region: { ...record.region, end_ns: media_ns } };
  const right = copied(record, id, { ...record.region, start_ns: media_ns });
  return {
    reason: "Split",
    ops: [
      { op: "update", record: left, base: rev },
      { op: "create", record: right },
    ],
    target: id,
  };
}

/** The same label on another stretch; what names it in a file it came from stays with the first. */
function copied(record: Spoken, id: string, region: Annotation["region"]): Annotation {
  const { source_id: _first, ...rest } = record;
  return { ...rest, id, region };
}

function splitInto(sample: SampleData, held: Versioned<Spoken>, cut: Cut | null, id: string): Verb | null {
  if (cut === null) return null;
  const left = saying(held.record, cut.left);
  const made = saying(held.record, cut.right) as Spoken;
  const right = copied(made, id, made.region);
  const [end, start] = cut.gap;
  const moved = spansOn(sample, held.record.id).flatMap(({ rev, record, region }): Op[] => {
    const onRight = region.start >= end || region.end - start > end - region.start;
    const [text, of, shift] = onRight ? [cut.right.text, id, start] : [cut.left.text, held.record.id, 0];
    const whole = new Offsets(text);
    const [from, to] = [Math.max(0, region.start - shift), Math.min(whole.length, region.end - shift)];
    const placed = spanOver(whole, from, to, of);
    return placed === null ? [] : [{ op: "update", record: { ...record, region: placed }, base: rev }];
  });
  return {
    reason: "Split utterance",
    ops: [{ op: "update", record: left, base: held.rev }, { op: "create", record: right }, ...moved],
    target: id,
  };
}

interface HeldSpan extends Versioned<Annotation> {
  readonly region: TextSpan;
}

function spansOn(sample: SampleData, of: string): readonly HeldSpan[] {
  const found: HeldSpan[] = [];
  for (const held of sample.annotations.values()) {
    const { region } = held.record;
    if (region.type === "text_span" && region.of === of) found.push({ ...held, region });
  }
  return found;
}

/** The next utterance of the same stream and class. */
export function nextOf(sample: SampleData, id: string): string | null {
  const held = spoken(sample, id);
  if (held === null) return null;
  const { stream, region, class_id } = held.record;
  let best: Spoken | null = null;
  for (const { record } of sample.annotations.values()) {
    if (record.id === id || record.stream !== stream || record.region.type !== "time_span") continue;
    if (record.class_id !== class_id || record.region.start_ns < region.start_ns) continue;
    if (best === null || record.region.start_ns < best.region.start_ns) best = record as Spoken;
  }
  return best?.id ?? null;
}

/** One utterance of two: the second's spans and links come along, and it goes away. */
export function mergeWithNext(sample: SampleData, id: string): Verb | null {
  const first = spoken(sample, id);
  const second = spoken(sample, nextOf(sample, id) ?? "");
  if (first === null || second === null) return null;
  const { said, shift } = joined(saidBy(first.record), saidBy(second.record));
  const record = saying(first.record, said);
  const whole = new Offsets(said.text);
  const spans = [...spansOn(sample, id), ...spansOn(sample, second.record.id)].flatMap(
    ({ rev, record: span, region }): Op[] => {
      const by = region.of === id ? 0 : shift;
      const placed = spanOver(whole, region.start + by, region.end + by, id);
      return placed === null ? [] : [{ op: "update", record: { ...span, region: placed }, base: rev }];
    },
  );
  // Judged on what stayed, as it was: the merge puts a link in doubt until a person looks (laws L3 and L5).
  const links = linksOf(sample, second.record.id).map((link) =>
    movedLink(sample, link, second.record.id, id, first.rev),
  );
  return {
    reason: "Merge utterances",
    ops: [
      { op: "update", record, base: first.rev },
      ...spans,
      ...links,
      { op: "delete", kind: "annotation", id: second.record.id, base: second.rev },
    ],
    target: id,
  };
}

/** A link of what goes away: to what stays, or away with it where the same link is there already. */
function movedLink(sample: SampleData, { rev, record }: Versioned<Link>, from: string, to: string, judged: string): Op {
  const end = (each: Link["source"]) => (each.id === from ? { ...each, id: to, judged } : each);
  const next: Link = { ...record, source: end(record.source), target: end(record.target) };
  const isThere = linksOf(sample, to).some(
    ({ record: other }) =>
      other.type_id === next.type_id && other.source.id === next.source.id && other.target.id === next.target.id,
  );
  const isLoop = next.source.id === next.target.id;
  return isThere || isLoop
    ? { op: "delete", kind: "link", id: record.id, base: rev }
    : { op: "update", record: next, base: rev };
}

/** Who speaks in the sample, in the order of their first word; digits choose among them. */
export function speakersOf(sample: SampleData): readonly string[] {
  const first = new Map<string, number>();
  for (const { record } of sample.annotations.values()) {
    const name = record.attributes?.[SPEAKER];
    if (typeof name !== "string" || name === "" || record.region.type !== "time_span") continue;
    first.set(name, Math.min(first.get(name) ?? Number.POSITIVE_INFINITY, record.region.start_ns));
  }
  return [...first].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

export function setSpeaker(sample: SampleData, ids: Iterable<string>, speaker: string): Verb | null {
  const ops: Op[] = [];
  for (const id of ids) {
    const held = spoken(sample, id);
    if (held === null || held.record.attributes?.[SPEAKER] === speaker) continue;
    const attributes = { ...held.record.attributes, [SPEAKER]: speaker };
    ops.push({ op: "update", record: { ...held.record, attributes }, base: held.rev });
  }
  const [first] = ops;
  return first?.op === "update" ? { reason: "Set speaker", ops, target: first.record.id } : null;
}
