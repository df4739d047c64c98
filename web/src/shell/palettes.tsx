/** The command palette, the class search, the key sheet, and the choice of a link type. */
import { classesById, colourOf } from "../store/ontology";
import { COMMANDS, type Command, keyLabel } from "./commands";
import { TargetPicker } from "./linking/target_picker";
import { paneCommands } from "./pane_commands";
import { Dialog } from "./parts";
import { type Entry, SearchDialog } from "./search_dialog";
import { nameOf } from "./words";
import { useScene, useWorkbench } from "./workbench";

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
  if (state.linking !== null) return <TargetPicker onClose={onClose} />;
  const things: readonly Entry[] = [...(state.sample?.annotations.keys() ?? [])].slice(0, 2000).map((id) => ({
    id,
    text: nameOf(state, id),
    search: nameOf(state, id),
    note: "select",
    run: () => {
      bench.store.actions.pick(id);
      bench.store.actions.reveal(id);
    },
  }));
  const entries = [...commands, ...ofPanes, ...things];
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
