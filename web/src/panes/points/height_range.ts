/** The heights between which colours run: from the ground to where few points lie above. */
import { eachPoint, type Tile } from "./tiles";

/** 2nd and 97th percentile of height over at most about 20,000 points, at least a metre apart. */
export function heightRange(tiles: readonly Tile[]): { readonly low_m: number; readonly high_m: number } {
  const total = tiles.reduce((sum, tile) => sum + tile.count, 0);
  const stride = Math.max(1, Math.floor(total / 20_000));
  const heights: number[] = [];
  let place = 0;
  eachPoint(tiles, (_x, _y, z_m) => {
    if (place % stride === 0) heights.push(z_m);
    place += 1;
  });
  if (heights.length === 0) return { low_m: -2, high_m: 4 };
  heights.sort((a, b) => a - b);
  const at = (share: number) => heights[Math.min(heights.length - 1, Math.floor(share * heights.length))] ?? 0;
  const low_m = at(0.02);
  return { low_m, high_m: Math.max(low_m + 1, at(0.97)) };
}
