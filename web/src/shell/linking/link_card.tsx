/** One link: its ends, its type, why it is suspect; opened, all that can be done with it. */
import type { Link } from "../../model/records";
import { isSuspect } from "../../store/derive";
import { targetsOf } from "../../store/ontology";
import type { WorkspaceState } from "../../store/workspace";
import { AttributeField } from "../attribute_field";
import { goTo } from "../go_to";
import { Icon } from "../icons";
import { causeWords, linkWords, nameOf, typeName } from "../words";
import { useScene, useWorkbench } from "../workbench";
import { changeType, typeOf, typesOfLink } from "./link_types";

export function LinkCard({
  link,
  isOpen,
  isWhole = false,
}: {
  readonly link: Link;
  readonly isOpen: boolean;
  /** With its type, attributes and comment: the one link that is selected. */
  readonly isWhole?: boolean;
}) {
  const bench = useWorkbench();
  const state = useScene();
  const suspect = isSuspect(link);
  const { actions } = bench.store;
  return (
    <article className="link-card" data-suspect={suspect}>
      <button
        type="button"
        className="link-words"
        onClick={() => goTo(bench, [link.id])}
        title={linkWords(state, link)}
      >
        <span>{nameOf(state, link.source.id)}</span>
        <span className="link-type">
          <Icon name={suspect ? "suspect" : "link"} size={13} /> {typeName(state, link.type_id)}
        </span>
        <span>{nameOf(state, link.target.id)}</span>
      </button>
      {suspect && (
        <ul className="causes">
          {link.causes?.map((cause) => (
            <li key={`${cause.end}${cause.at_ns}${cause.to_rev ?? ""}`}>{causeWords(state, link, cause)}</li>
          ))}
        </ul>
      )}
      {isWhole && <LinkFields link={link} />}
      {isOpen && (
        <div className="actions">
          {suspect && (
            <button type="button" className="primary" onClick={() => actions.confirmLink(link.id)}>
              Confirm <kbd>A</kbd>
            </button>
          )}
          {link.status === "proposed" && (
            <button type="button" className="primary" onClick={() => actions.acceptLink(link.id)}>
              Accept <kbd>'</kbd>
            </button>
          )}
          <Retarget link={link} />
          <button type="button" onClick={() => actions.remove([link.id])}>
            Retract
          </button>
        </div>
      )}
    </article>
  );
}

/** Type by number key, attributes of the type, and a comment. */
function LinkFields({ link }: { readonly link: Link }) {
  const bench = useWorkbench();
  const state = useScene();
  const choices = typesOfLink(state, link);
  const attributes = typeOf(state, link)?.attributes ?? [];
  const save = (text: string) => {
    const { comment, ...rest } = link;
    if (text !== (comment ?? "")) {
      bench.store.actions.update("Comment on link", [text === "" ? rest : { ...rest, comment: text }]);
    }
  };
  return (
    <>
      {choices.length > 1 && (
        <div className="class-keys">
          <ul>
            {choices.slice(0, 9).map((choice, index) => (
              <li key={choice.type.id}>
                <button
                  type="button"
                  aria-pressed={choice.type.id === link.type_id}
                  onClick={() => changeType(bench, link, choice)}
                >
                  <kbd>{index + 1}</kbd>
                  <span>{choice.type.name}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      {attributes.length > 0 && (
        <div className="fields">
          {attributes.map((attribute) => (
            <AttributeField key={attribute.id} attribute={attribute} thing={link} />
          ))}
        </div>
      )}
      <label className="field">
        <span>Comment</span>
        <textarea
          rows={2}
          aria-label="Comment"
          key={link.comment ?? ""}
          defaultValue={link.comment ?? ""}
          onBlur={(event) => save(event.target.value.trim())}
        />
      </label>
    </>
  );
}

/** Gives the link another target: a choice among everything its type allows. */
function Retarget({ link }: { readonly link: Link }) {
  const bench = useWorkbench();
  const state = useScene();
  const { sample } = state;
  if (sample === null) return null;
  const end = sample.annotations.has(link.source.id) || sample.entities.has(link.source.id) ? "target" : "source";
  const fixed = end === "target" ? link.source.id : link.target.id;
  const choices = targetsOfType(state, fixed, link.type_id).filter((id) => id !== link[end].id);
  return (
    <select
      aria-label={`Retarget the link's ${end}`}
      value=""
      disabled={choices.length === 0}
      onChange={(event) => bench.store.actions.retargetLink(link.id, end, event.target.value)}
    >
      <option value="">Retarget…</option>
      {choices.map((id) => (
        <option key={id} value={id}>
          {nameOf(state, id)}
        </option>
      ))}
    </select>
  );
}

function targetsOfType(state: WorkspaceState, from: string, typeId: string): readonly string[] {
  if (state.ontology === null || state.sample === null) return [];
  return [...targetsOf(state.ontology, state.sample, from, typeId)].slice(0, 200);
}
