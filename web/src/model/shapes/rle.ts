/** COCO's compressed run lengths: column-major, first run is background, deltas to the run before last from the third on. */

/** Reads no further than the string; what it holds was checked by the server. */
export function decodeCounts(counts: string): number[] {
  const runs: number[] = [];
  let at = 0;
  while (at < counts.length) {
    let value = 0;
    let unit = 1;
    let more = true;
    while (more && at < counts.length) {
      const code = counts.charCodeAt(at) - 48;
      value += (code & 0x1f) * unit;
      unit *= 32;
      more = (code & 0x20) !== 0;
      at += 1;
      if (!more && (code & 0x10) !== 0) value -= unit;
    }
    if (runs.length > 2) value += runs[runs.length - 2] ?? 0;
    runs.push(value);
  }
  return runs;
}

/** The compressed string of run lengths, the same as `braid.space.rle.write_counts`. */
export function encodeCounts(runs: readonly number[]): string {
  let text = "";
  runs.forEach((run, place) => {
    let value = place > 2 ? run - (runs[place - 2] ?? 0) : run;
    let more = true;
    while (more) {
      const code = ((value % 32) + 32) % 32;
      value = Math.floor(value / 32);
      more = value !== ((code & 0x10) === 0 ? 0 : -1);
      text += String.fromCharCode((more ? code | 0x20 : code) + 48);
    }
  });
  return text;
}

export interface MaskBounds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Bounds of what is inside, from the runs alone; null when nothing is. */
export function boundsOfRuns(runs: readonly number[], heightPx: number): MaskBounds | null {
  let [x0, y0, x1, y1] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  let at = 0;
  runs.forEach((run, place) => {
    if (place % 2 === 1 && run > 0) {
      const [first, last] = [Math.floor(at / heightPx), Math.floor((at + run - 1) / heightPx)];
      x0 = Math.min(x0, first);
      x1 = Math.max(x1, last + 1);
      y0 = first === last ? Math.min(y0, at % heightPx) : 0;
      y1 = first === last ? Math.max(y1, ((at + run - 1) % heightPx) + 1) : heightPx;
    }
    at += Math.max(0, run);
  });
  return x1 > 0 ? { x0, y0, x1, y1 } : null;
}
