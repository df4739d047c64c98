/** Edits of whole shapes that need no pointer: polygons joined, polygons and masks turned into each other. */
import type { Op } from "../model/changes";
import type { Annotation, Link, Mask, Polygon, Stream } from "../model/records";
import { joinPolygons } from "../model/shapes/arrangement";
import { Bitmap } from "../model/shapes/bitmap";
import { traced } from "../model/shapes/trace";
import { linksOf } from "../store/derive";
import { classesFor, className } from "../store/ontology";
import type { SampleData } from "../store/sample";
import type { Workbench } from "./workbench";

type PolygonAnnotation = Annotation & { readonly region: Polygon };

/** A mask's outline may lie so far beside its pixels. */
const TRACE_TOLERANCE_PX = 0.8;

function isPolygon(record: Annotation | undefined): record is PolygonAnnotation {
  return record?.region.type === "polygon";
}

/** The first selected polygon takes in the others of its picture; their links go over to it, in doubt as its own are. */
export function joinSelected(bench: Workbench): void {
  const { store, announce } = bench;
  const { sample, selection } = store.getState();
  if (sample === null) return;
  const [kept, ...rest] = [...selection].map((id) => sample.annotations.get(id)?.record).filter(isPolygon);
  if (kept === undefined) return;
  const others = rest.filter(({ stream, index, at_ns }) => {
    return stream === kept.stream && index === kept.index && at_ns === kept.at_ns;
  });
  if (others.length === 0) {
    store.actions.notify("Select two polygons of one picture");
    return;
  }
  const region = others.reduce((joined: Polygon, other) => joinPolygons(joined, other.region), kept.region);
  store.actions.edit("Join polygons", joinOps(sample, kept, others, region));
  store.actions.select([kept.id]);
  announce(`${others.length + 1} polygons joined`);
}

function joinOps(
  sample: SampleData,
  kept: PolygonAnnotation,
  others: readonly PolygonAnnotation[],
  region: Polygon,
): readonly Op[] {
  const base = (id: string) => sample.annotations.get(id)?.rev ?? "";
  const gone = new Set(others.map(({ id }) => id));
  const ops: Op[] = [{ op: "update", record: { ...kept, region }, base: base(kept.id) }];
  const seen = new Set(linksOf(sample, kept.id).map(({ record }) => endsOf(record)));
  const held = new Map(others.flatMap(({ id }) => linksOf(sample, id)).map((row) => [row.record.id, row]));
  for (const { record, rev } of held.values()) {
    // Judged against the polygon as it was: the join puts the link in doubt, as it does those that it had.
    const moved = (end: Link["source"]) => (gone.has(end.id) ? { ...end, id: kept.id, judged: base(kept.id) } : end);
    const link: Link = { ...record, source: moved(record.source), target: moved(record.target) };
    if (link.source.id === link.target.id || seen.has(endsOf(link))) {
      ops.push({ op: "delete", kind: "link", id: record.id, base: rev });
    } else {
      seen.add(endsOf(link));
      ops.push({ op: "update", record: link, base: rev });
    }
  }
  for (const { id } of others) ops.push({ op: "delete", kind: "annotation", id, base: base(id) });
  return ops;
}

function endsOf({ type_id, source, target }: Link): string {
  return `${type_id} ${source.id} ${target.id}`;
}

/** One change for all that are selected; what their class may not be stays as it is. */
export function convertSelected({ store, announce }: Workbench): void {
  const { sample, selection, ontology } = store.getState();
  if (sample === null) return;
  const changed: Annotation[] = [];
  for (const id of selection) {
    const record = sample.annotations.get(id)?.record;
    const stream = record === undefined ? undefined : sample.streams.get(record.stream)?.record;
    if (record === undefined || stream === undefined) continue;
    const region = converted(record, stream);
    if (region === null) continue;
    if (!classesFor(ontology, region.type).some((entry) => entry.id === record.class_id)) {
      store.actions.notify(`${className(ontology, record.class_id)} may not be a ${region.type}`, { tone: "error" });
      continue;
    }
    changed.push({ ...record, region });
  }
  if (changed.length === 0) return;
  store.actions.update("Convert shape", changed);
  announce(changed.map(({ region }) => `Now a ${region.type}`).join(", "));
}

function converted({ region }: Annotation, stream: Stream): Mask | Polygon | null {
  if (region.type === "mask") return traced(Bitmap.ofMask(region), TRACE_TOLERANCE_PX);
  const { width_px, height_px } = stream.facts ?? {};
  if (region.type !== "polygon" || width_px == null || height_px == null) return null;
  return Bitmap.ofPolygon(region, { widthPx: width_px, heightPx: height_px }).toMask();
}
