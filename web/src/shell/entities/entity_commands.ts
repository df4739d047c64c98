/** Commands of entities. */
import type { Command } from "../command";
import type { Workbench } from "../workbench";

type Actions = typeof import("./entity_actions");

/** The acts come when they are first needed. */
function act(does: (actions: Actions, bench: Workbench) => void): (bench: Workbench) => void {
  return (bench) => void import("./entity_actions").then((actions) => does(actions, bench));
}

export const ENTITY_COMMANDS: readonly Command[] = [
  {
    id: "entity.make",
    title: "Make the selection one entity, or add it to one",
    group: "Edit",
    keys: ["e"],
    when: ({ reviewing, sample, selection }) => !reviewing && [...selection].some((id) => sample?.annotations.has(id)),
    run: act((actions, bench) => actions.gatherSelected(bench)),
  },
  {
    id: "entity.merge",
    title: "Merge the selected entities",
    group: "Edit",
    keys: ["Shift+M"],
    run: act((actions, bench) => actions.mergeSelected(bench)),
  },
  {
    id: "entity.split",
    title: "Take the selected mentions out into an entity of their own",
    group: "Edit",
    keys: ["Shift+Z"],
    run: act((actions, bench) => actions.splitSelected(bench)),
  },
];
