/** What link mode waits for, and the types to choose from. */
import { Icon } from "../icons";
import { counted, nameOf, typeName } from "../words";
import { useScene, useWorkbench } from "../workbench";

export function LinkBar() {
  const bench = useWorkbench();
  const { store } = bench;
  const state = useScene();
  const { linking } = state;
  if (linking === null) return null;
  const allowed = state.allowedTargets?.size ?? 0;
  const others = linking.sources.length - 1;
  return (
    <div className="link-bar" role="status">
      <Icon name="link" />
      {linking.source === null && <span>Pick what the link starts from</span>}
      {linking.source !== null && linking.target === null && (
        <span>
          <b>{nameOf(state, linking.source)}</b>
          {others > 0 && ` and ${counted(others, "more thing")}`} {others > 0 ? "go" : "goes"} with…{" "}
          <small>
            {linking.only === null ? "" : `${typeName(state, linking.only)}, `}
            {allowed} can be picked
          </small>
        </span>
      )}
      {linking.target === null && (
        <button type="button" className="ghost" onClick={bench.openPalette}>
          Search <kbd>/</kbd>
        </button>
      )}
      {linking.target !== null &&
        linking.typeIds.map((typeId, index) => (
          <button key={typeId} type="button" onClick={() => store.actions.chooseLinkType(index)}>
            <kbd>{index + 1}</kbd> {typeName(state, typeId)}
          </button>
        ))}
      <button type="button" className="ghost" onClick={() => store.actions.stepBack()}>
        Back <kbd>Esc</kbd>
      </button>
    </div>
  );
}
