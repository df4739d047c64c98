/** What is selected, hovered, in hand, and shown. */

import type { Annotation } from "../model/records";
import type { WorkspaceActions } from "./actions";
import type { Core } from "./core";
import { classesFor } from "./ontology";
import type { Projections, ToolId } from "./state";

type Names =
  | "select"
  | "setHover"
  | "setDraft"
  | "setTool"
  | "setActiveClass"
  | "setProjections"
  | "reveal"
  | "setGhosts"
  | "setReviewing"
  | "showPast";

export function selecting(core: Core): Pick<WorkspaceActions, Names> {
  function select(ids: Iterable<string>, options: { readonly toggle?: boolean } = {}): void {
    const selection = new Set(options.toggle ? core.state.selection : []);
    for (const id of ids) {
      if (options.toggle && selection.has(id)) selection.delete(id);
      else selection.add(id);
    }
    core.set({ selection });
  }

  function setHover(id: string | null): void {
    if (id !== core.state.hover) core.set({ hover: id });
  }

  function setDraft(draft: Annotation | null): void {
    if (draft !== core.state.draft) core.set({ draft });
  }

  function setTool(tool: ToolId): void {
    const classes = classesFor(core.state.ontology, tool);
    const fits = tool === "select" || classes.some((entry) => entry.id === core.state.activeClass);
    core.set({ tool, linking: null, ...(fits ? {} : { activeClass: classes[0]?.id ?? core.state.activeClass }) });
  }

  function setActiveClass(classId: string): void {
    core.set({ activeClass: classId });
  }

  function setProjections(projections: Projections): void {
    core.set({ projections });
  }

  function reveal(id: string): void {
    core.set({ reveal: { id, turn: (core.state.reveal?.turn ?? 0) + 1 } });
  }

  function setGhosts(ghosts: readonly Annotation[]): void {
    if (ghosts.length > 0 || core.state.ghosts.length > 0) core.set({ ghosts });
  }

  function setReviewing(reviewing: boolean): void {
    if (reviewing !== core.state.reviewing) core.set({ reviewing });
  }

  return {
    select,
    setHover,
    setDraft,
    setTool,
    setActiveClass,
    setProjections,
    reveal,
    setGhosts,
    setReviewing,
    showPast: (past) => core.showPast(past),
  };
}
