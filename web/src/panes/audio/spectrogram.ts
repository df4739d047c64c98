/** The spectrogram pyramid: which tiles of which level a window shows. Nothing here touches the page. */

export interface SpectrumLevel {
  /** Audio samples per column. */
  readonly hop: number;
  readonly columns: number;
  /** First byte of the level. */
  readonly offset: number;
}

export interface SpectrogramHeader {
  readonly rate: { readonly num: number; readonly den: number };
  readonly bands: number;
  readonly top_hz: number;
  readonly floor_db: number;
  readonly start_ns: number;
  readonly levels: readonly SpectrumLevel[];
}

/** Columns [first, first + count) of a level. */
export interface Tile {
  readonly level: number;
  readonly first: number;
  readonly count: number;
}

export const TILE_COLUMNS = 512;

export function columnNs(header: SpectrogramHeader, level: SpectrumLevel): number {
  return (level.hop * header.rate.den * 1e9) / header.rate.num;
}

/** The coarsest level that still has a column per pixel; the finest when none has. */
export function levelFor(header: SpectrogramHeader, ns_per_px: number): number {
  let best = 0;
  header.levels.forEach((level, index) => {
    if (columnNs(header, level) <= ns_per_px) best = index;
  });
  return best;
}

/** The tiles of a level that show media times [from_ns, to_ns), in order. */
export function tilesOf(header: SpectrogramHeader, level: number, from_ns: number, to_ns: number): readonly Tile[] {
  const one = header.levels[level];
  if (one === undefined || to_ns <= from_ns) return [];
  const column_ns = columnNs(header, one);
  const first = Math.max(0, Math.floor((from_ns - header.start_ns) / column_ns));
  const end = Math.min(one.columns, Math.ceil((to_ns - header.start_ns) / column_ns));
  const tiles: Tile[] = [];
  for (let at = first - (first % TILE_COLUMNS); at < end; at += TILE_COLUMNS) {
    tiles.push({ level, first: at, count: Math.min(TILE_COLUMNS, one.columns - at) });
  }
  return tiles;
}

/** Where a tile's bytes lie: [first, last], both inclusive, as a Range header says it. */
export function bytesOf(header: SpectrogramHeader, tile: Tile): readonly [number, number] {
  const offset = header.levels[tile.level]?.offset ?? 0;
  const first = offset + tile.first * header.bands;
  return [first, first + tile.count * header.bands - 1];
}

/** Media times [start, end) of a tile. */
export function spanOf(header: SpectrogramHeader, tile: Tile): readonly [number, number] {
  const level = header.levels[tile.level];
  const column_ns = level === undefined ? 0 : columnNs(header, level);
  return [header.start_ns + tile.first * column_ns, header.start_ns + (tile.first + tile.count) * column_ns];
}

/** Pixels of a tile, high bands on top: `palette` has 256 RGBA colours. */
export function pixelsOf(
  bytes: Uint8Array,
  bands: number,
  columns: number,
  palette: Uint32Array,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint32Array(columns * bands);
  for (let column = 0; column < columns; column++) {
    for (let band = 0; band < bands; band++) {
      pixels[(bands - 1 - band) * columns + column] = palette[bytes[column * bands + band] ?? 0] ?? 0;
    }
  }
  return new Uint8ClampedArray(pixels.buffer);
}

/** 256 colours from the background (silence) to the ink (loud), as little-endian RGBA. */
export function paletteBetween(quiet: readonly number[], loud: readonly number[]): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, level) => {
    // Quiet half of the decibels is mostly noise: a gentle curve keeps it calm.
    const weight = (level / 255) ** 1.6;
    const [r = 0, g = 0, b = 0] = quiet.map((from, index) => Math.round(from + ((loud[index] ?? 0) - from) * weight));
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}
