/** The list of things as rows: counts of mentions by modality, what contradicts, and the rows of opened mentions. Pure. */
import type { Annotation, Entity, Modality, Ontology } from "../../model/records";
import { isSuspect, linksOf, mentionsOf } from "../../store/derive";
import { className, descendsFrom } from "../../store/ontology";
import type { SampleData } from "../../store/sample";

export interface EntityRow {
  readonly entity: Entity;
  readonly name: string;
  readonly className: string;
  readonly mentions: readonly Annotation[];
  /** In the order in which modalities are named below; those without a mention left out. */
  readonly counts: readonly (readonly [Modality, number])[];
  readonly links: number;
  readonly suspects: number;
  readonly fit: Fit;
}

/** Mentions whose class is the thing's own or an ancestor of it conform (rule O4). */
export interface Fit {
  /** Ids of mentions with a class above the thing's: granularity drift. */
  readonly coarser: readonly string[];
  /** Ids of mentions with any other class. */
  readonly contrary: readonly string[];
}

/** What the list shows, line by line: a thing, or a mention of a thing that is opened. */
export type Line =
  | { readonly kind: "entity"; readonly row: EntityRow; readonly isOpen: boolean }
  | { readonly kind: "mention"; readonly row: EntityRow; readonly mention: Annotation };

const MODALITIES: readonly Modality[] = ["image", "video", "point_cloud", "audio", "text", "series"];

export function fitOf(ontology: Ontology | null, classId: string, mentions: readonly Annotation[]): Fit {
  if (ontology === null) return { coarser: [], contrary: [] };
  const other = mentions.filter((mention) => mention.class_id !== classId);
  const [coarser, contrary] = [other, other].map((list, index) =>
    list.filter((mention) => descendsFrom(ontology, classId, mention.class_id) === (index === 0)).map(({ id }) => id),
  );
  return { coarser: coarser ?? [], contrary: contrary ?? [] };
}

export function entityRows(sample: SampleData, ontology: Ontology | null): readonly EntityRow[] {
  const rows = [...sample.entities.values()].map(({ record }) => rowOf(sample, ontology, record));
  return rows.sort(
    (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }) || (a.entity.id < b.entity.id ? -1 : 1),
  );
}

function rowOf(sample: SampleData, ontology: Ontology | null, entity: Entity): EntityRow {
  const mentions = mentionsOf(sample, entity.id).flatMap((id) => sample.annotations.get(id)?.record ?? []);
  const counted = new Map<Modality, number>();
  const links = new Map(linksOf(sample, entity.id).map((row) => [row.record.id, row.record]));
  for (const mention of mentions) {
    const modality = sample.streams.get(mention.stream)?.record.modality ?? "image";
    const seen = mention.region.type === "text_span" ? "text" : modality;
    counted.set(seen, (counted.get(seen) ?? 0) + 1);
    for (const { record } of linksOf(sample, mention.id)) links.set(record.id, record);
  }
  const kind = className(ontology, entity.class_id);
  return {
    entity,
    name: entity.name || entity.source_id || kind,
    className: kind,
    mentions,
    counts: MODALITIES.flatMap((modality) => {
      const count = counted.get(modality);
      return count === undefined ? [] : [[modality, count] as const];
    }),
    links: links.size,
    suspects: [...links.values()].filter(isSuspect).length,
    fit: fitOf(ontology, entity.class_id, mentions),
  };
}

/** Rows whose name, class, or a mention's quote holds every word of `search`. */
export function searched(rows: readonly EntityRow[], search: string): readonly EntityRow[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const quotes = row.mentions.flatMap(({ region }) => (region.type === "text_span" ? [region.quote] : []));
    const hay = [row.name, row.className, ...quotes].join(" ").toLocaleLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

export function linesOf(rows: readonly EntityRow[], opened: ReadonlySet<string>): readonly Line[] {
  return rows.flatMap((row): Line[] => {
    const isOpen = opened.has(row.entity.id);
    const own: Line = { kind: "entity", row, isOpen };
    return isOpen ? [own, ...row.mentions.map((mention) => ({ kind: "mention" as const, row, mention }))] : [own];
  });
}

/** Which lines to draw: [first, end) with some to spare on both sides. */
export function windowOf(
  scroll_px: number,
  height_px: number,
  line_px: number,
  count: number,
): readonly [number, number] {
  const SPARE = 6;
  const first = Math.max(0, Math.floor(scroll_px / line_px) - SPARE);
  return [Math.min(first, count), Math.min(count, Math.ceil((scroll_px + height_px) / line_px) + SPARE)];
}
