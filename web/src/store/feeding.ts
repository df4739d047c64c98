/** What loading, sending and live events tell the store. */
import type { ChangeSet, FindingView, Head, Op, Outcome, SampleView, Stale } from "../model/changes";
import type { Layer, Ontology } from "../model/records";
import type { WorkspaceFeed } from "./actions";
import type { Core } from "./core";
import { applyHeads, fromView } from "./sample";
import type { SyncState } from "./sender";
import { EMPTY, INITIAL, type UndoEntry } from "./state";

export function feeding(core: Core): WorkspaceFeed {
  function load(view: SampleView, pending: readonly ChangeSet[] = core.pending): void {
    core.settled = fromView(view);
    core.pending = [...pending];
    const changed = core.state.sample?.sample.record.id !== view.sample.record.id;
    if (changed) core.set({ past: null, ghosts: [] });
    core.set({
      sample: core.folded(),
      ...(changed
        ? {
            selection: EMPTY,
            hover: null,
            draft: null,
            linking: null,
            undoStack: [],
            redoStack: [],
            reveal: null,
            conflicts: [],
          }
        : {}),
    });
  }

  function setOntology(ontology: Ontology): void {
    const known = ontology.classes?.some((entry) => entry.id === core.state.activeClass);
    core.set({ ontology, ...(known ? {} : { activeClass: ontology.classes?.[0]?.id ?? "" }) });
  }

  function setLayers(layers: readonly Layer[], actor: string): void {
    core.set({ layers: new Map(layers.map((layer) => [layer.id, layer])), actor });
  }

  function setFindings(findings: readonly FindingView[]): void {
    if (core.settled === null) return;
    core.settled = { ...core.settled, findings };
    core.set({ sample: core.folded() });
  }

  function setSync(sync: SyncState): void {
    core.set({ sync });
  }

  function connect(
    send: (changeSet: ChangeSet) => void,
    rewrite: (change: (set: ChangeSet) => ChangeSet) => void = () => {},
  ): void {
    core.send = send;
    core.rewrite = rewrite;
  }

  function close(): void {
    core.settled = null;
    core.pending = [];
    core.set({ ...INITIAL, version: core.state.version });
  }

  function settle(changeSet: ChangeSet, outcome: Outcome): void {
    core.pending = core.pending.filter((entry) => entry.id !== changeSet.id);
    if (outcome.seq != null) core.seqOf.set(changeSet.id, outcome.seq);
    if (core.settled === null) return;
    if (outcome.state === "committed" || outcome.state === "unchanged") {
      const heads = outcome.heads ?? [];
      rebasePending(changeSet, heads);
      core.settled = applyHeads(core.settled, heads, outcome.seq ?? 0);
      core.set({ sample: core.folded() });
      return;
    }
    core.settled = applyHeads(core.settled, (outcome.stale ?? []).flatMap(headOf), 0);
    const undoStack = core.state.undoStack.flatMap((entry) => without(entry, changeSet));
    if (outcome.state === "stale") {
      const conflict = { id: changeSet.id, changeSet, stale: outcome.stale ?? [] };
      core.set({ sample: core.folded(), conflicts: [...core.state.conflicts, conflict], undoStack });
      return;
    }
    core.set({ sample: core.folded(), undoStack });
    const error = outcome.errors?.[0];
    core.notify(error === undefined ? "The server refused the change" : letter(error), { tone: "error" });
  }

  /** What still waits may build on a record that Braid itself changed in the same commit: move it to the new head. */
  function rebasePending(changeSet: ChangeSet, heads: readonly Head[]): void {
    const own = new Set(changeSet.ops.map((op) => (op.op === "delete" ? op.id : op.record.id)));
    const derived = new Map(heads.filter((head) => !own.has(head.id)).map((head) => [head.id, head]));
    if (derived.size === 0) return;
    const moved = new Set<string>();
    const change = (set: ChangeSet): ChangeSet => {
      let touched = false;
      const ops = set.ops.map((op) => {
        const id = op.op === "delete" ? op.id : op.record.id;
        const head = derived.get(id);
        if (op.op === "create" || head === undefined || moved.has(id)) return op;
        moved.add(id);
        touched = true;
        return { ...op, base: head.rev };
      });
      return touched ? { ...set, ops } : set;
    };
    core.pending = core.pending.map(change);
    moved.clear();
    core.rewrite(change);
  }

  return { load, setOntology, setLayers, setFindings, setSync, settle, connect, close };
}

/** An undo step after a change set was refused: gone, or without that part of the gesture. */
function without(entry: UndoEntry, refused: ChangeSet): readonly UndoEntry[] {
  if (entry.members === undefined || !entry.members.includes(refused.id)) {
    return entry.id === refused.id ? [] : [entry];
  }
  const idOf = (op: Op) => (op.op === "delete" ? op.id : op.record.id);
  const lost = new Set(refused.ops.map(idOf));
  const keeps = (op: Op) => !lost.has(idOf(op));
  const forward = entry.forward.filter(keeps);
  return forward.length === 0 ? [] : [{ ...entry, forward, inverse: entry.inverse.filter(keeps) }];
}

function headOf(stale: Stale): Head[] {
  if (stale.head_rev === null || stale.head === null) {
    return [{ kind: stale.kind, id: stale.id, rev: "", seq: 0, record: null }];
  }
  return [{ kind: stale.kind, id: stale.id, rev: stale.head_rev, seq: 0, record: stale.head }];
}

function letter(error: { readonly message: string; readonly where: string; readonly hint: string }): string {
  return [error.where, error.message, error.hint].filter((part) => part !== "").join(". ");
}
