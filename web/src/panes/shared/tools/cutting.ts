/** Cuts polygons by a line: the largest part stays the annotation, the others are new ones of the same thing. */
import { newId } from "../../../base/ids";
import type { Op } from "../../../model/changes";
import type { Annotation, Point, Polygon } from "../../../model/records";
import { cutPolygon, polygonOf } from "../../../model/shapes/arrangement";
import type { WorkspaceStore } from "../../../store/workspace";

/** One change set; how many polygons were cut. Tracks are left alone. */
export function cutAnnotations(store: WorkspaceStore, ids: Iterable<string>, line: readonly Point[]): number {
  const { sample } = store.getState();
  const ops: Op[] = [];
  const made: string[] = [];
  let count = 0;
  for (const id of ids) {
    const head = sample?.annotations.get(id);
    if (head?.record.region.type !== "polygon") continue;
    const [largest, ...others] = partsOf(head.record.region, line);
    if (largest === undefined) continue;
    count += 1;
    ops.push({ op: "update", record: { ...head.record, region: largest }, base: head.rev });
    for (const region of others) {
      const record = copyOf(head.record, region);
      made.push(record.id);
      ops.push({ op: "create", record });
    }
  }
  if (ops.length === 0) return 0;
  store.actions.edit("Cut polygon", ops);
  store.actions.select([...new Set([...ids, ...made])].filter((id) => store.getState().sample?.annotations.has(id)));
  return count;
}

/** The parts that a line makes, largest first; none when it parts nothing. Rings that it misses stay with the largest. */
function partsOf(polygon: Polygon, line: readonly Point[]): readonly Polygon[] {
  const whole = new Set(cutPolygon(polygon, []).map((part) => JSON.stringify(part)));
  const parts = cutPolygon(polygon, line);
  const made = parts.filter((part) => !whole.has(JSON.stringify(part)));
  const missed = parts.filter((part) => whole.has(JSON.stringify(part)));
  const [largest, ...others] = made;
  if (largest === undefined || others.length === 0) return [];
  const kept = [largest, ...missed];
  return [
    polygonOf(
      kept.flatMap((part) => part.rings_px),
      kept.flatMap((part) => part.holes_px ?? []),
    ),
    ...others,
  ];
}

function copyOf(record: Annotation, region: Polygon): Annotation {
  const { source_id: _theirs, score: _score, ...rest } = record;
  return { ...rest, id: newId(), region };
}
