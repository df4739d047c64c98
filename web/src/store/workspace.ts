/** The workspace's state and the actions that change it. Panes read it, call actions, and never each other. */
import { createStore, type StoreApi } from "zustand/vanilla";
import { newId } from "../base/ids";
import type { ChangeSet, FindingView, Head, Op, Outcome, SampleView, Stale } from "../model/changes";
import type { Annotation, AnyRecord, Layer, Link, Ontology, Region, SampleState } from "../model/records";
import { revisionOf } from "../model/revision";
import { isSuspect, linkedIds, linksOf } from "./derive";
import { classesFor, endFacts, type LinkChoice, linkChoices, targetsOf } from "./ontology";
import { applyHeads, applyOps, fromView, inverseOps, lookUp, type SampleData } from "./sample";
import type { SyncState } from "./sender";

export type ToolId =
  | "select"
  | "box"
  | "rotated_box"
  | "polygon"
  | "polyline"
  | "cut"
  | "keypoints"
  | "mask"
  | "text_span"
  | "time_span"
  | "cuboid";

/** Which cuboids are drawn into camera pictures: every one, those that are lit, none. */
export type Projections = "all" | "lit" | "none";

/** Link mode. Without a source the next thing picked is it; with a target, `typeIds` are the choices. */
export interface Linking {
  readonly source: string | null;
  readonly target: string | null;
  readonly typeIds: readonly string[];
  /** Only this type, made at once (repeat the last link). */
  readonly only: string | null;
}

export interface Notice {
  readonly id: string;
  readonly text: string;
  readonly tone: "plain" | "error";
  readonly canUndo: boolean;
}

/** A refused change set: the person decides between mine and theirs. */
export interface Conflict {
  readonly id: string;
  readonly changeSet: ChangeSet;
  readonly stale: readonly Stale[];
}

interface UndoEntry {
  readonly id: string;
  readonly reason: string;
  readonly forward: readonly Op[];
  readonly inverse: readonly Op[];
}

export interface WorkspaceState {
  readonly sample: SampleData | null;
  readonly ontology: Ontology | null;
  readonly layers: ReadonlyMap<string, Layer>;
  readonly actor: string;
  readonly selection: ReadonlySet<string>;
  readonly hover: string | null;
  /** An annotation as the drag in progress would leave it: every pane may show it, nothing is saved of it. */
  readonly draft: Annotation | null;
  /** Ids lit by selection or hover through links and entities. */
  readonly linked: ReadonlySet<string>;
  readonly linking: Linking | null;
  /** While linking: what may be picked. Everything else is dimmed. */
  readonly allowedTargets: ReadonlySet<string> | null;
  readonly activeClass: string;
  readonly tool: ToolId;
  readonly projections: Projections;
  readonly sync: SyncState;
  readonly notices: readonly Notice[];
  readonly conflicts: readonly Conflict[];
  readonly undoStack: readonly UndoEntry[];
  readonly redoStack: readonly UndoEntry[];
  /** Asks the panes to bring an annotation into view; `turn` grows with each request. */
  readonly reveal: { readonly id: string; readonly turn: number } | null;
  /** Grows with every change of the drawn state: panes stamp it to show that they draw the same one. */
  readonly version: number;
}

export interface NewAnnotation {
  readonly stream: string;
  readonly region: Region;
  readonly classId?: string;
  readonly at_ns?: number;
  readonly index?: number;
  readonly text?: string;
}

