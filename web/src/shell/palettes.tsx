/** Search in a dialog (ARIA combobox), the key sheet, and the choice of a link type. */
import { useId, useState } from "react";
import { classesById, colourOf } from "../store/ontology";
import { COMMANDS, type Command, keyLabel } from "./commands";
import { fuzzyFilter } from "./fuzzy";
import { Icon } from "./icons";
import { paneCommands } from "./pane_commands";
import { Dialog } from "./parts";
import { nameOf, typeName } from "./words";
import { useScene, useWorkbench } from "./workbench";

interface Entry {
  readonly id: string;
  readonly text: string;
  readonly search: string;
  readonly note: string;
  readonly colour?: number;
  run(): void;
}

function SearchDialog(props: {
  readonly label: string;
  readonly entries: readonly Entry[];
  readonly onClose: () => void;
}) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const shown = fuzzyFilter(query, props.entries, (entry) => entry.search).slice(0, 60);
  const at = Math.min(active, shown.length - 1);
  const choose = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    props.onClose();
    entry.run();
  };
  return (
    <Dialog label={props.label} className="palette" onClose={props.onClose}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={at >= 0 ? `${list}-${at}` : undefined}
        aria-label={props.label}
        placeholder={props.label}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setActive(Math.min(shown.length - 1, at + 1));
          else if (event.key === "ArrowUp") setActive(Math.max(0, at - 1));
          else if (event.key === "Enter") choose(shown[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div role="listbox" id={list} aria-label={props.label}>
        {shown.map((entry, index) => (
          <div
            key={entry.id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(entry)}
            onKeyDown={(event) => {
              if (event.key === "Enter") choose(entry);
            }}
          >
            {entry.colour !== undefined && <i className="swatch" style={{ background: `var(--c-${entry.colour})` }} />}
            <span>{entry.text}</span>
            <small>{entry.note}</small>
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className="quiet">Nothing matches</p>}
    </Dialog>
  );
}

export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const bench = useWorkbench();
  const state = useScene();
  const commands: readonly Entry[] = COMMANDS.filter((command) => command.when?.(state) ?? true).map((command) => ({
    id: command.id,
    text: command.title,
    search: `${command.title} ${command.group}`,
    note: command.keys.map(keyLabel).join(" or "),
    run: () => command.run(bench),
  }));
  const ofPanes: readonly Entry[] = paneCommands(bench).map(({ kind, command, run }) => ({
    id: command.id,
    text: command.title,
    search: `${command.title} ${kind.title}`,
    note: [kind.title, ...command.keys.map(keyLabel)].join(" · "),
    run,
  }));
  const things: readonly Entry[] = [...(state.allowedTargets ?? state.sample?.annotations.keys() ?? [])]
    .slice(0, 2000)
    .map((id) => ({
      id,
      text: nameOf(state, id),
      search: nameOf(state, id),
      note: state.linking === null ? "select" : "link",
      run: () => {
        bench.store.actions.pick(id);
        bench.store.actions.reveal(id);
      },
    }));
  const entries = state.linking === null ? [...commands, ...ofPanes, ...things] : things;
  return <SearchDialog label="Search commands and objects" entries={entries} onClose={onClose} />;
}

export function ClassSearch({ onClose }: { readonly onClose: () => void }) {
  const bench = useWorkbench();
  const state = useScene();
  const known = state.ontology === null ? [] : [...classesById(state.ontology).values()];
  const entries = known.map((entry) => ({
    id: entry.id,
    text: entry.name,
    search: [entry.name, entry.id, ...(entry.synonyms ?? [])].join(" "),
    note: entry.deprecated ? `replaced by ${entry.replaced_by ?? "nothing"}` : entry.id,
    colour: colourOf(state.ontology, entry.id),
    run: () => {
      const classId = entry.deprecated && entry.replaced_by ? entry.replaced_by : entry.id;
      if (state.selection.size > 0) bench.store.actions.setClass(state.selection, classId);
      else bench.store.actions.setActiveClass(classId);
    },
  }));
  return <SearchDialog label="Choose a class" entries={entries} onClose={onClose} />;
}

export function KeySheet({ onClose }: { readonly onClose: () => void }) {
  const bench = useWorkbench();
  const offeredNow = paneCommands(bench, "all");
  const ofPanes = bench.kinds.map((kind) => ({ kind, offered: offeredNow.filter((entry) => entry.kind === kind) }));
  const groups = new Map<string, Command[]>();
  for (const command of COMMANDS) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return (
    <Dialog label="Keys" className="key-sheet" onClose={onClose}>
      <h2>Keys</h2>
      <div className="key-groups">
        {[...groups].map(([group, commands]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands
                .filter((command) => command.keys.length > 0)
                .map((command) => (
                  <div key={command.id}>
                    <dt>{command.title}</dt>
                    <dd>
                      {command.keys.map((keys) => (
                        <kbd key={keys}>{keyLabel(keys)}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              {group === "Edit" && (
                <div>
                  <dt>Class</dt>
                  <dd>
                    <kbd>1</kbd>–<kbd>9</kbd>
                  </dd>
                </div>
              )}
              {group === "Link" && (
                <div>
                  <dt>One stage back</dt>
                  <dd>
                    <kbd>Esc</kbd>
                  </dd>
                </div>
              )}
            </dl>
          </section>
        ))}
        {ofPanes
          .filter(({ offered }) => offered.length > 0)
          .map(({ kind, offered }) => (
            <section key={kind.id} className="long">
              <h3>{kind.title}, while the pane has the focus</h3>
              <dl>
                {offered.map(({ command }) => (
                  <div key={command.id}>
                    <dt>{command.title}</dt>
                    <dd>
                      {command.keys.map((keys) => (
                        <kbd key={keys}>{keyLabel(keys)}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
      </div>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </Dialog>
  );
}

/** What link mode waits for, and the types to choose from. */
export function LinkBar() {
  const { store } = useWorkbench();
  const state = useScene();
  const { linking } = state;
  if (linking === null) return null;
  const allowed = state.allowedTargets?.size ?? 0;
  return (
    <div className="link-bar" role="status">
      <Icon name="link" />
      {linking.source === null && <span>Pick what the link starts from</span>}
      {linking.source !== null && linking.target === null && (
        <span>
          <b>{nameOf(state, linking.source)}</b> goes with… <small>{allowed} can be picked</small>
        </span>
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
