/** The points of one sweep in metres, sorted into cells of the ground, so that a cuboid's points are found at once. */
import { conjugate, rotate, type Vec3 } from "../../base/rotation";
import { type CuboidShape, cuboidCorners } from "../../model/projection";
import { eachPoint, type Tile } from "./tiles";

const CELL_M = 1;
const MOST_CELLS = 1_000_000;

export class PointIndex {
  /** x, y, z of each point, in the order of the tiles. */
  readonly places_m: Float32Array;
  readonly count: number;
  readonly #cell_m: number;
  readonly #x0: number;
  readonly #y0: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #starts: Uint32Array;
  readonly #order: Uint32Array;

  constructor(tiles: readonly Tile[]) {
    this.count = tiles.reduce((sum, tile) => sum + tile.count, 0);
    const places = new Float32Array(this.count * 3);
    let [at, x0, y0, x1, y1] = [0, Infinity, Infinity, -Infinity, -Infinity];
    eachPoint(tiles, (x, y, z) => {
      places[at] = x;
      places[at + 1] = y;
      places[at + 2] = z;
      at += 3;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
    });
    if (this.count === 0) [x0, y0, x1, y1] = [0, 0, 0, 0];
    const cells = (cell_m: number) => (Math.floor((x1 - x0) / cell_m) + 1) * (Math.floor((y1 - y0) / cell_m) + 1);
    let cell_m = CELL_M;
    while (cells(cell_m) > MOST_CELLS) cell_m *= 2;
    this.places_m = places;
    this.#cell_m = cell_m;
    this.#x0 = x0;
    this.#y0 = y0;
    this.#columns = Math.floor((x1 - x0) / cell_m) + 1;
    this.#rows = Math.floor((y1 - y0) / cell_m) + 1;
    this.#starts = new Uint32Array(this.#columns * this.#rows + 1);
    this.#order = new Uint32Array(this.count);
    this.#sort();
  }

  #sort(): void {
    const cellOf = new Uint32Array(this.count);
    for (let point = 0; point < this.count; point++) {
      const column = Math.floor(((this.places_m[point * 3] ?? 0) - this.#x0) / this.#cell_m);
      const row = Math.floor(((this.places_m[point * 3 + 1] ?? 0) - this.#y0) / this.#cell_m);
      const cell =
        Math.min(this.#rows - 1, Math.max(0, row)) * this.#columns + Math.min(this.#columns - 1, Math.max(0, column));
      cellOf[point] = cell;
      this.#starts[cell + 1] = (this.#starts[cell + 1] ?? 0) + 1;
    }
    for (let cell = 1; cell < this.#starts.length; cell++) {
      this.#starts[cell] = (this.#starts[cell] ?? 0) + (this.#starts[cell - 1] ?? 0);
    }
    const next = this.#starts.slice();
    for (let point = 0; point < this.count; point++) {
      const cell = cellOf[point] ?? 0;
      const place = next[cell] ?? 0;
      this.#order[place] = point;
      next[cell] = place + 1;
    }
  }

  /** Points in an upright rectangle of the ground, whatever their height. */
  eachOver(x0: number, y0: number, x1: number, y1: number, visit: (point: number) => void): void {
    const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));
    const from = clamp(Math.floor((x0 - this.#x0) / this.#cell_m), this.#columns - 1);
    const to = clamp(Math.floor((x1 - this.#x0) / this.#cell_m), this.#columns - 1);
    const last = clamp(Math.floor((y1 - this.#y0) / this.#cell_m), this.#rows - 1);
    for (let row = clamp(Math.floor((y0 - this.#y0) / this.#cell_m), this.#rows - 1); row <= last; row++) {
      const start = this.#starts[row * this.#columns + from] ?? 0;
      const end = this.#starts[row * this.#columns + to + 1] ?? 0;
      for (let place = start; place < end; place++) visit(this.#order[place] ?? 0);
    }
  }

  placeOf(point: number): Vec3 {
    return [this.places_m[point * 3] ?? 0, this.places_m[point * 3 + 1] ?? 0, this.places_m[point * 3 + 2] ?? 0];
  }

  /** Points inside a cuboid (faces count), with their place along its own axes. */
  eachInside(shape: CuboidShape, visit: (point: number, local_m: Vec3) => void): void {
    const corners = cuboidCorners(shape);
    const [xs, ys] = [corners.map((corner) => corner[0]), corners.map((corner) => corner[1])];
    const local_from_frame = conjugate(shape.rotation_wxyz);
    const [cx, cy, cz] = shape.centre_m;
    // Single precision: a point on a face may come out a hair's breadth beyond it.
    const [hx, hy, hz] = shape.size_m.map((size) => size / 2 + 1e-5) as [number, number, number];
    this.eachOver(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (point) => {
      const [x, y, z] = this.placeOf(point);
      const local = rotate(local_from_frame, [x - cx, y - cy, z - cz]);
      if (Math.abs(local[0]) <= hx && Math.abs(local[1]) <= hy && Math.abs(local[2]) <= hz) visit(point, local);
    });
  }

  countInside(shape: CuboidShape): number {
    let found = 0;
    this.eachInside(shape, () => {
      found++;
    });
    return found;
  }
}
