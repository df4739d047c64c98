/** Link mode by keyboard: a search over what may be picked; the entry under the cursor lights up in the panes. */
import { useMemo } from "react";
import { colourOf } from "../../store/ontology";
import { SearchDialog } from "../search_dialog";
import { useScene, useWorkbench } from "../workbench";
import { pickable } from "./targets";

export function TargetPicker({ onClose }: { readonly onClose: () => void }) {
  const { store } = useWorkbench();
  const state = useScene();
  const entries = useMemo(
    () =>
      pickable(state).map(({ id, name, note, classId, search }) => ({
        id,
        text: name,
        note,
        search,
        colour: colourOf(state.ontology, classId),
        run: () => {
          store.actions.pick(id);
          store.actions.reveal(id);
        },
      })),
    [state, store],
  );
  return (
    <SearchDialog
      label={state.linking?.source == null ? "Link from…" : "Link to…"}
      entries={entries}
      onActive={(id) => store.actions.setHover(id)}
      onClose={() => {
        store.actions.setHover(null);
        onClose();
      }}
    />
  );
}
