/** What the ontology allows: the same answers as the server's conformance check, so that tools offer only those. */
import type { Annotation, Entity, LinkEnd, LinkType, Ontology, OntologyClass, Stream } from "../model/records";
import type { SampleData } from "./sample";

/** What stands at a link's end, as the ontology sees it. */
export interface EndFacts {
  /** A region kind, or "entity". */
  readonly kind: string;
  readonly classId: string;
  /** Empty for an entity. */
  readonly modality: string;
}

/** A link type that fits two things, and whether they stand the other way round. */
export interface LinkChoice {
  readonly type: LinkType;
  readonly reversed: boolean;
}

const classMaps = new WeakMap<Ontology, ReadonlyMap<string, OntologyClass>>();

export function classesById(ontology: Ontology): ReadonlyMap<string, OntologyClass> {
  let known = classMaps.get(ontology);
  if (known === undefined) {
    known = new Map((ontology.classes ?? []).map((entry) => [entry.id, entry]));
    classMaps.set(ontology, known);
  }
  return known;
}

/** Whether `classId` is `ancestor` or stands below it. A broken tree with a cycle ends too. */
export function descendsFrom(ontology: Ontology, classId: string, ancestor: string): boolean {
  const known = classesById(ontology);
  const seen = new Set<string>();
  let at: string | null | undefined = classId;
  while (at != null && !seen.has(at)) {
    if (at === ancestor) return true;
    seen.add(at);
    at = known.get(at)?.parent;
  }
  return false;
}

/** The colour place (0-7) of a class: its own, else its nearest ancestor's, else by its position. */
export function colourOf(ontology: Ontology | null, classId: string): number {
  if (ontology === null) return 7;
  const known = classesById(ontology);
  const seen = new Set<string>();
  let at = known.get(classId);
  while (at !== undefined && !seen.has(at.id)) {
    if (at.colour != null) return at.colour % 8;
    seen.add(at.id);
    at = at.parent == null ? undefined : known.get(at.parent);
  }
  const index = (ontology.classes ?? []).findIndex((entry) => entry.id === classId);
  return index < 0 ? 7 : index % 8;
}

export function className(ontology: Ontology | null, classId: string): string {
  return (ontology === null ? undefined : classesById(ontology).get(classId)?.name) ?? classId;
}

/** Classes that a region of this kind may take, in the ontology's order, deprecated ones left out. */
export function classesFor(ontology: Ontology | null, regionKind: string): readonly OntologyClass[] {
  return (ontology?.classes ?? []).filter(
    (entry) => entry.deprecated !== true && (!entry.regions?.length || entry.regions.includes(regionKind)),
  );
}

export function endFacts(data: SampleData, id: string): EndFacts | null {
  const annotation: Annotation | undefined = data.annotations.get(id)?.record;
  if (annotation !== undefined) {
    const stream: Stream | undefined = data.streams.get(annotation.stream)?.record;
    return { kind: annotation.region.type, classId: annotation.class_id, modality: stream?.modality ?? "" };
  }
  const entity: Entity | undefined = data.entities.get(id)?.record;
  return entity === undefined ? null : { kind: "entity", classId: entity.class_id, modality: "" };
}

/** Whether something may stand at an end; an empty list means any. */
export function fits(ontology: Ontology, end: LinkEnd | undefined, facts: EndFacts): boolean {
  if (end?.kinds?.length && !end.kinds.includes(facts.kind)) return false;
  if (end?.modalities?.length && facts.kind !== "entity" && !end.modalities.includes(facts.modality)) return false;
  return !end?.classes?.length || end.classes.some((ancestor) => descendsFrom(ontology, facts.classId, ancestor));
}

/** Link types that may join the two, in the ontology's order. */
export function linkChoices(ontology: Ontology, source: EndFacts, target: EndFacts): LinkChoice[] {
  const choices: LinkChoice[] = [];
  for (const type of ontology.link_types ?? []) {
    if (type.deprecated === true) continue;
    if (fits(ontology, type.source, source) && fits(ontology, type.target, target)) {
      choices.push({ type, reversed: false });
    } else if (fits(ontology, type.source, target) && fits(ontology, type.target, source)) {
      choices.push({ type, reversed: true });
    }
  }
  return choices;
}

/** Everything of the sample that some link type (or the one named) may join to `source`. */
export function targetsOf(
  ontology: Ontology,
  data: SampleData,
  source: string,
  only: string | null = null,
): ReadonlySet<string> {
  const from = endFacts(data, source);
  const found = new Set<string>();
  if (from === null) return found;
  for (const id of [...data.annotations.keys(), ...data.entities.keys()]) {
    const facts = id === source ? null : endFacts(data, id);
    if (facts === null) continue;
    const choices = linkChoices(ontology, from, facts);
    if (choices.some((choice) => only === null || choice.type.id === only)) found.add(id);
  }
  return found;
}

/** Ids of the link types (or the one named) that may join every source to the target, in the ontology's order. */
export function typesJoining(
  ontology: Ontology,
  data: SampleData,
  sources: readonly string[],
  target: string,
  only: string | null = null,
): readonly string[] {
  const to = endFacts(data, target);
  let common: readonly string[] | null = null;
  for (const source of sources) {
    const from = endFacts(data, source);
    const fitting = from === null || to === null ? [] : linkChoices(ontology, from, to).map(({ type }) => type.id);
    common = common === null ? fitting : common.filter((id) => fitting.includes(id));
  }
  return (common ?? []).filter((id) => only === null || id === only);
}

/** Everything that one link type (or the one named) may join to all of `sources`. */
export function targetsOfAll(
  ontology: Ontology,
  data: SampleData,
  sources: readonly string[],
  only: string | null = null,
): ReadonlySet<string> {
  const [first, ...others] = sources;
  if (first === undefined) return new Set();
  const found = targetsOf(ontology, data, first, only);
  if (others.length === 0) return found;
  return new Set(
    [...found].filter((id) => !sources.includes(id) && typesJoining(ontology, data, sources, id, only).length > 0),
  );
}
