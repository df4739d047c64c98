/** Which sweep belongs to the playhead, and the last few of them decoded. */
import type { Stream } from "../../model/records";
import type { Api } from "../../store/api";
import { decodeTiles, type PointsHeader, type Tile } from "./tiles";

export interface Sweep {
  readonly header: PointsHeader;
  readonly tiles: readonly Tile[];
}

const KEPT = 8;

/** Media time of a reading; a stream of one file has one reading at its start. */
export function readingStart(stream: Stream, index: number): number {
  return stream.readings?.[index]?.at_ns ?? stream.facts?.start_ns ?? 0;
}

export function readingCount(stream: Stream): number {
  return Math.max(1, stream.readings?.length ?? 0);
}

/** The sweep that holds at a media time: the last not after it, the first before any. */
export function readingAt(stream: Stream, media_ns: number): number {
  let index = 0;
  const readings = stream.readings ?? [];
  for (let next = 0; next < readings.length && (readings[next]?.at_ns ?? 0) <= media_ns; next++) index = next;
  return index;
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
    return { header, tiles: decodeTiles(header, await response.arrayBuffer()) };
  }
}
