/** What is selected: its class, attributes, links and past. Without a selection: what a new thing will be. */
import { useQuery } from "@tanstack/react-query";
import type { Annotation, Attribute, AttributeValue, Entity, Link } from "../model/records";
import { isSuspect, linksOf, mentionsOf } from "../store/derive";
import { classesById, className, colourOf, targetsOf } from "../store/ontology";
import { goTo, numberedClasses } from "./commands";
import { Icon } from "./icons";
import { StreamCard } from "./stream-card/stream_card";
import { causeWords, fieldWord, kindWord, linkWords, nameOf, timeOf, typeName } from "./words";
import { useScene, useWorkbench, useWorkspace } from "./workbench";

export function Inspector() {
  const selection = useWorkspace((state) => state.selection);
  const sample = useWorkspace((state) => state.sample);
  const [id] = selection;
  const shown = selection.size === 1 && id !== undefined && sample !== null ? id : null;
  const link = shown === null ? undefined : sample?.links.get(shown);
  const thing = shown === null ? undefined : (sample?.annotations.get(shown) ?? sample?.entities.get(shown));
  return (
    <section className="inspector" aria-label="Inspector">
      {link !== undefined && <LinkCard key={link.record.id} link={link.record} isOpen />}
      {thing !== undefined && <Thing key={thing.record.id} thing={thing.record} />}
      {shown === null && selection.size > 1 && <p className="quiet">{selection.size} things are selected</p>}
      {shown === null && <ClassKeys />}
      {shown === null && <WholeLabels />}
      {shown === null && <StreamCard />}
      {shown !== null && (thing !== undefined || link !== undefined) && (
        <History id={shown} rev={link?.rev ?? thing?.rev ?? ""} />
      )}
    </section>
  );
}

function Thing({ thing }: { readonly thing: Annotation | Entity }) {
  const bench = useWorkbench();
  const state = useScene();
  const { sample, ontology } = state;
  if (sample === null) return null;
  const links = linksOf(sample, thing.id);
  const attributes = ontology === null ? [] : (classesById(ontology).get(thing.class_id)?.attributes ?? []);
  return (
    <>
      <header className="inspector-head">
        <i className="swatch" style={{ background: `var(--c-${colourOf(ontology, thing.class_id)})` }} />
        <div>
          <h2>{className(ontology, thing.class_id)}</h2>
          <p className="quiet">
            {thing.kind === "entity"
              ? `Entity, ${mentionsOf(sample, thing.id).length} mentions`
              : `${kindWord(thing.region.type)} in ${sample.streams.get(thing.stream)?.record.name ?? "?"}`}
          </p>
        </div>
        <button
          type="button"
          className="ghost"
          onClick={() => bench.store.actions.remove([thing.id])}
          title="Delete (Del)"
        >
          <Icon name="trash" />
          <span className="unseen">Delete</span>
        </button>
      </header>
      {thing.kind === "annotation" && thing.region.type === "text_span" && (
        <blockquote>{thing.region.quote}</blockquote>
      )}
      {thing.kind === "annotation" && thing.text != null && <TextField annotation={thing} text={thing.text} />}
      <ClassKeys />
      {attributes.length > 0 && (
        <div className="fields">
          <h3>Attributes</h3>
          {attributes.map((attribute) => (
            <AttributeField key={attribute.id} attribute={attribute} thing={thing} />
          ))}
        </div>
      )}
      <h3>
        Links <span className="number">{links.length}</span>
      </h3>
      {links.length === 0 && (
        <p className="quiet">
          Nothing yet. Press <kbd>L</kbd>, then choose what it goes with
        </p>
      )}
      {links.map(({ record }) => (
        <LinkCard key={record.id} link={record} isOpen={isSuspect(record) || record.status === "proposed"} />
      ))}
    </>
  );
}

/** Labels that stand on all of a stream: no pane draws them, so they are listed here. */
function WholeLabels() {
  const bench = useWorkbench();
  const { sample, ontology } = useScene();
  const labels = [...(sample?.annotations.values() ?? [])]
    .map(({ record }) => record)
    .filter((record) => record.region.type === "whole_stream" && record.text == null);
  return (
    <>
      <h3>
        Whole streams <span className="number">{labels.length}</span>
      </h3>
      {labels.length === 0 && (
        <p className="quiet">
          Press <kbd>W</kbd> to label all of a stream
        </p>
      )}
      {labels.map((label) => (
        <button key={label.id} type="button" className="ghost" onClick={() => bench.store.actions.select([label.id])}>
          <i className="swatch" style={{ background: `var(--c-${colourOf(ontology, label.class_id)})` }} />
          {className(ontology, label.class_id)}, {sample?.streams.get(label.stream)?.record.name ?? "?"}
        </button>
      ))}
    </>
  );
}

function TextField({ annotation, text }: { readonly annotation: Annotation; readonly text: string }) {
  const { store } = useWorkbench();
  const save = (next: string) => {
    if (next !== text) store.actions.update("Edit text", [{ ...annotation, text: next }]);
  };
  return (
    <label className="field">
      <span>Text</span>
      <textarea rows={3} key={text} defaultValue={text} onBlur={(event) => save(event.target.value)} />
    </label>
  );
}

