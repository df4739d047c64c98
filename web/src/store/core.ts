/** The one place that writes the state: what is settled, what still waits, and edits on top of both. */
import type { StoreApi } from "zustand/vanilla";
import { newId } from "../base/ids";
import type { ChangeSet, Op, Origin } from "../model/changes";
import type { AnyRecord, Layer } from "../model/records";
import { linkedIds } from "./derive";
import { targetsOfAll } from "./ontology";
import { applyOps, inverseOps, lookUp, type SampleData } from "./sample";
import type { Notice, Past, WorkspaceState } from "./state";

export class Core {
  readonly #store: StoreApi<WorkspaceState>;
  /** What the server has said, without what still waits. */
  settled: SampleData | null = null;
  pending: readonly ChangeSet[] = [];
  readonly seqOf = new Map<string, number>();
  send: (changeSet: ChangeSet) => void = () => {};
  rewrite: (change: (set: ChangeSet) => ChangeSet) => void = () => {};

  constructor(store: StoreApi<WorkspaceState>) {
    this.#store = store;
  }

  get state(): WorkspaceState {
    return this.#store.getState();
  }

  set(part: Partial<WorkspaceState>): void {
    const next = { ...this.state, ...part };
    const ontology = next.ontology;
    const linking = next.linking;
    const lit =
      "sample" in part || "selection" in part || "hover" in part
        ? {
            linked: linkedIds(
              next.sample,
              next.hover === null ? next.selection : new Set([...next.selection, next.hover]),
            ),
          }
        : {};
    const allowed =
      "sample" in part || "linking" in part
        ? {
            allowedTargets:
              linking?.source != null && linking.target === null && ontology !== null && next.sample !== null
                ? targetsOfAll(ontology, next.sample, linking.sources, linking.only)
                : null,
          }
        : {};
    this.#store.setState({ ...part, ...lit, ...allowed, version: next.version + 1 });
  }

  edit(reason: string, ops: readonly Op[], origin?: Origin): void {
    const { sample } = this.state;
    if (sample === null || ops.length === 0 || this.isInPast()) return;
    const entry = { id: newId(), reason, forward: ops, inverse: inverseOps(sample, ops) };
    this.set({ undoStack: [...this.state.undoStack, entry], redoStack: [] });
    this.apply({
      id: entry.id,
      ops,
      ...(reason === "" ? {} : { reason }),
      ...(origin === undefined ? {} : { origin }),
    });
  }

  /** Whether the panes show a past state; if so, it is said why nothing happens. */
  isInPast(): boolean {
    const { past, notices } = this.state;
    if (past === null) return false;
    const text = "This is a past state and read only. Esc leads back to now";
    if (!notices.some((notice) => notice.text === text)) this.notify(text, { tone: "error" });
    return true;
  }

  showPast(past: Past | null): void {
    if (past !== this.state.past) this.set({ past, draft: null, linking: null, sample: past?.data ?? this.present() });
  }

  /** Several change sets as one gesture: each stands or falls alone, undo takes back all that stood. */
  editEach(reason: string, parts: readonly (readonly Op[])[]): void {
    const { sample } = this.state;
    if (sample === null || parts.length === 0) return;
    const sets = parts.map((ops): ChangeSet => ({ id: newId(), ops, ...(reason === "" ? {} : { reason }) }));
    const forward = parts.flat();
    const members = sets.map((set) => set.id);
    const entry = { id: members[0] ?? newId(), reason, forward, inverse: inverseOps(sample, forward) };
    const several = sets.length > 1 ? { members } : {};
    this.set({ undoStack: [...this.state.undoStack, { ...entry, ...several }], redoStack: [] });
    for (const set of sets) this.apply(set);
  }

  apply(changeSet: ChangeSet): void {
    const { sample } = this.state;
    if (sample === null) return;
    this.pending = [...this.pending, changeSet];
    const next = applyOps(sample, changeSet.ops);
    const selection = new Set([...this.state.selection].filter((id) => lookUp(next, id) !== undefined));
    this.set({ sample: next, selection });
    this.send(changeSet);
  }

  update(reason: string, records: readonly AnyRecord[]): void {
    const { sample } = this.state;
    if (sample === null) return;
    const ops: Op[] = [];
    for (const record of records) {
      const head = lookUp(sample, record.id);
      if (head !== undefined) ops.push({ op: "update", record, base: head.rev });
    }
    this.edit(reason, ops);
  }

  /** The layer of this person, and the op that makes it when it is not there yet. */
  ownLayer(): { layer: string; ops: readonly Op[] } {
    const { layers, actor } = this.state;
    for (const layer of layers.values()) {
      if (layer.actor === actor && (layer.layer_kind ?? "person") === "person") return { layer: layer.id, ops: [] };
    }
    const record: Layer = { kind: "layer", id: newId(), name: actor, actor };
    this.set({ layers: new Map([...layers, [record.id, record]]) });
    return { layer: record.id, ops: [{ op: "create", record }] };
  }

  notify(text: string, options: { readonly tone?: Notice["tone"]; readonly canUndo?: boolean } = {}): void {
    // Nothing was done while the past is shown, so there is nothing to undo either.
    if (options.canUndo && this.state.past !== null) return;
    const notice = { id: newId(), text, tone: options.tone ?? "plain", canUndo: options.canUndo ?? false };
    this.set({ notices: [...this.state.notices, notice].slice(-3) });
  }

  /** What the panes show: the present, or the past that is being looked at. */
  folded(): SampleData | null {
    return this.state.past?.data ?? this.present();
  }

  /** What is settled, with all that waits on top. */
  present(): SampleData | null {
    if (this.settled === null) return null;
    return this.pending.reduce((data, set) => applyOps(data, set.ops), this.settled);
  }
}
