/** What follows from the state: the linked highlight, suspects, open findings. Nothing here is stored. */
import type { FindingView, Versioned } from "../model/changes";
import type { Link } from "../model/records";
import type { RecordMap, SampleData } from "./sample";

const linkIndexes = new WeakMap<object, ReadonlyMap<string, readonly Versioned<Link>[]>>();
const entityIndexes = new WeakMap<object, ReadonlyMap<string, readonly string[]>>();

/** Links by the id of either end. */
export function linksByEnd(links: RecordMap<Link>): ReadonlyMap<string, readonly Versioned<Link>[]> {
  let index = linkIndexes.get(links);
  if (index === undefined) {
    const made = new Map<string, Versioned<Link>[]>();
    for (const row of links.values()) {
      for (const end of new Set([row.record.source.id, row.record.target.id])) {
        const rows = made.get(end);
        if (rows === undefined) made.set(end, [row]);
        else rows.push(row);
      }
    }
    index = made;
    linkIndexes.set(links, index);
  }
  return index;
}

export function linksOf(data: SampleData, id: string): readonly Versioned<Link>[] {
  return linksByEnd(data.links).get(id) ?? [];
}

/** Annotations that speak of an entity. */
export function mentionsOf(data: SampleData, entity: string): readonly string[] {
  let index = entityIndexes.get(data.annotations);
  if (index === undefined) {
    const made = new Map<string, string[]>();
    for (const { record } of data.annotations.values()) {
      if (record.entity == null) continue;
      const ids = made.get(record.entity);
      if (ids === undefined) made.set(record.entity, [record.id]);
      else ids.push(record.id);
    }
    index = made;
    entityIndexes.set(data.annotations, index);
  }
  return index.get(entity) ?? [];
}

/** Ids lit because something selected or hovered leads to them: through links, and through the entity they share. */
export function linkedIds(data: SampleData | null, seeds: Iterable<string>): ReadonlySet<string> {
  const lit = new Set<string>();
  if (data === null) return lit;
  const start = new Set(seeds);
  const reach = (id: string) => {
    lit.add(id);
    if (data.entities.has(id)) for (const mention of mentionsOf(data, id)) lit.add(mention);
  };
  for (const id of start) {
    const link = data.links.get(id)?.record;
    if (link !== undefined) {
      reach(link.source.id);
      reach(link.target.id);
    }
    for (const { record } of linksOf(data, id)) {
      lit.add(record.id);
      reach(record.source.id === id ? record.target.id : record.source.id);
    }
    const entity = data.entities.has(id) ? id : data.annotations.get(id)?.record.entity;
    if (entity != null) {
      reach(entity);
      for (const { record } of linksOf(data, entity)) {
        lit.add(record.id);
        reach(record.source.id === entity ? record.target.id : record.source.id);
      }
    }
  }
  for (const id of start) lit.delete(id);
  return lit;
}

export function isSuspect(link: Link): boolean {
  return (link.causes?.length ?? 0) > 0;
}

/** Suspect links, oldest first (ids sort by time). */
export function suspectsOf(data: SampleData | null): readonly Versioned<Link>[] {
  if (data === null) return [];
  return [...data.links.values()]
    .filter(({ record }) => isSuspect(record))
    .sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
}

const WEIGHT = { error: 0, warning: 1, hint: 2 } as const;

/** Findings without a verdict, worst first. */
export function openFindings(data: SampleData | null): readonly FindingView[] {
  if (data === null) return [];
  const settled = new Set([...data.verdicts.values()].map(({ record }) => record.fingerprint));
  return data.findings
    .filter(({ finding, verdict }) => verdict == null && !settled.has(finding.fingerprint))
    .sort((a, b) => WEIGHT[a.finding.severity] - WEIGHT[b.finding.severity]);
}
