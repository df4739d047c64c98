/** Commands of things. */
import type { Command } from "../command";
import { gatherSelected, mergeSelected, splitSelected } from "./entity_actions";

export const ENTITY_COMMANDS: readonly Command[] = [
  {
    id: "entity.make",
    title: "Make the selection one thing, or add it to the selected thing",
    group: "Edit",
    keys: ["e"],
    when: ({ reviewing, sample, selection }) => !reviewing && [...selection].some((id) => sample?.annotations.has(id)),
    run: gatherSelected,
  },
  { id: "entity.merge", title: "Merge the selected things", group: "Edit", keys: ["Shift+M"], run: mergeSelected },
  {
    id: "entity.split",
    title: "Take the selected mentions out into a thing of their own",
    group: "Edit",
    keys: ["Shift+U"],
    run: splitSelected,
  },
];
