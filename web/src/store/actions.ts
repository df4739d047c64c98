/** What may be asked of the store: by people through the panes and the shell, and by the machinery around it. */
import type { ChangeSet, FindingView, Op, Origin, Outcome, SampleView } from "../model/changes";
import type { Annotation, AnyRecord, Layer, Ontology, Region, SampleState } from "../model/records";
import type { SyncState } from "./sender";
import type { Notice, Past, Projections, ToolId } from "./state";

export interface NewAnnotation {
  readonly stream: string;
  readonly region: Region;
  readonly classId?: string;
  readonly at_ns?: number;
  readonly index?: number;
  readonly text?: string;
}

/** Where a link comes from when no one picked its ends: said in the commit's reason. */
export interface LinkNote {
  readonly reason?: string;
  readonly score?: number;
}

export interface WorkspaceActions {
  select(ids: Iterable<string>, options?: { readonly toggle?: boolean }): void;
  setHover(id: string | null): void;
  setDraft(draft: Annotation | null): void;
  setTool(tool: ToolId): void;
  setActiveClass(classId: string): void;
  setProjections(projections: Projections): void;
  /** One gesture: applied at once, kept until the server has it, one undo step. */
  edit(reason: string, ops: readonly Op[], origin?: Origin): void;
  /** One gesture that gives records new contents; the head revisions are filled in. */
  update(reason: string, records: readonly AnyRecord[]): void;
  createAnnotation(annotation: NewAnnotation): string;
  updateRegion(id: string, region: Region): void;
  setClass(ids: Iterable<string>, classId: string): void;
  remove(ids: Iterable<string>): void;
  /** A pane calls it when something is clicked (null: nothing): a link's end while linking, else the selection. */
  pick(id: string | null, options?: { readonly toggle?: boolean }): void;
  reveal(id: string): void;
  /** Shows a past state, read only, in all panes; null leads back to the present. */
  showPast(past: Past | null): void;
  setGhosts(ghosts: readonly Annotation[]): void;
  setReviewing(reviewing: boolean): void;
  startLink(repeat?: boolean): void;
  /** Link mode from these things, whatever is selected: a drag from their handle. */
  linkFrom(sources: readonly string[]): void;
  chooseLinkType(index: number): void;
  /** One stage back; false when there was nothing to leave. */
  stepBack(): boolean;
  createLink(source: string, target: string, typeId: string, note?: LinkNote): string | null;
  /** One gesture, a link for each source; the ids, those of links that were there already included. */
  createLinks(sources: readonly string[], target: string, typeId: string, note?: LinkNote): readonly string[];
  confirmLink(id: string): void;
  /** Each link in a change set of its own, so that a refused one holds up no other; one step of undo takes all back. */
  confirmLinks(ids: Iterable<string>): void;
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
