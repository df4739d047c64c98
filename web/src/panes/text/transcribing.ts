/** Transcribing: lines are entered (and played), written in, cut at the caret, and given their speaker. */
import { newId } from "../../base/ids";
import type { Op } from "../../model/changes";
import { playSpan } from "../../playhead/play_span";
import { applyOps, type SampleData } from "../../store/sample";
import { editText, setSpeaker, speakersOf, splitAtPoint, type Verb } from "../../store/utterances";
import type { PaneContext } from "../pane";
import { playsOnFocus } from "../shared/habits";
import { type Editing, LineEditor } from "./line_editor";
import type { Row, Rows } from "./rows";
import { spokenSpan } from "./spoken";

export class Transcribing {
  readonly #rows: Rows;
  readonly #context: PaneContext;
  readonly #redraw: () => void;
  readonly #editor: LineEditor;
  /** An annotation whose line is to be written in as soon as it is laid out. */
  #wanted: string | null = null;
  #fresh: string | null = null;

  constructor(rows: Rows, context: PaneContext, redraw: () => void) {
    this.#rows = rows;
    this.#context = context;
    this.#redraw = redraw;
    this.#editor = new LineEditor({
      onKeep: (editing, text) => this.#do(editText(this.#sample(), editing.id, text.trim(), editing.base)),
      onSplit: (editing, text, caret) => this.#split(editing, text, caret),
      onMove: (step) => this.#move(step),
      onSpeaker: (number) => this.#speaker(number),
      onReplay: () => this.#play(this.#editor.editing?.id ?? null),
      onLeave: () => this.#onLeave(),
    });
  }

  /** The line being written in, or about to be. */
  get writing(): { readonly id: string; readonly key: string } | null {
    const { editing } = this.#editor;
    if (editing !== null) return { id: editing.id, key: editing.row.block.key };
    return this.#wanted === null ? null : { id: this.#wanted, key: "" };
  }

  dispose(): void {
    this.#wanted = null;
    this.#editor.close(true);
  }

  run(commandId: string): boolean {
    const id = this.#selected();
    if (commandId === "text.edit") return this.#write(id);
    if (commandId === "text.edit.new") return this.#write(id, true);
    if (commandId === "text.play") return this.#play(id);
    return false;
  }

  /** The line after or before the selected one, selected and played. */
  enter(step: 1 | -1): boolean {
    const next = this.#beside(this.#selected(), step);
    if (next === null) return false;
    this.#context.store.actions.select([next]);
    this.#context.store.actions.reveal(next);
    if (playsOnFocus()) this.#play(next);
    return true;
  }

  onLaidOut(): void {
    const id = this.#wanted;
    const row = id === null ? undefined : this.#rows.ofAnnotation(id);
    if (id === null || row === undefined) return;
    this.#wanted = null;
    this.#open(id, row);
  }

  #sample(): SampleData {
    const { sample } = this.#context.store.getState();
    if (sample === null) throw new Error("text pane: no sample is open, wanted one to write in");
    return sample;
  }

  #selected(): string | null {
    const { selection, sample } = this.#context.store.getState();
    const [id] = selection;
    const record = sample?.annotations.get(id ?? "")?.record;
    // A span stands for the line that it stands on.
    return record?.region.type === "text_span" ? (record.region.of ?? null) : (record?.id ?? null);
  }

  #beside(id: string | null, step: 1 | -1): string | null {
    const ids = this.#rows.list.flatMap(({ block }) => (block.of === null || block.continues ? [] : [block.of]));
    const at = id === null ? -1 : ids.indexOf(id);
    return at < 0 ? ((step > 0 ? ids[0] : ids.at(-1)) ?? null) : (ids[at + step] ?? null);
  }

  /** `isNew`: made only to be written in, so that it goes again when nothing is written. */
  #write(id: string | null, isNew = false): boolean {
    this.#fresh = isNew ? id : null;
    const record = this.#context.store.getState().sample?.annotations.get(id ?? "")?.record;
    if (id === null || record === undefined) return false;
    if (!["time_span", "whole_stream"].includes(record.region.type)) return false;
    const row = this.#rows.ofAnnotation(id);
    if (row !== undefined) this.#open(id, row);
    else {
      this.#wanted = id;
      this.#redraw();
    }
    return true;
  }

  #open(id: string, row: Row): void {
    const base = this.#sample().annotations.get(id)?.rev;
    if (base === undefined) return;
    if (row.block.whole !== row.block.offsets) {
      this.#context.announce("This text is too long to write in here");
      return;
    }
    this.#editor.open({ id, row, base }, row.words.length);
    this.#context.store.actions.select([id]);
    if (playsOnFocus()) this.#play(id);
  }

  #move(step: 1 | -1): void {
    const next = this.#beside(this.#selected(), step);
    if (next !== null) this.#write(next);
  }

  #play(id: string | null): boolean {
    const { store, playhead } = this.#context;
    const annotation = store.getState().sample?.annotations.get(id ?? "")?.record;
    const span = annotation === undefined ? null : spokenSpan(annotation);
    if (annotation === undefined || span === null) return false;
    const at = (media_ns: number) => playhead.toTimeline(annotation.stream, media_ns);
    playSpan(playhead, at(span[0]), at(span[1]));
    return true;
  }

  #onLeave(): void {
    const id = this.#fresh;
    this.#fresh = null;
    const { store } = this.#context;
    if (id !== null && store.getState().sample?.annotations.get(id)?.record.text === "") store.actions.remove([id]);
    this.#redraw();
  }

  #do(verb: Verb | null): boolean {
    if (verb === null) return false;
    this.#context.store.actions.edit(verb.reason, verb.ops);
    return true;
  }

  /** What was written and the cut are one change set. */
  #split({ id, base }: Editing, text: string, caret: number): void {
    const sample = this.#sample();
    const edit = editText(sample, id, text, base);
    const written = edit === null ? sample : applyOps(sample, edit.ops);
    const verb = splitAtPoint(written, id, caret, newId);
    if (verb === null) {
      this.#do(edit);
      this.#context.announce("Nothing to split here");
      return;
    }
    const ops = verb.ops.map((op): Op => (op.op === "update" && op.record.id === id ? { ...op, base } : op));
    this.#wanted = verb.target;
    this.#do({ ...verb, ops });
    this.#context.announce("Utterance split");
  }

  #speaker(number: number): void {
    const { editing } = this.#editor;
    const speaker = speakersOf(this.#sample())[number - 1];
    if (editing === null || speaker === undefined) return;
    const verb = setSpeaker(this.#sample(), [editing.id], speaker);
    if (!this.#do(verb)) return;
    // The speaker is mine too: what is being written goes on from there.
    const base = this.#sample().annotations.get(editing.id)?.rev ?? editing.base;
    this.#editor.rebase(base);
    this.#context.announce(`Speaker ${speaker}`);
  }
}
