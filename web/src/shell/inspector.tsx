/** What is selected: its class, attributes, links and past. Without a selection: what a new thing will be. */
import { useQuery } from "@tanstack/react-query";
import type { Annotation, Entity } from "../model/records";
import { mentionsOf } from "../store/derive";
import { classesById, className, colourOf } from "../store/ontology";
import { editText } from "../store/utterances";
import { AttributeField } from "./attribute_field";
import { numberedClasses } from "./commands";
import { Icon } from "./icons";
import { LinkCard } from "./linking/link_card";
import { ThingLinks } from "./linking/thing_links";
import { StreamCard } from "./stream_card/stream_card";
import { fieldWord, kindWord, timeOf } from "./words";
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
      {link !== undefined && <LinkCard key={link.record.id} link={link.record} isOpen isWhole />}
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
      <ThingLinks id={thing.id} />
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
    const { sample } = store.getState();
    const base = sample?.annotations.get(annotation.id)?.rev;
    const verb = sample === null || base === undefined ? null : editText(sample, annotation.id, next, base);
    if (verb !== null) store.actions.edit(verb.reason, verb.ops);
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
