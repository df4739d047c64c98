/** Writing in a line, in place. Enter keeps it, Esc leaves it as it was, Tab goes on to the next line. */
import { Offsets } from "../../base/text";
import type { Row } from "./rows";

export interface EditorPorts {
  /** The line's new text, and where the caret stood in it (code points). */
  onKeep(editing: Editing, text: string): void;
  onSplit(editing: Editing, text: string, caret: number): void;
  onMove(step: 1 | -1): void;
  onSpeaker(number: number): void;
  onReplay(): void;
  /** The line is no longer written in. */
  onLeave(): void;
}

export interface Editing {
  readonly id: string;
  readonly row: Row;
  /** The revision that was read when the writing began. */
  readonly base: string;
}

export class LineEditor {
  readonly #ports: EditorPorts;
  #editing: Editing | null = null;

  constructor(ports: EditorPorts) {
    this.#ports = ports;
  }

  get editing(): Editing | null {
    return this.#editing;
  }

  /** A change of one's own to another part of the annotation while writing. */
  rebase(base: string): void {
    if (this.#editing !== null) this.#editing = { ...this.#editing, base };
  }

  /** Begins to write in a line, the caret at a UTF-16 unit. */
  open(editing: Editing, unit: number): void {
    this.close(true);
    this.#editing = editing;
    const { holder, element, words, mark } = editing.row;
    element.toggleAttribute("data-editing", true);
    holder.setAttribute("contenteditable", "plaintext-only");
    holder.setAttribute("role", "textbox");
    holder.setAttribute("aria-label", `Text of ${mark.textContent}`);
    holder.addEventListener("keydown", this.#onKey);
    holder.addEventListener("blur", this.#onBlur);
    holder.focus();
    document.getSelection()?.collapse(words, Math.min(unit, words.length));
    element.scrollIntoView({ block: "nearest" });
  }

  /** Ends the writing; what was written is kept or given up. */
  close(isKept: boolean): void {
    const editing = this.#editing;
    if (editing === null) return;
    const text = this.#text(editing);
    this.#leave(editing);
    if (isKept) this.#ports.onKeep(editing, text);
    else {
      const { words, holder, block } = editing.row;
      words.data = block.offsets.text;
      holder.replaceChildren(words);
    }
    this.#ports.onLeave();
  }

  #leave({ row: { holder, element } }: Editing): void {
    this.#editing = null;
    holder.removeEventListener("keydown", this.#onKey);
    holder.removeEventListener("blur", this.#onBlur);
    for (const name of ["contenteditable", "role", "aria-label"]) holder.removeAttribute(name);
    element.toggleAttribute("data-editing", false);
  }

  /** A line is one line: breaks that were pasted are space. */
  #text({ row }: Editing): string {
    return (row.holder.textContent ?? "").replace(/\s*\n\s*/g, " ");
  }

  readonly #onBlur = (): void => this.close(true);

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const digit = event.altKey && /^Digit[1-9]$/.test(event.code) ? Number(event.code.slice(5)) : null;
    if (digit !== null) this.#ports.onSpeaker(digit);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#split();
    else if (event.key === "Enter") this.close(true);
    else if (event.key === "Escape") this.close(false);
    else if (event.key === "Tab") this.#move(event.shiftKey ? -1 : 1);
    else if (event.key === " " && (event.ctrlKey || event.metaKey)) this.#ports.onReplay();
    else {
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  #move(step: 1 | -1): void {
    this.close(true);
    this.#ports.onMove(step);
  }

  #split(): void {
    const editing = this.#editing;
    if (editing === null) return;
    const caret = caretIn(editing.row.holder);
    const text = this.#text(editing);
    this.#leave(editing);
    this.#ports.onSplit(editing, text, new Offsets(text).toPoints(caret));
    this.#ports.onLeave();
  }
}

/** UTF-16 units before the caret. */
function caretIn(holder: HTMLElement): number {
  const selection = document.getSelection();
  if (selection === null || selection.rangeCount === 0) return 0;
  const { endContainer, endOffset } = selection.getRangeAt(0);
  const before = document.createRange();
  before.selectNodeContents(holder);
  before.setEnd(endContainer, endOffset);
  return before.toString().length;
}