export interface WorkspaceActions {
  select(ids: Iterable<string>, options?: { readonly toggle?: boolean }): void;
  setHover(id: string | null): void;
  setDraft(draft: Annotation | null): void;
  setTool(tool: ToolId): void;
  setActiveClass(classId: string): void;
  setProjections(projections: Projections): void;
  /** One gesture: applied at once, kept until the server has it, one undo step. */
  edit(reason: string, ops: readonly Op[]): void;
  /** One gesture that gives records new contents; the head revisions are filled in. */
  update(reason: string, records: readonly AnyRecord[]): void;
  createAnnotation(annotation: NewAnnotation): string;
  updateRegion(id: string, region: Region): void;
  setClass(ids: Iterable<string>, classId: string): void;
  remove(ids: Iterable<string>): void;
  /** A pane calls it when something is clicked (null: nothing): a link's end while linking, else the selection. */
  pick(id: string | null, options?: { readonly toggle?: boolean }): void;
  reveal(id: string): void;
  startLink(repeat?: boolean): void;
  chooseLinkType(index: number): void;
  /** One stage back; false when there was nothing to leave. */
  stepBack(): boolean;
  createLink(source: string, target: string, typeId: string): string | null;
  confirmLink(id: string): void;
  /** A proposal becomes a link that counts, judged against what is there now. */
  acceptLink(id: string): void;
  setSampleState(state: SampleState): void;
  retargetLink(id: string, end: "source" | "target", to: string): void;
  undo(): void;
  redo(): void;
  notify(text: string, options?: { readonly tone?: Notice["tone"]; readonly canUndo?: boolean }): void;
  dismissNotice(id: string): void;
  keepMine(conflictId: string): void;
  takeTheirs(conflictId: string): void;
}

/** Calls of the machinery around the store: loading, sending, live events. */
export interface WorkspaceFeed {
  load(view: SampleView, pending?: readonly ChangeSet[]): void;
  setOntology(ontology: Ontology): void;
  setLayers(layers: readonly Layer[], actor: string): void;
  setFindings(findings: readonly FindingView[]): void;
  setSync(sync: SyncState): void;
  settle(changeSet: ChangeSet, outcome: Outcome): void;
  /** Who sends change sets. */
  connect(send: (changeSet: ChangeSet) => void, rewrite: (change: (set: ChangeSet) => ChangeSet) => void): void;
  close(): void;
}

export interface WorkspaceStore extends Omit<StoreApi<WorkspaceState>, "setState"> {
  readonly actions: WorkspaceActions;
  readonly feed: WorkspaceFeed;
}

const EMPTY: ReadonlySet<string> = new Set();

const INITIAL: WorkspaceState = {
  sample: null,
  ontology: null,
  layers: new Map(),
  actor: "local",
  selection: EMPTY,
  hover: null,
  draft: null,
  linked: EMPTY,
  linking: null,
  allowedTargets: null,
  activeClass: "",
  tool: "select",
  projections: "all",
  sync: { state: "saved", waiting: 0 },
  notices: [],
  conflicts: [],
  undoStack: [],
  redoStack: [],
  reveal: null,
  version: 0,
};

export function createWorkspaceStore(): WorkspaceStore {
  const store = createStore<WorkspaceState>(() => INITIAL);
  const machine = new Machine(store);
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    actions: machine,
    feed: machine,
  };
}

class Machine implements WorkspaceActions, WorkspaceFeed {
  readonly #store: StoreApi<WorkspaceState>;
  /** What the server has said, without what still waits. */
  #settled: SampleData | null = null;
  #pending: ChangeSet[] = [];
  #seqOf = new Map<string, number>();
  #lastLinkType: string | null = null;
  #send: (changeSet: ChangeSet) => void = () => {};
  #rewrite: (change: (set: ChangeSet) => ChangeSet) => void = () => {};

  constructor(store: StoreApi<WorkspaceState>) {
    this.#store = store;
  }

