/** Undo and redo: new change sets, never a rewrite of history. */
import { newId } from "../base/ids";
import type { Op } from "../model/changes";
import { revisionOf } from "../model/revision";
import type { WorkspaceActions } from "./actions";
import type { Core } from "./core";
import { inverseOps, lookUp } from "./sample";

export function undoing(core: Core): Pick<WorkspaceActions, "undo" | "redo"> {
  function undo(): void {
    const entry = core.state.undoStack.at(-1);
    if (entry === undefined || core.isInPast()) return;
    const ops = rebased(entry.inverse, entry.forward);
    if (ops === null) return;
    const undone = { ...entry, inverse: ops };
    core.set({ undoStack: core.state.undoStack.slice(0, -1), redoStack: [...core.state.redoStack, undone] });
    const seq = entry.members === undefined ? core.seqOf.get(entry.id) : undefined;
    core.apply({
      id: newId(),
      ops,
      origin: "undo",
      ...(seq === undefined ? {} : { undoes: seq }),
      ...(entry.reason === "" ? {} : { reason: `Undo: ${entry.reason}` }),
    });
  }

  function redo(): void {
    const entry = core.state.redoStack.at(-1);
    if (entry === undefined || core.isInPast()) return;
    const ops = rebased(entry.forward, entry.inverse);
    if (ops === null || core.state.sample === null) return;
    const { members: _several, ...gesture } = entry;
    const done = { ...gesture, id: newId(), inverse: inverseOps(core.state.sample, ops) };
    core.set({ redoStack: core.state.redoStack.slice(0, -1), undoStack: [...core.state.undoStack, done] });
    core.apply({ id: done.id, ops, ...(entry.reason === "" ? {} : { reason: entry.reason }) });
  }

  /** `ops` on the newest revisions; null, with a notice, when someone else changed a record since `after`. */
  function rebased(ops: readonly Op[], after: readonly Op[]): readonly Op[] | null {
    const { sample } = core.state;
    if (sample === null) return null;
    const left = new Map<string, string | null>();
    for (const op of after) left.set(op.op === "delete" ? op.id : op.record.id, leftBehind(op));
    const next: Op[] = [];
    for (const op of ops) {
      const kind = op.op === "delete" ? op.kind : op.record.kind;
      const id = op.op === "delete" ? op.id : op.record.id;
      if (kind === "layer") continue;
      const head = lookUp(sample, id);
      const expected = left.get(id);
      // A link's causes are Braid's own doing, so a link counts as unchanged when only its revision moved on.
      const foreign = expected !== undefined && (head?.rev ?? null) !== expected;
      if (foreign && kind !== "link") {
        core.notify("Someone else changed this since, so it was not undone", { tone: "error" });
        return null;
      }
      if (op.op === "create") next.push(head === undefined ? op : { op: "update", record: op.record, base: head.rev });
      else if (head === undefined && op.op === "update") next.push({ op: "create", record: op.record });
      else if (head !== undefined) next.push({ ...op, base: head.rev });
    }
    return next;
  }

  return { undo, redo };
}

/** The revision an op left; null when it deleted the record. */
function leftBehind(op: Op): string | null {
  if (op.op === "delete") return null;
  return revisionOf(op.record);
}
