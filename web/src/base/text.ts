/** Text offsets: the server counts code points, the browser UTF-16 units. Converted here and nowhere else. */

/** Both directions for one text, built once; each lookup is a search among the astral characters only. */
export class Offsets {
  readonly text: string;
  /** Code point index of each character outside the basic plane, ascending. */
  readonly #astral: readonly number[];

  constructor(text: string) {
    this.text = text;
    const astral: number[] = [];
    let point = 0;
    for (const character of text) {
      if (character.length === 2) astral.push(point);
      point += 1;
    }
    this.#astral = astral;
  }

  /** The number of code points. */
  get length(): number {
    return this.text.length - this.#astral.length;
  }

  toUnits(point: number): number {
    return point + below(this.#astral, (place) => place < point);
  }

  /** An offset inside a surrogate pair counts as the start of its character. */
  toPoints(unit: number): number {
    const before = below(this.#astral, (place, rank) => place + rank + 1 < unit);
    const inside = this.#astral[before];
    return inside !== undefined && inside + before + 1 === unit ? inside : unit - before;
  }

  /** The text of code points [start, end). */
  slice(start: number, end: number): string {
    return this.text.slice(this.toUnits(start), this.toUnits(end));
  }
}

/** How many leading entries satisfy `holds`, which is true for a prefix only. */
function below(sorted: readonly number[], holds: (value: number, rank: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] ?? 0, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
