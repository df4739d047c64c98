/** The workspace's state and the actions that change it. Panes read it, call actions, and never each other. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { WorkspaceActions, WorkspaceFeed } from "./actions";
import { conflicts } from "./conflicts";
import { Core } from "./core";
import { editing } from "./editing";
import { feeding } from "./feeding";
import { linking } from "./linking";
import { selecting } from "./selecting";
import { INITIAL, type WorkspaceState } from "./state";
import { undoing } from "./undoing";

export type { NewAnnotation, WorkspaceActions, WorkspaceFeed } from "./actions";
export type { Conflict, Linking, Notice, Past, Projections, ToolId, WorkspaceState } from "./state";

export interface WorkspaceStore extends Omit<StoreApi<WorkspaceState>, "setState"> {
  readonly actions: WorkspaceActions;
  readonly feed: WorkspaceFeed;
}

export function createWorkspaceStore(): WorkspaceStore {
  const store = createStore<WorkspaceState>(() => INITIAL);
  const core = new Core(store);
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    actions: {
      edit: (reason, ops, origin) => core.edit(reason, ops, origin),
      update: (reason, records) => core.update(reason, records),
      notify: (text, options) => core.notify(text, options),
      dismissNotice: (id) => core.set({ notices: core.state.notices.filter((notice) => notice.id !== id) }),
      ...selecting(core),
      ...editing(core),
      ...linking(core),
      ...undoing(core),
      ...conflicts(core),
    },
    feed: feeding(core),
  };
}
