/** Where each lane stands; only those in sight are drawn. */
import type { Bar, Lane } from "./lanes";

export const ROW_PX = 22;
export const WAVE_PX = 36;

export interface Row {
  readonly lane: Lane;
  readonly top_px: number;
  readonly height_px: number;
}

export class RowLayout {
  readonly #rows: readonly Row[];
  #places: ReadonlyMap<string, { readonly row: Row; readonly bar: Bar }> | null = null;
  readonly height_px: number;

  constructor(lanes: readonly Lane[]) {
    let top_px = 0;
    this.#rows = lanes.map((lane) => {
      const height_px = lane.wave ? WAVE_PX : ROW_PX;
      const row = { lane, top_px, height_px };
      top_px += height_px;
      return row;
    });
    this.height_px = top_px;
  }

  /** Rows that touch [from, to), found by bisection. */
  between(from_px: number, to_px: number): readonly Row[] {
    const first = this.#first(from_px);
    const rows: Row[] = [];
    for (let index = first; index < this.#rows.length; index++) {
      const row = this.#rows[index];
      if (row === undefined || row.top_px >= to_px) break;
      rows.push(row);
    }
    return rows;
  }

  at(y_px: number): Row | null {
    const row = this.#rows[this.#first(y_px)];
    return row !== undefined && y_px >= row.top_px && y_px < row.top_px + row.height_px ? row : null;
  }

  /** Where a bar stands; the index is made when first asked for. */
  find(id: string): { readonly row: Row; readonly bar: Bar } | null {
    if (this.#places === null) {
      this.#places = new Map(this.#rows.flatMap((row) => row.lane.bars.map((bar) => [bar.id, { row, bar }] as const)));
    }
    return this.#places.get(id) ?? null;
  }

  #first(y_px: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = this.#rows[middle];
      if (row !== undefined && row.top_px + row.height_px <= y_px) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
