/** The sweeps of a stream: the last few decoded, each with its points in metres when these are asked for. */
import type { Stream } from "../../model/records";
import type { Api } from "../../store/api";
import { PointIndex } from "./point_index";
import { decodeTiles, type PointsHeader, type Tile } from "./tiles";

export class Sweep {
  readonly header: PointsHeader;
  readonly tiles: readonly Tile[];
  #index: PointIndex | null = null;

  constructor(header: PointsHeader, tiles: readonly Tile[]) {
    this.header = header;
    this.tiles = tiles;
  }

  /** Made once, when first needed: a million points take some tens of milliseconds. */
  get index(): PointIndex {
    this.#index ??= new PointIndex(this.tiles);
    return this.#index;
  }
}

/** So many stay decoded: a window of ten sweeps to either side, and a few more. */
const KEPT = 26;

/** Media time of a reading; a stream of one file has one reading at its start. */
export function readingStart(stream: Stream, index: number): number {
  return stream.readings?.[index]?.at_ns ?? stream.facts?.start_ns ?? 0;
}

export function readingCount(stream: Stream): number {
  return Math.max(1, stream.readings?.length ?? 0);
}

export class Sweeps {
  readonly #api: Api;
  readonly #stream: Stream;
  readonly #kept = new Map<number, Promise<Sweep>>();

  constructor(api: Api, stream: Stream) {
    this.#api = api;
    this.#stream = stream;
  }

  get(reading: number): Promise<Sweep> {
    const known = this.#kept.get(reading);
    if (known !== undefined) {
      this.#kept.delete(reading);
      this.#kept.set(reading, known);
      return known;
    }
    const loading = this.#load(reading);
    this.#kept.set(reading, loading);
    loading.catch(() => this.#kept.delete(reading));
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return loading;
  }

  async #load(reading: number): Promise<Sweep> {
    const header = await this.#api.streamJson<PointsHeader>(this.#stream.id, "points", { reading });
    const response = await fetch(this.#api.streamUrl(this.#stream.id, "points.bin", { reading }));
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return new Sweep(header, decodeTiles(header, await response.arrayBuffer()));
  }
}
