/** The line in a pane's corner that says what it shows: `left · frame 429 · −12.7 ms ±0.4`, or that there is no data. */
import { markText, NO_DATA, type ReadingAt } from "../../playhead/reading_at";

export class TimeBadge {
  readonly element = document.createElement("div");
  readonly #name = document.createElement("b");
  readonly #text = document.createTextNode("");

  constructor(name: string) {
    this.element.className = "pane-time";
    this.#name.textContent = name;
    this.element.append(this.#name, this.#text);
  }

  /** What the pane shows at the playhead; null is said as missing. `more` follows, such as "proxy". */
  show(noun: string, mark: ReadingAt | null, more = ""): void {
    this.#set(markText(noun, mark) + (more === "" ? "" : ` · ${more}`), mark === null);
  }

  /** Offsets of what has no index. */
  offset(text: string | null): void {
    this.#set(text ?? NO_DATA, text === null);
  }

  /** A sentence instead: loading, or a problem. */
  say(text: string): void {
    this.#set(text, false);
  }

  /** Nothing to say: a stream without time. */
  clear(): void {
    this.element.hidden = true;
  }

  #set(text: string, missing: boolean): void {
    this.element.hidden = false;
    this.element.dataset["missing"] = String(missing);
    if (this.#text.data !== text) this.#text.data = text;
  }
}
