/** Leaves out members at their default, exactly where the server's Structs do (`defaults.json` is made from them). */
import { canonicalJson } from "./canonical";
import table from "./defaults.json";

interface Shape {
  /** Members that the server drops when they hold this value. */
  readonly drop: Readonly<Record<string, unknown>>;
  /** Members that hold other shapes: a shape's name, or a union by tag. */
  readonly nested: Readonly<Record<string, string>>;
}

const SHAPES: Readonly<Record<string, Shape>> = table.shapes;
const RECORDS: Readonly<Record<string, string>> = table.records;
const REGIONS: Readonly<Record<string, string>> = table.regions;

/** A record without the members that stand at their default. */
export function normalise<T extends { readonly kind: string }>(record: T): T {
  return clean(record, RECORDS[record.kind]) as T;
}

function clean(value: unknown, name: string | undefined): unknown {
  if (Array.isArray(value)) return value.map((part) => clean(part, name));
  if (value === null || typeof value !== "object" || name === undefined) return value;
  const tag = (value as { type?: unknown }).type;
  const shape = SHAPES[name === "AnyRegion" && typeof tag === "string" ? (REGIONS[tag] ?? name) : name];
  if (shape === undefined) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const cleaned = clean(member, shape.nested[key]);
    if (key in shape.drop && canonicalJson(cleaned) === canonicalJson(shape.drop[key])) continue;
    kept[key] = cleaned;
  }
  return kept;
}
