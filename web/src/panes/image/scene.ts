/** Which regions belong on the picture that is shown, where they are, and which one lies under a pointer. */
import Flatbush from "flatbush";
import type { Annotation, Stream } from "../../model/records";
import { shapeAt } from "../../model/tracks";
import type { SampleData } from "../../store/sample";
import { areaOf, type Bounds, boundsOf, covers, isFlat } from "../shared/shapes";

export interface Moment {
  readonly index: number;
  readonly at_ns: number;
}

export class PictureScene {
  readonly #stream: Stream;
  #from: readonly unknown[] = [];
  #shown: readonly Annotation[] = [];
  /** Those of them that stand between key frames of their track. */
  #between: ReadonlySet<string> = new Set();
  #byId: ReadonlyMap<string, Annotation> = new Map();
  #index: Flatbush | null = null;
  #indexed: readonly Annotation[] = [];
  #turn = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  get shown(): readonly Annotation[] {
    return this.#shown;
  }

  /** Grows whenever what is shown changes. */
  get turn(): number {
    return this.#turn;
  }

  isBetween(id: string): boolean {
    return this.#between.has(id);
  }

  find(id: string): Annotation | undefined {
    return this.#byId.get(id);
  }

  collect(annotations: SampleData["annotations"] | undefined, moment: Moment): void {
    const from = [annotations, moment.index, moment.at_ns];
    if (from.every((part, place) => part === this.#from[place])) return;
    this.#from = from;
    const shown: Annotation[] = [];
    const between = new Set<string>();
    for (const { record } of annotations?.values() ?? []) {
      const here = this.asShown(record, moment);
      if (here === null) continue;
      shown.push(here);
      if (record.region.type === "track" && !shapeAt(record.region, moment.at_ns)?.keyed) between.add(record.id);
    }
    this.#shown = shown;
    this.#between = between;
    this.#byId = new Map(shown.map((annotation) => [annotation.id, annotation]));
    this.#turn += 1;
    this.#indexAll();
  }

  /** An annotation as it stands on the picture shown: a track as its shape of now; null when it is not here. */
  asShown(record: Annotation, moment: Moment): Annotation | null {
    if (record.stream !== this.#stream.id) return null;
    if (record.region.type === "track") {
      const found = shapeAt(record.region, moment.at_ns);
      return found === null || !isFlat(found.shape) ? null : { ...record, region: found.shape };
    }
    return isFlat(record.region) && this.#isOn(record, moment) ? record : null;
  }

  #isOn(record: Annotation, { index, at_ns }: Moment): boolean {
    if ((this.#stream.readings?.length ?? 0) <= 1) return true;
    if (record.index != null) return record.index === index;
    return record.at_ns == null || record.at_ns === at_ns;
  }

  #indexAll(): void {
    const rows = this.#shown.flatMap((annotation): [Annotation, Bounds][] => {
      const bounds = boundsOf(annotation.region);
      return bounds === null ? [] : [[annotation, bounds]];
    });
    this.#indexed = rows.map(([annotation]) => annotation);
    this.#index = null;
    if (rows.length === 0) return;
    const index = new Flatbush(rows.length);
    for (const [, { x0, y0, x1, y1 }] of rows) index.add(x0, y0, x1, y1);
    index.finish();
    this.#index = index;
  }

  /** Those whose bounds touch a part of the picture, in the order in which they are drawn. */
  within({ x0, y0, x1, y1 }: Bounds): readonly Annotation[] {
    const places = this.#index?.search(x0, y0, x1, y1) ?? [];
    if (places.length === this.#indexed.length) return this.#indexed;
    return places.sort((a, b) => a - b).flatMap((place) => this.#indexed[place] ?? []);
  }

  /** The smallest region under a place, those that may be picked first while linking. */
  hit(x: number, y: number, reach: number, allowed: ReadonlySet<string> | null): Annotation | null {
    let best: { readonly annotation: Annotation; readonly rank: number; readonly area: number } | null = null;
    for (const annotation of this.within({ x0: x - reach, y0: y - reach, x1: x + reach, y1: y + reach })) {
      const bounds = boundsOf(annotation.region);
      if (bounds === null || !covers(annotation.region, x, y, reach)) continue;
      const rank = allowed !== null && !allowed.has(annotation.id) ? 1 : 0;
      const area = areaOf(bounds);
      if (best === null || rank < best.rank || (rank === best.rank && area < best.area)) {
        best = { annotation, rank, area };
      }
    }
    return best?.annotation ?? null;
  }
}
