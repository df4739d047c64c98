/** Edits of the ontology that touch no label: new values of the record, one version up. Raises nothing; forms check. */
import type { Attribute, LinkType, Ontology, OntologyClass } from "../../../model/records";

/** A stable id from a name, not yet taken: "Traffic light" becomes "traffic-light", or "traffic-light-2". */
export function freshId(name: string, taken: ReadonlySet<string>): string {
  const words = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 56);
  const base = words === "" ? "class" : words;
  let id = base;
  for (let number = 2; taken.has(id); number += 1) id = `${base}-${number}`;
  return id;
}

export function withClass(ontology: Ontology, changed: OntologyClass): Ontology {
  const classes = (ontology.classes ?? []).map((entry) => (entry.id === changed.id ? changed : entry));
  return { ...ontology, version: ontology.version + 1, classes };
}

/** A new class below `parent` (null: at the top), after its last sibling's place in the list. */
export function withNewClass(ontology: Ontology, name: string, parent: string | null): readonly [Ontology, string] {
  const classes = ontology.classes ?? [];
  const id = freshId(name, new Set(classes.map((entry) => entry.id)));
  const made: OntologyClass = parent === null ? { id, name } : { id, name, parent };
  return [{ ...ontology, version: ontology.version + 1, classes: [...classes, made] }, id];
}

export function withNewAttribute(ontology: Ontology, classId: string, asked: Omit<Attribute, "id">): Ontology {
  const entry = (ontology.classes ?? []).find((one) => one.id === classId);
  if (entry === undefined) return ontology;
  const attributes = entry.attributes ?? [];
  const id = freshId(asked.name, new Set(attributes.map((one) => one.id)));
  return withClass(ontology, { ...entry, attributes: [...attributes, { id, ...asked }] });
}

export function withLinkType(ontology: Ontology, changed: LinkType): Ontology {
  const types = (ontology.link_types ?? []).map((type) => (type.id === changed.id ? changed : type));
  return { ...ontology, version: ontology.version + 1, link_types: types };
}

/** Words separated by commas; blanks around them and empty ones go. */
export function listOf(text: string): readonly string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word, place, words) => word !== "" && words.indexOf(word) === place);
}
