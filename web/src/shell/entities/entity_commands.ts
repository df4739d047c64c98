/** Commands of entities. */
import type { Command } from "../command";
import { gatherSelected, mergeSelected, splitSelected } from "./entity_actions";

export const ENTITY_COMMANDS: readonly Command[] = [
  {
    id: "entity.make",
    title: "Make the selection one entity, or add it to one",
    group: "Edit",
    keys: ["e"],
    when: ({ reviewing, sample, selection }) => !reviewing && [...selection].some((id) => sample?.annotations.has(id)),
    run: gatherSelected,
  },
  { id: "entity.merge", title: "Merge the selected entities", group: "Edit", keys: ["Shift+M"], run: mergeSelected },
  {
    id: "entity.split",
    title: "Take the selected mentions out into an entity of their own",
    group: "Edit",
    keys: ["Shift+O"],
    run: splitSelected,
  },
];
