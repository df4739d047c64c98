/** What can be done with the entities or mentions that are selected: rename, class, merge, take out, make one. */
import { className } from "../../store/ontology";
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
  const entities = [...selection].filter((id) => sample.entities.has(id));
  const mentions = [...selection].filter((id) => sample.annotations.has(id));
  const [only] = entities;
  const isTakeable = mentions.some((id) => sample.annotations.get(id)?.record.entity != null);
  if (entities.length === 0 && mentions.length === 0) return null;
  return (
    <div className="entity-detail">
      {entities.length === 1 && mentions.length === 0 && only !== undefined && <OneEntity key={only} id={only} />}
      <div className="actions">
        {entities.length > 1 && (
          <button type="button" className="primary" onClick={() => mergeSelected(bench)}>
            Merge {entities.length} <kbd>Shift+M</kbd>
          </button>
        )}
        {mentions.length > 0 && entities.length < 2 && (
          <button
            type="button"
            className={entities.length === 1 ? "primary" : ""}
            onClick={() => gatherSelected(bench)}
          >
            {entities.length === 1 ? `Add ${counted(mentions.length, "mention")}` : "Make one entity"} <kbd>E</kbd>
          </button>
        )}
        {isTakeable && (
          <button type="button" onClick={() => splitSelected(bench)}>
            Take out <kbd>Shift+Z</kbd>
          </button>
        )}
        {entities.length > 0 && mentions.length === 0 && (
          <button type="button" onClick={() => removeEntities(bench, entities)}>
            Delete
          </button>
        )}
      </div>
    </div>
  );
}

function OneEntity({ id }: { readonly id: string }) {
  const bench = useWorkbench();
  const state = useScene();
  const { ontology, sample } = state;
  const entity = sample?.entities.get(id)?.record;
  if (entity === undefined || sample === null) return null;
  const mentions = [...sample.annotations.values()].flatMap(({ record }) => (record.entity === id ? [record] : []));
  const { coarser, contrary } = fitOf(ontology, entity.class_id, mentions);
  const odd = [...contrary, ...coarser];
  const classes = (ontology?.classes ?? []).filter((entry) => entry.deprecated !== true);
  return (
    <>
      <div className="entity-fields">
        <input
          id="entity-name"
          key={entity.name ?? ""}
          aria-label="Name of the entity"
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
          aria-label="Class of the entity"
          value={entity.class_id}
          onChange={(event) => changeClass(bench, [id], event.target.value)}
        >
          {classes.every((entry) => entry.id !== entity.class_id) && (
            <option value={entity.class_id}>{className(ontology, entity.class_id)}</option>
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
