/** What can be done with the things or mentions that are selected: rename, class, merge, take out, make one. */
import { classesFor } from "../../store/ontology";
import { counted, nameOf } from "../words";
import { useScene, useWorkbench } from "../workbench";
import {
  changeClass,
  conform,
  gatherSelected,
  mergeSelected,
  removeEntities,
  renameEntity,
  splitSelected,
} from "./entity_actions";
import { fitOf } from "./entity_rows";

export function EntityDetail() {
  const bench = useWorkbench();
  const { sample, selection } = useScene();
  if (sample === null) return null;
  const things = [...selection].filter((id) => sample.entities.has(id));
  const mentions = [...selection].filter((id) => sample.annotations.has(id));
  const [only] = things;
  const isTakeable = mentions.some((id) => sample.annotations.get(id)?.record.entity != null);
  if (things.length === 0 && mentions.length === 0) return null;
  return (
    <div className="entity-detail">
      {things.length === 1 && mentions.length === 0 && only !== undefined && <OneThing key={only} id={only} />}
      <div className="actions">
        {things.length > 1 && (
          <button type="button" className="primary" onClick={() => mergeSelected(bench)}>
            Merge {things.length} <kbd>Shift+M</kbd>
          </button>
        )}
        {mentions.length > 0 && things.length < 2 && (
          <button type="button" className={things.length === 1 ? "primary" : ""} onClick={() => gatherSelected(bench)}>
            {things.length === 1 ? `Add ${counted(mentions.length, "mention")}` : "Make one thing"} <kbd>E</kbd>
          </button>
        )}
        {isTakeable && (
          <button type="button" onClick={() => splitSelected(bench)}>
            Take out <kbd>Shift+U</kbd>
          </button>
        )}
        {things.length > 0 && mentions.length === 0 && (
          <button type="button" onClick={() => removeEntities(bench, things)}>
            Delete
          </button>
        )}
      </div>
    </div>
  );
}

function OneThing({ id }: { readonly id: string }) {
  const bench = useWorkbench();
  const state = useScene();
  const { ontology, sample } = state;
  const entity = sample?.entities.get(id)?.record;
  if (entity === undefined || sample === null) return null;
  const mentions = [...sample.annotations.values()].flatMap(({ record }) => (record.entity === id ? [record] : []));
  const { coarser, contrary } = fitOf(ontology, entity.class_id, mentions);
  const odd = [...contrary, ...coarser];
  const classes = classesFor(ontology, "entity");
  return (
    <>
      <div className="entity-fields">
        <input
          id="thing-name"
          key={entity.name ?? ""}
          aria-label="Name of the thing"
          placeholder={nameOf(state, id)}
          defaultValue={entity.name ?? ""}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
            if (event.key === "Escape") {
              event.currentTarget.value = entity.name ?? "";
              event.currentTarget.blur();
            }
          }}
          onBlur={(event) => renameEntity(bench, id, event.target.value.trim())}
        />
        <select
          aria-label="Class of the thing"
          value={entity.class_id}
          onChange={(event) => changeClass(bench, [id], event.target.value)}
        >
          {classes.every((entry) => entry.id !== entity.class_id) && (
            <option value={entity.class_id}>{entity.class_id}</option>
          )}
          {classes.map((entry) => (
            <option key={entry.id} value={entry.id}>
              {entry.name}
            </option>
          ))}
        </select>
      </div>
      {odd.length > 0 && (
        <p className="entity-odd">
          {contrary.length > 0 && `${counted(contrary.length, "mention")} of another class. `}
          {coarser.length > 0 && `${counted(coarser.length, "mention")} of a coarser class. `}
          <button type="button" onClick={() => conform(bench, id, odd)}>
            Give {odd.length === 1 ? "it" : "them"} this class
          </button>
        </p>
      )}
    </>
  );
}
