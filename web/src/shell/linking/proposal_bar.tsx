/** How many links are proposed, and the one in hand with its reason and what can be done with it. */
import { useSyncExternalStore } from "react";
import { Icon } from "../icons";
import { counted, nameOf, typeName } from "../words";
import { useScene, useWorkbench } from "../workbench";
import { percent } from "./shown";

export function ProposalBar() {
  const { proposals } = useWorkbench();
  const state = useScene();
  // The scene changes with every edit; proposals that come from the server change by themselves.
  useSyncExternalStore(
    (listener) => proposals.subscribe(listener),
    () => proposals.revision,
  );
  const rows = proposals.standing();
  const one = proposals.current;
  if (rows.length === 0 || state.linking !== null) return null;
  if (one === null) {
    return (
      <div className="proposal-bar" data-quiet="true">
        <button type="button" className="ghost" onClick={() => void proposals.next()}>
          {counted(rows.length, "proposed link")} <kbd>;</kbd>
        </button>
      </div>
    );
  }
  return (
    <div className="proposal-bar" role="status">
      <Icon name="link" />
      <span className="proposal-words">
        <b>{nameOf(state, one.source)}</b> {typeName(state, one.type_id).toLowerCase()}{" "}
        <b>{nameOf(state, one.target)}</b>?
        <small>
          {one.reason}
          {one.score !== null && ` · ${percent(one.score)}`}
        </small>
      </span>
      <button type="button" className="primary" onClick={() => proposals.accept()}>
        Accept <kbd>'</kbd>
      </button>
      <button type="button" onClick={() => proposals.dismiss()}>
        Dismiss <kbd>{"\\"}</kbd>
      </button>
      <button type="button" className="ghost" onClick={() => void proposals.next()}>
        Next of {rows.length} <kbd>;</kbd>
      </button>
      <button type="button" className="ghost" onClick={() => proposals.focus(null)}>
        <Icon name="close" size={13} />
        <span className="unseen">Put the proposal down</span>
      </button>
    </div>
  );
}
