/** Where each lane stands; only those in sight are drawn. */
import type { Lane } from "./lanes";

export const ROW_PX = 22;
export const WAVE_PX = 36;

export interface Row {
  readonly lane: Lane;
  readonly top_px: number;
  readonly height_px: number;
}

export class RowLayout {
  readonly #rows: readonly Row[];
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

  rowOf(id: string): Row | null {
    return this.#rows.find(({ lane }) => lane.bars.some((bar) => bar.id === id)) ?? null;
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
