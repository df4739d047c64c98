/** What the parts of an open sample share: store, playhead, server, panes. Handed down by React context. */
import { createContext, useCallback, useContext, useRef } from "react";
import { useStore } from "zustand";
import type { Pane, PaneKind } from "../panes/pane";
import type { Playhead } from "../playhead/playhead";
import type { Api } from "../store/api";
import type { Connection } from "../store/connection";
import type { WorkspaceState, WorkspaceStore } from "../store/workspace";
import type { ProposalSession } from "./linking/proposal_session";
import type { Facing } from "./stream_card/facing";
import type { SyncSession } from "./sync/session";

export interface Workbench {
  readonly project: string;
  readonly sampleKey: string;
  readonly store: WorkspaceStore;
  readonly playhead: Playhead;
  readonly api: Api;
  readonly connection: Connection;
  readonly kinds: readonly PaneKind[];
  readonly sync: SyncSession;
  readonly proposals: ProposalSession;
  readonly facing: Facing;
  /** Mounted panes: link lines end where they say. */
  readonly panes: Set<Pane>;
  announce(text: string): void;
  goSample(step: 1 | -1): void;
  openPalette(): void;
  openKeys(): void;
  openClassSearch(): void;
  startTour(): void;
}

export const WorkbenchContext = createContext<Workbench | null>(null);

export function useWorkbench(): Workbench {
  const bench = useContext(WorkbenchContext);
  if (bench === null) throw new Error("useWorkbench: no workbench above this component, wanted <Workspace>");
  return bench;
}

export function useWorkspace<T>(select: (state: WorkspaceState) => T): T {
  return useStore(useWorkbench().store, select);
}

const SLOW_PARTS = ["sample", "ontology", "selection", "linking", "allowedTargets", "activeClass", "tool"] as const;

/** The whole state for components that do not care about hover: the same object until something slower changes. */
export function useScene(): WorkspaceState {
  const kept = useRef<WorkspaceState | null>(null);
  const select = useCallback((state: WorkspaceState) => {
    const before = kept.current;
    if (before === null || SLOW_PARTS.some((part) => before[part] !== state[part])) kept.current = state;
    return kept.current ?? state;
  }, []);
  return useStore(useWorkbench().store, select);
}
