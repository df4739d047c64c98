/** Refused change sets: mine as a new version, or theirs. */
import type { Op } from "../model/changes";
import type { WorkspaceActions } from "./actions";
import type { Core } from "./core";
import { lookUp } from "./sample";
import type { Conflict } from "./state";

export function conflicts(core: Core): Pick<WorkspaceActions, "keepMine" | "takeTheirs"> {
  function keepMine(conflictId: string): void {
    core.showPast(null);
    const conflict = dropConflict(conflictId);
    const { sample } = core.state;
    if (conflict === undefined || sample === null) return;
    const ops = conflict.changeSet.ops.map((op): Op => {
      const head = lookUp(sample, op.op === "delete" ? op.id : op.record.id);
      if (op.op === "create") return op;
      if (head !== undefined) return { ...op, base: head.rev };
      return op.op === "update" ? { op: "create", record: op.record } : op;
    });
    core.edit(`Keep mine: ${conflict.changeSet.reason ?? ""}`, ops);
  }

  function takeTheirs(conflictId: string): void {
    dropConflict(conflictId);
  }

  function dropConflict(id: string): Conflict | undefined {
    const conflict = core.state.conflicts.find((entry) => entry.id === id);
    core.set({ conflicts: core.state.conflicts.filter((entry) => entry.id !== id) });
    return conflict;
  }

  return { keepMine, takeTheirs };
}
