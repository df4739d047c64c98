/** The lines on the screen: one element for each block, kept while its text stays, and found again from the caret. */
import type { PaneContext } from "../pane";
import type { Block } from "./blocks";
import type { Place } from "./placing";

export interface Row {
  readonly block: Block;
  readonly element: HTMLElement;
  readonly mark: HTMLButtonElement;
  readonly holder: HTMLElement;
  readonly words: Text;
}

/** A place in the writing: a line and a UTF-16 unit of its block. */
export interface Spot {
  readonly row: Row;
  readonly unit: number;
}

export class Rows {
  readonly element: HTMLElement;
  readonly #context: PaneContext;
  #list: readonly Row[] = [];
  #byWords = new Map<Node, Row>();
  #byElement = new Map<Element, Row>();
  /** First rows of annotations' texts. */
  #byOf = new Map<string, Row>();

  constructor(element: HTMLElement, context: PaneContext) {
    this.element = element;
    this.#context = context;
  }

  get list(): readonly Row[] {
    return this.#list;
  }

  ofAnnotation(id: string): Row | undefined {
    return this.#byOf.get(id);
  }

  ofElement(element: Element): Row | undefined {
    return this.#byElement.get(element);
  }

  /** Rows that share one text, in its order. */
  ofText(block: Block): readonly Row[] {
    return this.#list.filter((row) => row.block.of === block.of && row.block.stream === block.stream);
  }

  /** True when a row came or went; `keep` is being written in and stays as it is. */
  show(blocks: readonly Block[], keep: string | null): boolean {
    const kept = new Map(this.#list.map((row) => [row.block.key, row]));
    this.#list = blocks.map((block) => {
      const old = kept.get(block.key);
      if (old === undefined || !(block.key === keep || shows(old, block))) return this.#make(block);
      return old.block === block ? old : { ...old, block };
    });
    this.#byWords = new Map(this.#list.map((row) => [row.words, row]));
    this.#byElement = new Map(this.#list.map((row) => [row.element, row]));
    this.#byOf = new Map();
    for (const row of this.#list) {
      const { of } = row.block;
      if (of !== null && !this.#byOf.has(of)) this.#byOf.set(of, row);
    }
    // Lines that stay are left where they are: taking them out would end a selection that is being made.
    const { children } = this.element;
    const isSame = children.length === this.#list.length && this.#list.every((row, at) => children[at] === row.element);
    if (!isSame) this.element.replaceChildren(...this.#list.map((row) => row.element));
    return !isSame;
  }

  #make(block: Block): Row {
    const element = document.createElement("p");
    element.className = "text-line";
    element.toggleAttribute("data-continues", block.continues);
    const mark = document.createElement("button");
    mark.type = "button";
    mark.className = "text-mark";
    mark.disabled = block.of === null;
    mark.hidden = block.continues;
    mark.addEventListener("click", () => this.#context.store.actions.pick(block.of));
    const words = document.createTextNode(block.offsets.text);
    const holder = document.createElement("span");
    holder.className = "text-words";
    holder.dir = "auto";
    holder.append(words);
    element.append(mark, holder);
    return { block, element, mark, holder, words };
  }

  /** The place in the writing under a point of the screen. */
  spotAt(x: number, y: number): Spot | null {
    const caret = document.caretPositionFromPoint(x, y);
    return caret === null ? null : this.spotOf(caret.offsetNode, caret.offset);
  }

  spotOf(node: Node, offset: number): Spot | null {
    const row = this.#byWords.get(node);
    if (row !== undefined) return { row, unit: offset };
    const element = node instanceof Element ? node.closest(".text-line") : node.parentElement?.closest(".text-line");
    const near = element == null ? undefined : this.#byElement.get(element);
    if (near === undefined) return null;
    return { row: near, unit: node === near.holder && offset > 0 ? near.words.length : 0 };
  }

  /** The spot of a code point of the text that a block belongs to; an end belongs to the line that it closes. */
  spotOfPoint(block: Block, point: number, edge: "start" | "end"): Spot | null {
    const rows = this.ofText(block);
    const row = rows.find(({ block: { start, offsets } }) => {
      const past = start + offsets.length;
      return edge === "start" ? point >= start && point < past : point > start && point <= past;
    });
    return row === undefined ? null : { row, unit: row.block.offsets.toUnits(point - row.block.start) };
  }
}

/** Whether a line still shows a block: writing in it may have left other nodes. */
function shows({ words, holder }: Row, block: Block): boolean {
  return words.data === block.offsets.text && holder.firstChild === words && holder.lastChild === words;
}

export function rangeOf(row: Row, start: number, end: number): Range {
  const range = document.createRange();
  range.setStart(row.words, Math.min(start, row.words.length));
  range.setEnd(row.words, Math.min(end, row.words.length));
  return range;
}

/** The same for painting only: it does not slow changes of the page down. */
export function paintedRange(row: Row, start: number, end: number): StaticRange {
  const { length } = row.words;
  return new StaticRange({
    startContainer: row.words,
    startOffset: Math.min(start, length),
    endContainer: row.words,
    endOffset: Math.min(end, length),
  });
}

/** Those of a line's places that lie under a point of the screen. */
export function placesUnder(row: Row, places: readonly Place[], unit: number, x: number, y: number): readonly Place[] {
  return places.filter(
    ({ start, end }) =>
      start <= unit &&
      unit <= end &&
      [...rangeOf(row, start, end).getClientRects()].some(
        (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom,
      ),
  );
}
