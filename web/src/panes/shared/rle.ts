/** COCO's compressed run lengths: column-major, first run is background, deltas to the run before last from the third on. */

export function decodeCounts(counts: string): number[] {
  const runs: number[] = [];
  let at = 0;
  while (at < counts.length) {
    let value = 0;
    let shift = 0;
    let more = true;
    while (more && at < counts.length) {
      const code = counts.charCodeAt(at) - 48;
      value |= (code & 0x1f) << (5 * shift);
      more = (code & 0x20) !== 0;
      at += 1;
      shift += 1;
      if (!more && (code & 0x10) !== 0) value |= -1 << (5 * shift);
    }
    if (runs.length > 2) value += runs[runs.length - 2] ?? 0;
    runs.push(value);
  }
  return runs;
}

export interface MaskBounds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** One byte a pixel, row-major, 1 inside; and the bounds of what is inside (null: nothing). */
export function decodeMask(
  counts: string,
  widthPx: number,
  heightPx: number,
): { readonly inside: Uint8Array; readonly bounds: MaskBounds | null } {
  const inside = new Uint8Array(widthPx * heightPx);
  let bounds: MaskBounds | null = null;
  let place = 0;
  decodeCounts(counts).forEach((run, index) => {
    const end = Math.min(inside.length, place + Math.max(0, run));
    if (index % 2 === 1) {
      for (let at = place; at < end; at += 1) {
        const x = Math.floor(at / heightPx);
        const y = at % heightPx;
        inside[y * widthPx + x] = 1;
        bounds =
          bounds === null
            ? { x0: x, y0: y, x1: x + 1, y1: y + 1 }
            : {
                x0: Math.min(bounds.x0, x),
                y0: Math.min(bounds.y0, y),
                x1: Math.max(bounds.x1, x + 1),
                y1: Math.max(bounds.y1, y + 1),
              };
      }
    }
    place = end;
  });
  return { inside, bounds };
}
