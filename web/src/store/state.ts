/** What the workspace's state holds. Values are immutable; only the store's actions make the next one. */
import type { ChangeSet, Op, Stale } from "../model/changes";
import type { Annotation, Layer, Ontology } from "../model/records";
import type { SampleData } from "./sample";
import type { SyncState } from "./sender";

export type ToolId = "select" | "box" | "polygon" | "keypoints" | "mask" | "text_span" | "time_span" | "cuboid";

/** Which cuboids are drawn into camera pictures: every one, those that are lit, none. */
export type Projections = "all" | "lit" | "none";

/** Link mode. Without a source the next thing picked is it; with a target, `typeIds` are the choices. */
export interface Linking {
  readonly source: string | null;
  /** All of them: many may be linked to one target in one gesture. `source` is the first. */
  readonly sources: readonly string[];
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

export interface UndoEntry {
  readonly id: string;
  readonly reason: string;
  /** The change sets of the gesture, when there were several. */
  readonly members?: readonly string[];
  readonly forward: readonly Op[];
  readonly inverse: readonly Op[];
}

/** A state other than the present one. While the panes show it, nothing can be edited. */
export interface Past {
  readonly data: SampleData;
  /** What it is, for the banner: "As it was on …". */
  readonly title: string;
  /** A look for a moment (blink) asks for no leave-taking; a visit says how to go back and what can be done. */
  readonly look: "visit" | "blink";
  /** The commit whose state it is, where it is one. */
  readonly seq?: number;
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
  /** A past state that the panes show in place of the present one. */
  readonly past: Past | null;
  /** Shapes of the other state under comparison: drawn dashed over the panes, never picked. */
  readonly ghosts: readonly Annotation[];
  /** Review mode: single letters give verdicts. */
  readonly reviewing: boolean;
  /** Grows with every change of the drawn state: panes stamp it to show that they draw the same one. */
  readonly version: number;
}

export const EMPTY: ReadonlySet<string> = new Set();

export const INITIAL: WorkspaceState = {
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
  past: null,
  ghosts: [],
  reviewing: false,
  version: 0,
};
