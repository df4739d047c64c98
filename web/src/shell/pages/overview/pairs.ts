/** Which classes are linked with which: pairs gathered into a square that fits on a screen. */
import type { PairTally } from "../../../model/statistics";

export interface Square {
  /** Class ids, the most linked first. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly most: number;
  count(source: string, target: string): number;
  /** Links of pairs that the square leaves out. */
  readonly others: number;
}

export function squareOf(pairs: readonly PairTally[], size: number, type = ""): Square {
  const cells = new Map<string, number>();
  const sources = new Map<string, number>();
  const targets = new Map<string, number>();
  const add = (sums: Map<string, number>, key: string, links: number) => sums.set(key, (sums.get(key) ?? 0) + links);
  const key = (source: string, target: string) => JSON.stringify([source, target]);
  let all = 0;
  for (const pair of pairs) {
    if (type !== "" && pair.type_id !== type) continue;
    add(cells, key(pair.source_class, pair.target_class), pair.links);
    add(sources, pair.source_class, pair.links);
    add(targets, pair.target_class, pair.links);
    all += pair.links;
  }
  const largest = (sums: ReadonlyMap<string, number>) =>
    [...sums]
      .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, size)
      .map(([name]) => name);
  const rows = largest(sources);
  const columns = largest(targets);
  const count = (source: string, target: string) => cells.get(key(source, target)) ?? 0;
  const shown = rows.flatMap((source) => columns.map((target) => count(source, target)));
  return {
    rows,
    columns,
    count,
    most: Math.max(0, ...shown),
    others: all - shown.reduce((sum, links) => sum + links, 0),
  };
}