function ClassKeys() {
  const bench = useWorkbench();
  const state = useScene();
  const [id] = state.selection;
  const selected = state.sample?.annotations.get(id ?? "")?.record ?? state.sample?.entities.get(id ?? "")?.record;
  const current = selected?.class_id ?? state.activeClass;
  const choose = (classId: string) => {
    if (selected !== undefined) bench.store.actions.setClass(state.selection, classId);
    else bench.store.actions.setActiveClass(classId);
  };
  return (
    <div className="class-keys">
      {selected === undefined ? <h2>Next class</h2> : <h3>Class</h3>}
      <ul>
        {numberedClasses(state).map((entry, index) => (
          <li key={entry.id}>
            <button type="button" aria-pressed={entry.id === current} onClick={() => choose(entry.id)}>
              <kbd>{index + 1}</kbd>
              <i className="swatch" style={{ background: `var(--c-${colourOf(state.ontology, entry.id)})` }} />
              <span>{entry.name}</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="ghost" onClick={bench.openClassSearch}>
        <Icon name="search" size={14} />
        All classes <kbd>0</kbd>
      </button>
    </div>
  );
}

function AttributeField(props: { readonly attribute: Attribute; readonly thing: Annotation | Entity }) {
  const { attribute, thing } = props;
  const { store } = useWorkbench();
  const value = thing.attributes?.[attribute.id] ?? attribute.default ?? undefined;
  const save = (next: AttributeValue | undefined) => {
    const { [attribute.id]: _old, ...rest } = thing.attributes ?? {};
    const attributes = next === undefined ? rest : { ...rest, [attribute.id]: next };
    store.actions.update(`Set ${attribute.name}`, [{ ...thing, attributes }]);
  };
  const type = attribute.type ?? "choice";
  const label = `${attribute.name}${attribute.required ? " (required)" : ""}`;
  if (type === "boolean") {
    return (
      <label className="field field-row">
        <input type="checkbox" checked={value === true} onChange={(event) => save(event.target.checked)} />
        <span>{label}</span>
      </label>
    );
  }
  if (type === "choice") {
    return (
      <label className="field">
        <span>{label}</span>
        <select
          value={typeof value === "string" ? value : ""}
          onChange={(event) => save(event.target.value || undefined)}
        >
          <option value="">Not said</option>
          {(attribute.values ?? []).map((entry) => (
            <option key={entry}>{entry}</option>
          ))}
        </select>
      </label>
    );
  }
  if (type === "choices") {
    const chosen = new Set(Array.isArray(value) ? (value as readonly string[]) : []);
    const toggle = (entry: string, isOn: boolean) =>
      save((attribute.values ?? []).filter((each) => (each === entry ? isOn : chosen.has(each))));
    return (
      <fieldset className="field">
        <legend>{label}</legend>
        {(attribute.values ?? []).map((entry) => (
          <label key={entry} className="field-row">
            <input
              type="checkbox"
              checked={chosen.has(entry)}
              onChange={(event) => toggle(entry, event.target.checked)}
            />
            <span>{entry}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  const read = (text: string): AttributeValue | undefined =>
    text === "" ? undefined : type === "number" ? Number(text) : text;
  return (
    <label className="field">
      <span>{label}</span>
      <input
        key={String(value ?? "")}
        type={type === "number" ? "number" : "text"}
        step="any"
        min={attribute.minimum ?? undefined}
        max={attribute.maximum ?? undefined}
        defaultValue={String(value ?? "")}
        onBlur={(event) => {
          const next = read(event.target.value);
          if (next !== value && !Number.isNaN(next)) save(next);
        }}
      />
    </label>
  );
}

function LinkCard({ link, isOpen }: { readonly link: Link; readonly isOpen: boolean }) {
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
      {isOpen && (
        <div className="actions">
          {suspect && (
            <button type="button" className="primary" onClick={() => actions.confirmLink(link.id)}>
              Confirm <kbd>A</kbd>
            </button>
          )}
          {link.status === "proposed" && (
            <button type="button" className="primary" onClick={() => actions.acceptLink(link.id)}>
              Accept
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

function targetsOfType(state: Parameters<typeof nameOf>[0], from: string, typeId: string): readonly string[] {
  if (state.ontology === null || state.sample === null) return [];
  return [...targetsOf(state.ontology, state.sample, from, typeId)].slice(0, 200);
}

function History({ id, rev }: { readonly id: string; readonly rev: string }) {
  const { api } = useWorkbench();
  const saved = useWorkspace((state) => state.sync.state === "saved");
  const { data } = useQuery({
    queryKey: ["revisions", api.project, id, rev, saved],
    queryFn: () => api.revisions(id),
    enabled: saved,
  });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <details className="history">
      <summary>
        History <span className="number">{data.items.length}</span>
      </summary>
      <ol>
        {data.items.map((entry) => (
          <li key={`${entry.seq}${entry.rev ?? ""}`}>
            <span>
              {entry.derived
                ? "Became suspect or sound"
                : entry.reason || (entry.record === null ? "Deleted" : fieldWord("changed"))}
            </span>
            <span className="quiet">
              {entry.actor}, {timeOf(entry.at_ns)}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
