/** Point tiles: int16 steps from an offset, an intensity byte and the point's original index, as the server cuts them. */
import type { Vec3 } from "../../base/rotation";

export interface TileHeader {
  readonly byte_offset: number;
  readonly count: number;
  readonly scale_m: number;
  readonly offset_m: Vec3;
}

export interface PointsHeader {
  readonly count: number;
  readonly bounds_min_m: Vec3;
  readonly bounds_max_m: Vec3;
  readonly frame: string;
  readonly tiles: readonly TileHeader[];
}

export interface Tile {
  readonly count: number;
  readonly scale_m: number;
  readonly offset_m: Vec3;
  /** x, y, z of each point in steps of `scale_m` from `offset_m`. */
  readonly steps: Int16Array;
  readonly intensity: Uint8Array;
  readonly original: Uint32Array;
}

/** More than any sweep; a header that claims more is wrong. */
const MOST_POINTS = 64_000_000;

export function decodeTiles(header: PointsHeader, buffer: ArrayBuffer): readonly Tile[] {
  return header.tiles.map((tile, index) => {
    const intensityAt = tile.byte_offset + tile.count * 6;
    const originalAt = Math.ceil((intensityAt + tile.count) / 4) * 4;
    const end = originalAt + tile.count * 4;
    if (!(tile.count >= 0 && tile.count <= MOST_POINTS) || end > buffer.byteLength) {
      throw new RangeError(`point tile ${index} wants bytes up to ${end}, got ${buffer.byteLength}`);
    }
    return shuffled({
      count: tile.count,
      scale_m: tile.scale_m,
      offset_m: tile.offset_m,
      // Copies: typed arrays must begin at a multiple of their width, which a tile's offset need not be.
      steps: new Int16Array(buffer.slice(tile.byte_offset, intensityAt)),
      intensity: new Uint8Array(buffer, intensityAt, tile.count),
      original: new Uint32Array(buffer.slice(originalAt, end)),
    });
  });
}

/** In an order without meaning (the same each time): any first part of a tile then shows all of it, only thinner. */
export function shuffled(tile: Tile): Tile {
  const steps = tile.steps.slice();
  const intensity = tile.intensity.slice();
  const original = tile.original.slice();
  let state = 0x2545f491;
  for (let last = tile.count - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    for (let axis = 0; axis < 3; axis++) swap(steps, last * 3 + axis, other * 3 + axis);
    swap(intensity, last, other);
    swap(original, last, other);
  }
  return { ...tile, steps, intensity, original };
}

function swap(values: Int16Array | Uint8Array | Uint32Array, a: number, b: number): void {
  const kept = values[a] ?? 0;
  values[a] = values[b] ?? 0;
  values[b] = kept;
}

/** Calls back with every point in metres. */
export function eachPoint(tiles: readonly Tile[], visit: (x_m: number, y_m: number, z_m: number) => void): void {
  for (const { count, steps, scale_m, offset_m } of tiles) {
    for (let point = 0; point < count; point++) {
      visit(
        offset_m[0] + (steps[point * 3] ?? 0) * scale_m,
        offset_m[1] + (steps[point * 3 + 1] ?? 0) * scale_m,
        offset_m[2] + (steps[point * 3 + 2] ?? 0) * scale_m,
      );
    }
  }
}
