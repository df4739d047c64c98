/** Named highlights of the page (CSS Custom Highlight API), shared by all text panes; each owner keeps its own ranges. */
import { LEVELS } from "./placing";

export type HighlightName =
  | `c${number}-${number}`
  | `u${number}-${number}`
  | `suspect-${number}`
  | "linked"
  | "hover"
  | "selected"
  | "dimmed"
  | "cursor"
  | "word";

const levels = Array.from({ length: LEVELS }, (_, level) => level);

/** Later ones lie above: the widest spans lowest, then what is lit. */
const ORDER: readonly HighlightName[] = [
  ...levels
    .toReversed()
    .flatMap((level) =>
      Array.from({ length: 8 }, (_, n): readonly HighlightName[] => [`c${n}-${level}`, `u${n}-${level}`]).flat(),
    ),
  ...levels.map((level): HighlightName => `suspect-${level}`),
  "linked",
  "hover",
  "selected",
  "cursor",
  "word",
  "dimmed",
];

function named(name: HighlightName): Highlight {
  const full = `braid-${name}`;
  let highlight = CSS.highlights.get(full);
  if (highlight === undefined) {
    highlight = new Highlight();
    highlight.priority = ORDER.indexOf(name);
    CSS.highlights.set(full, highlight);
  }
  return highlight;
}

export type Painted = readonly [HighlightName, AbstractRange];

export class OwnHighlights {
  #own: readonly Painted[] = [];

  replace(ranges: readonly Painted[]): void {
    for (const [name, range] of this.#own) named(name).delete(range);
    for (const [name, range] of ranges) named(name).add(range);
    this.#own = ranges;
  }
}
