/** Named highlights of the page (CSS Custom Highlight API), shared by all text panes; each pane owns its ranges. */

export type HighlightName =
  | `c${number}`
  | "ungrounded"
  | "linked"
  | "hover"
  | "selected"
  | "suspect"
  | "dimmed"
  | "word";

const ORDER: readonly HighlightName[] = [
  "c0",
  "c1",
  "c2",
  "c3",
  "c4",
  "c5",
  "c6",
  "c7",
  "ungrounded",
  "suspect",
  "linked",
  "hover",
  "selected",
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

export class OwnHighlights {
  #own: [HighlightName, AbstractRange][] = [];

  replace(ranges: readonly (readonly [HighlightName, AbstractRange])[]): void {
    for (const [name, range] of this.#own) named(name).delete(range);
    for (const [name, range] of ranges) named(name).add(range);
    this.#own = ranges.map(([name, range]) => [name, range]);
  }
}
