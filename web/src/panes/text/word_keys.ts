/** Marking and reading with the keyboard: a word cursor, from line to line, Enter to mark or to write. */
import type { PaneContext } from "../pane";
import { spanAt } from "./blocks";
import type { Painted } from "./highlights";
import type { RowPaint } from "./row_paint";
import { paintedRange, type Rows } from "./rows";
import type { SpanEdits } from "./span_edits";
import type { Transcribing } from "./transcribing";
import { type Cursor, cursorAt, moved, widened } from "./word_cursor";

export interface WordKeysPorts {
  readonly rows: Rows;
  readonly paint: RowPaint;
  readonly context: PaneContext;
  readonly edits: SpanEdits;
  readonly writing: Transcribing;
  changed(): void;
}

export class WordKeys {
  readonly #ports: WordKeysPorts;
  #cursor: Cursor | null = null;

  constructor(ports: WordKeysPorts) {
    this.#ports = ports;
  }

  /** Keys count only on `target` itself, not in what is written in within it. */
  listen(target: HTMLElement, signal: AbortSignal): void {
    target.addEventListener(
      "keydown",
      (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.target !== target) return;
        if (!this.#keyed(event)) return;
        event.preventDefault();
        event.stopPropagation();
        this.#ports.changed();
      },
      { signal },
    );
  }

  get painted(): readonly Painted[] {
    return this.#cursor === null ? [] : [["cursor", paintedRange(this.#cursor.row, ...this.#cursor.units)]];
  }

  forget(): void {
    this.#cursor = null;
  }

  /** The lines were laid out anew: the cursor goes with its line. */
  onLaidOut(): void {
    if (this.#cursor !== null && this.#ports.rows.ofElement(this.#cursor.row.element) === undefined) this.forget();
  }

  #keyed({ key, shiftKey }: KeyboardEvent): boolean {
    const cursor = this.#cursor;
    const arrow = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : null;
    // Without a cursor Shift and an arrow move the edge of the selected span, as they do everywhere.
    if (arrow !== null && !(shiftKey && cursor === null)) {
      if (cursor === null) this.#cursor = this.#firstCursor();
      else this.#cursor = shiftKey ? widened(cursor, arrow) : moved(this.#ports.rows.list, cursor, arrow);
      this.#sayCursor();
      return true;
    }
    if (shiftKey) return false;
    if (key === "ArrowDown" || key === "ArrowUp") {
      this.#cursor = null;
      return this.#ports.writing.enter(key === "ArrowDown" ? 1 : -1);
    }
    if (key === "Enter" && cursor !== null) {
      this.#cursor = null;
      return this.#ports.edits.mark(cursor.row.block, spanAt(cursor.row.block, ...cursor.units));
    }
    if (key === "Enter") return this.#ports.writing.run("text.edit");
    if (key === "Escape" && cursor !== null) {
      this.#cursor = null;
      return true;
    }
    return false;
  }

  #firstCursor(): Cursor | null {
    const [id] = this.#ports.context.store.getState().selection;
    const place = id === undefined ? null : this.#ports.paint.find(id);
    if (place !== null) return { row: place.row, units: [place.place.start, place.place.end] };
    const row = this.#ports.rows.ofAnnotation(id ?? "") ?? this.#ports.rows.list[0];
    return row === undefined ? null : cursorAt({ row, unit: 0 });
  }

  #sayCursor(): void {
    if (this.#cursor === null) return;
    const { row, units } = this.#cursor;
    row.element.scrollIntoView({ block: "nearest" });
    this.#ports.context.announce(row.block.offsets.text.slice(...units));
  }
}
