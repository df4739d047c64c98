/** The class tree as rows to show, and counts gathered upwards. Broken trees (a cycle, a lost parent) lose no class. */
import type { OntologyClass } from "../../../model/records";

export interface ClassRow {
  readonly entry: OntologyClass;
  readonly depth: number;
}

/** Classes in the order of the tree: parents before their children, siblings as the ontology has them. */
export function classRows(classes: readonly OntologyClass[]): readonly ClassRow[] {
  const known = new Set(classes.map(({ id }) => id));
  const children = new Map<string, OntologyClass[]>();
  for (const entry of classes) {
    const parent = entry.parent != null && known.has(entry.parent) ? entry.parent : "";
    children.set(parent, [...(children.get(parent) ?? []), entry]);
  }
  const rows: ClassRow[] = [];
  const seen = new Set<string>();
  const visit = (entry: OntologyClass, depth: number) => {
    if (seen.has(entry.id)) return;
    seen.add(entry.id);
    rows.push({ entry, depth });
    for (const child of children.get(entry.id) ?? []) visit(child, depth + 1);
  };
  for (const entry of children.get("") ?? []) visit(entry, 0);
  for (const entry of classes) visit(entry, 0);
  return rows;
}

/** For each class its own number and that of all below it. */
export function sumsUpwards(
  rows: readonly ClassRow[],
  own: (classId: string) => number,
): ReadonlyMap<string, { readonly own: number; readonly all: number }> {
  const sums = new Map<string, { own: number; all: number }>();
  const open: ClassRow[] = [];
  for (const row of rows) {
    while ((open.at(-1)?.depth ?? -1) >= row.depth) open.pop();
    const count = own(row.entry.id);
    sums.set(row.entry.id, { own: count, all: count });
    for (const above of open) {
      const sum = sums.get(above.entry.id);
      if (sum !== undefined) sum.all += count;
    }
    open.push(row);
  }
  return sums;
}

/** The rows whose name, id or synonym holds the words, and those above them. */
export function matching(rows: readonly ClassRow[], words: string): readonly ClassRow[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return rows;
  const kept = new Set<string>();
  const open: ClassRow[] = [];
  for (const row of rows) {
    while ((open.at(-1)?.depth ?? -1) >= row.depth) open.pop();
    open.push(row);
    const { id, name, synonyms = [] } = row.entry;
    if ([id, name, ...synonyms].some((text) => text.toLowerCase().includes(wanted))) {
      for (const above of open) kept.add(above.entry.id);
    }
  }
  return rows.filter((row) => kept.has(row.entry.id));
}