  get #state(): WorkspaceState {
    return this.#store.getState();
  }

  #set(part: Partial<WorkspaceState>): void {
    const next = { ...this.#state, ...part };
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
                ? targetsOf(ontology, next.sample, linking.source, linking.only)
                : null,
          }
        : {};
    this.#store.setState({ ...part, ...lit, ...allowed, version: next.version + 1 });
  }

  // Selection

  select(ids: Iterable<string>, options: { readonly toggle?: boolean } = {}): void {
    const selection = new Set(options.toggle ? this.#state.selection : []);
    for (const id of ids) {
      if (options.toggle && selection.has(id)) selection.delete(id);
      else selection.add(id);
    }
    this.#set({ selection });
  }

  setHover(id: string | null): void {
    if (id !== this.#state.hover) this.#set({ hover: id });
  }

  setDraft(draft: Annotation | null): void {
    if (draft !== this.#state.draft) this.#set({ draft });
  }

  setTool(tool: ToolId): void {
    const classes = classesFor(this.#state.ontology, tool);
    const fits = tool === "select" || tool === "cut" || classes.some((entry) => entry.id === this.#state.activeClass);
    this.#set({ tool, linking: null, ...(fits ? {} : { activeClass: classes[0]?.id ?? this.#state.activeClass }) });
  }

  setActiveClass(classId: string): void {
    this.#set({ activeClass: classId });
  }

  setProjections(projections: Projections): void {
    this.#set({ projections });
  }

  reveal(id: string): void {
    this.#set({ reveal: { id, turn: (this.#state.reveal?.turn ?? 0) + 1 } });
  }

  // Edits

  edit(reason: string, ops: readonly Op[]): void {
    const { sample } = this.#state;
    if (sample === null || ops.length === 0) return;
    const entry = { id: newId(), reason, forward: ops, inverse: inverseOps(sample, ops) };
    this.#set({ undoStack: [...this.#state.undoStack, entry], redoStack: [] });
    this.#apply({ id: entry.id, ops, ...(reason === "" ? {} : { reason }) });
  }

  #apply(changeSet: ChangeSet): void {
    const { sample } = this.#state;
    if (sample === null) return;
    this.#pending.push(changeSet);
    const next = applyOps(sample, changeSet.ops);
    const selection = new Set([...this.#state.selection].filter((id) => lookUp(next, id) !== undefined));
    this.#set({ sample: next, selection });
    this.#send(changeSet);
  }

  update(reason: string, records: readonly AnyRecord[]): void {
    const { sample } = this.#state;
    if (sample === null) return;
    const ops: Op[] = [];
    for (const record of records) {
      const head = lookUp(sample, record.id);
      if (head !== undefined) ops.push({ op: "update", record, base: head.rev });
    }
    this.edit(reason, ops);
  }

  createAnnotation(made: NewAnnotation): string {
    const { sample, ontology, activeClass } = this.#state;
    const id = newId();
    if (sample === null) return id;
    const allowed = classesFor(ontology, made.region.type);
    const active = allowed.find((entry) => entry.id === activeClass) ?? allowed[0];
    const classId = made.classId ?? active?.id ?? activeClass;
    const { layer, ops } = this.#ownLayer();
    const record: Annotation = {
      kind: "annotation",
      id,
      sample: sample.sample.record.id,
      stream: made.stream,
      layer,
      class_id: classId,
      region: made.region,
      ...(made.at_ns === undefined ? {} : { at_ns: made.at_ns }),
      ...(made.index === undefined ? {} : { index: made.index }),
      ...(made.text === undefined ? {} : { text: made.text }),
    };
    this.edit(`Draw ${made.region.type.replace("_", " ")}`, [...ops, { op: "create", record }]);
    this.select([id]);
    return id;
  }

  /** The layer of this person, and the op that makes it when it is not there yet. */
  #ownLayer(): { layer: string; ops: readonly Op[] } {
    const { layers, actor } = this.#state;
    for (const layer of layers.values()) {
      if (layer.actor === actor && (layer.layer_kind ?? "person") === "person") return { layer: layer.id, ops: [] };
    }
    const record: Layer = { kind: "layer", id: newId(), name: actor, actor };
    this.#set({ layers: new Map([...layers, [record.id, record]]) });
    return { layer: record.id, ops: [{ op: "create", record }] };
  }

  updateRegion(id: string, region: Region): void {
    const head = this.#state.sample?.annotations.get(id);
    if (head !== undefined) this.update("Change region", [{ ...head.record, region }]);
  }

  setClass(ids: Iterable<string>, classId: string): void {
    const { sample } = this.#state;
    if (sample === null) return;
    const records: AnyRecord[] = [];
    for (const id of ids) {
      const record = sample.annotations.get(id)?.record ?? sample.entities.get(id)?.record;
      if (record !== undefined && record.class_id !== classId) records.push({ ...record, class_id: classId });
    }
    this.update("Change class", records);
    this.#set({ activeClass: classId });
  }

  remove(ids: Iterable<string>): void {
    const { sample } = this.#state;
    if (sample === null) return;
    const ops: Op[] = [];
    for (const id of ids) {
      const head = sample.annotations.get(id) ?? sample.links.get(id) ?? sample.entities.get(id);
      if (head !== undefined) ops.push({ op: "delete", kind: head.record.kind, id, base: head.rev });
    }
    if (ops.length === 0) return;
    this.edit("Delete", ops);
    this.notify(ops.length === 1 ? "Deleted" : `Deleted ${ops.length}`, { canUndo: true });
  }

  // Links

  pick(id: string | null, options: { readonly toggle?: boolean } = {}): void {
    const { linking } = this.#state;
    if (linking === null) {
      this.select(id === null ? [] : [id], options);
      return;
    }
    if (id === null || linking.target !== null) return;
    if (linking.source === null) this.#set({ linking: { ...linking, source: id }, selection: new Set([id]) });
    else this.#pickTarget(linking.source, id, linking.only);
  }

  #pickTarget(source: string, target: string, only: string | null): void {
    const choices = this.#choices(source, target).filter((choice) => only === null || choice.type.id === only);
    if (source === target || choices.length === 0) {
      this.notify("No link type joins these two", { tone: "error" });
    } else if (choices.length === 1 && choices[0] !== undefined) {
      this.createLink(source, target, choices[0].type.id);
    } else {
      this.#set({ linking: { source, target, typeIds: choices.map((choice) => choice.type.id), only } });
    }
  }

  #choices(source: string, target: string): readonly LinkChoice[] {
    const { sample, ontology } = this.#state;
    if (sample === null || ontology === null) return [];
    const [from, to] = [endFacts(sample, source), endFacts(sample, target)];
    return from === null || to === null ? [] : linkChoices(ontology, from, to);
  }

  startLink(repeat = false): void {
    const { sample, selection } = this.#state;
    const [chosen] = selection;
    const only = repeat ? this.#lastLinkType : null;
    const fits = selection.size === 1 && chosen !== undefined && sample !== null && endFacts(sample, chosen) !== null;
    this.#set({ linking: { source: fits ? chosen : null, target: null, typeIds: [], only }, tool: "select" });
  }

  chooseLinkType(index: number): void {
    const { linking } = this.#state;
    const typeId = linking?.typeIds[index];
    if (linking?.source != null && linking.target !== null && typeId !== undefined) {
      this.createLink(linking.source, linking.target, typeId);
    }
  }

  stepBack(): boolean {
    const { linking, tool, selection } = this.#state;
    if (linking?.target != null) this.#set({ linking: { ...linking, target: null, typeIds: [] } });
    else if (linking !== null) this.#set({ linking: null });
    else if (tool !== "select") this.#set({ tool: "select" });
    else if (selection.size > 0) this.#set({ selection: EMPTY });
    else return false;
    return true;
  }

  createLink(source: string, target: string, typeId: string): string | null {
    const { sample } = this.#state;
    const choice = this.#choices(source, target).find((entry) => entry.type.id === typeId);
    if (sample === null || choice === undefined) return null;
    const [first, second] = choice.reversed ? [target, source] : [source, target];
    const same = linksOf(sample, first).find(
      ({ record }) => record.type_id === typeId && record.source.id === first && record.target.id === second,
    );
    if (same !== undefined) {
      this.#set({ linking: null, selection: new Set([same.record.id]) });
      this.notify("These two are already linked so");
      return same.record.id;
    }
    const { layer, ops } = this.#ownLayer();
    const record: Link = {
      kind: "link",
      id: newId(),
      sample: sample.sample.record.id,
      layer,
      type_id: typeId,
      source: endAt(sample, first),
      target: endAt(sample, second),
    };
    this.#lastLinkType = typeId;
    this.#set({ linking: null });
    this.edit(`Link ${typeId}`, [...ops, { op: "create", record }]);
    this.notify(`Linked, ${choice.type.name}`, { canUndo: true });
    return record.id;
  }

  confirmLink(id: string): void {
    const { sample } = this.#state;
    const link = sample?.links.get(id)?.record;
    if (sample === null || link === undefined || !isSuspect(link)) return;
    const missing = [link.source, link.target].some((end) => lookUp(sample, end.id) === undefined);
    if (missing) {
      this.notify("One end is gone: retarget or retract the link", { tone: "error" });
      return;
    }
    const { causes: _judgedAnew, ...rest } = link;
    const source = endAt(sample, link.source.id);
    this.update("Confirm link", [{ ...rest, source, target: endAt(sample, link.target.id) }]);
    this.notify("Link confirmed", { canUndo: true });
  }

  acceptLink(id: string): void {
    const { sample } = this.#state;
    const link = sample?.links.get(id)?.record;
    if (sample === null || link?.status !== "proposed") return;
    const { causes: _judgedAnew, status: _proposed, ...rest } = link;
    const ends = { source: endAt(sample, link.source.id), target: endAt(sample, link.target.id) };
    this.update("Accept proposed link", [{ ...rest, ...ends }]);
    this.notify("Link accepted", { canUndo: true });
  }

  setSampleState(state: SampleState): void {
    const { sample } = this.#state;
    if (sample !== null) this.update("Change the sample's state", [{ ...sample.sample.record, state }]);
  }

  retargetLink(id: string, end: "source" | "target", to: string): void {
    const { sample, ontology } = this.#state;
    const link = sample?.links.get(id)?.record;
    if (sample === null || ontology === null || link === undefined) return;
    const other = end === "source" ? link.target.id : link.source.id;
    const [first, second] = end === "source" ? [to, other] : [other, to];
    const fits = this.#choices(first, second).some((entry) => entry.type.id === link.type_id && !entry.reversed);
    if (!fits) {
      this.notify("This link type may not join these two", { tone: "error" });
      return;
    }
    const { causes: _judgedAnew, ...rest } = link;
    this.update("Retarget link", [{ ...rest, source: endAt(sample, first), target: endAt(sample, second) }]);
    this.notify("Link retargeted", { canUndo: true });
  }

  // Undo and redo: new change sets, never a rewrite of history

  undo(): void {
    const entry = this.#state.undoStack.at(-1);
    if (entry === undefined) return;
    const ops = this.#rebased(entry.inverse, entry.forward);
    if (ops === null) return;
    const undone = { ...entry, inverse: ops };
    this.#set({ undoStack: this.#state.undoStack.slice(0, -1), redoStack: [...this.#state.redoStack, undone] });
    const seq = this.#seqOf.get(entry.id);
    this.#apply({
      id: newId(),
      ops,
      origin: "undo",
      ...(seq === undefined ? {} : { undoes: seq }),
      ...(entry.reason === "" ? {} : { reason: `Undo: ${entry.reason}` }),
    });
  }

  redo(): void {
    const entry = this.#state.redoStack.at(-1);
    if (entry === undefined) return;
    const ops = this.#rebased(entry.forward, entry.inverse);
    if (ops === null || this.#state.sample === null) return;
    const done = { ...entry, id: newId(), inverse: inverseOps(this.#state.sample, ops) };
    this.#set({ redoStack: this.#state.redoStack.slice(0, -1), undoStack: [...this.#state.undoStack, done] });
    this.#apply({ id: done.id, ops, ...(entry.reason === "" ? {} : { reason: entry.reason }) });
  }

  /** `ops` on the newest revisions; null, with a notice, when someone else changed a record since `after`. */
  #rebased(ops: readonly Op[], after: readonly Op[]): readonly Op[] | null {
    const { sample } = this.#state;
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
        this.notify("Someone else changed this since, so it was not undone", { tone: "error" });
        return null;
      }
      if (op.op === "create") next.push(head === undefined ? op : { op: "update", record: op.record, base: head.rev });
      else if (head === undefined && op.op === "update") next.push({ op: "create", record: op.record });
      else if (head !== undefined) next.push({ ...op, base: head.rev });
    }
    return next;
  }

  // Notices and conflicts

  notify(text: string, options: { readonly tone?: Notice["tone"]; readonly canUndo?: boolean } = {}): void {
    const notice = { id: newId(), text, tone: options.tone ?? "plain", canUndo: options.canUndo ?? false };
    this.#set({ notices: [...this.#state.notices, notice].slice(-3) });
  }

  dismissNotice(id: string): void {
    this.#set({ notices: this.#state.notices.filter((notice) => notice.id !== id) });
  }

  keepMine(conflictId: string): void {
    const conflict = this.#dropConflict(conflictId);
    const { sample } = this.#state;
    if (conflict === undefined || sample === null) return;
    const ops = conflict.changeSet.ops.map((op): Op => {
      const head = lookUp(sample, op.op === "delete" ? op.id : op.record.id);
      if (op.op === "create") return op;
      if (head !== undefined) return { ...op, base: head.rev };
      return op.op === "update" ? { op: "create", record: op.record } : op;
    });
    this.edit(`Keep mine: ${conflict.changeSet.reason ?? ""}`, ops);
  }

  takeTheirs(conflictId: string): void {
    this.#dropConflict(conflictId);
  }

  #dropConflict(id: string): Conflict | undefined {
    const conflict = this.#state.conflicts.find((entry) => entry.id === id);
    this.#set({ conflicts: this.#state.conflicts.filter((entry) => entry.id !== id) });
    return conflict;
  }

  // The feed

  load(view: SampleView, pending: readonly ChangeSet[] = this.#pending): void {
    this.#settled = fromView(view);
    this.#pending = [...pending];
    const changed = this.#state.sample?.sample.record.id !== view.sample.record.id;
    this.#set({
      sample: this.#folded(),
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

  setOntology(ontology: Ontology): void {
    const known = ontology.classes?.some((entry) => entry.id === this.#state.activeClass);
    this.#set({ ontology, ...(known ? {} : { activeClass: ontology.classes?.[0]?.id ?? "" }) });
  }

  setLayers(layers: readonly Layer[], actor: string): void {
    this.#set({ layers: new Map(layers.map((layer) => [layer.id, layer])), actor });
  }

  setFindings(findings: readonly FindingView[]): void {
    if (this.#settled === null) return;
    this.#settled = { ...this.#settled, findings };
    this.#set({ sample: this.#folded() });
  }

  setSync(sync: SyncState): void {
    this.#set({ sync });
  }

  connect(
    send: (changeSet: ChangeSet) => void,
    rewrite: (change: (set: ChangeSet) => ChangeSet) => void = () => {},
  ): void {
    this.#send = send;
    this.#rewrite = rewrite;
  }

  close(): void {
    this.#settled = null;
    this.#pending = [];
    this.#set({ ...INITIAL, version: this.#state.version });
  }

  settle(changeSet: ChangeSet, outcome: Outcome): void {
    this.#pending = this.#pending.filter((entry) => entry.id !== changeSet.id);
    if (outcome.seq != null) this.#seqOf.set(changeSet.id, outcome.seq);
    if (this.#settled === null) return;
    if (outcome.state === "committed" || outcome.state === "unchanged") {
      const heads = outcome.heads ?? [];
      this.#rebasePending(changeSet, heads);
      this.#settled = applyHeads(this.#settled, heads, outcome.seq ?? 0);
      this.#set({ sample: this.#folded() });
      return;
    }
    this.#settled = applyHeads(this.#settled, (outcome.stale ?? []).flatMap(headOf), 0);
    const undoStack = this.#state.undoStack.filter((entry) => entry.id !== changeSet.id);
    if (outcome.state === "stale") {
      const conflict = { id: changeSet.id, changeSet, stale: outcome.stale ?? [] };
      this.#set({ sample: this.#folded(), conflicts: [...this.#state.conflicts, conflict], undoStack });
      return;
    }
    this.#set({ sample: this.#folded(), undoStack });
    const error = outcome.errors?.[0];
    this.notify(error === undefined ? "The server refused the change" : letter(error), { tone: "error" });
  }

  /** What still waits may build on a record that Braid itself changed in the same commit: move it to the new head. */
  #rebasePending(changeSet: ChangeSet, heads: readonly Head[]): void {
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
    this.#pending = this.#pending.map(change);
    moved.clear();
    this.#rewrite(change);
  }

  #folded(): SampleData | null {
    if (this.#settled === null) return null;
    return this.#pending.reduce((data, set) => applyOps(data, set.ops), this.#settled);
  }
}

function endAt(sample: SampleData, id: string): Link["source"] {
  const judged = lookUp(sample, id)?.rev ?? "";
  return sample.entities.has(id) ? { id, judged, kind: "entity" } : { id, judged };
}

/** The revision an op left; null when it deleted the record. */
function leftBehind(op: Op): string | null {
  if (op.op === "delete") return null;
  return revisionOf(op.record);
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
