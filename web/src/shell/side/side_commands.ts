/** Commands that open the panels of the side. */
import type { Command } from "../command";
import type { Workbench } from "../workbench";
import { type SideTab, showSide } from "./side_tab";

/** Opens a panel and puts the focus into it, so that the keyboard can go on there. */
function open(bench: Workbench, tab: SideTab, name: string): void {
  const isShown = showSide(tab, { toggle: true }) === tab;
  bench.announce(isShown ? `${name} is open` : "Problems are open");
  if (isShown) setTimeout(() => document.getElementById(`side-tab-${tab}`)?.focus(), 0);
}

export const SIDE_COMMANDS: readonly Command[] = [
  {
    id: "view.entities",
    title: "Entities of the sample",
    group: "View",
    keys: ["Shift+E"],
    run: (bench) => open(bench, "entities", "The list of entities"),
  },
  {
    id: "view.history",
    title: "History of the sample",
    group: "View",
    keys: ["Shift+H"],
    run: (bench) => open(bench, "history", "History"),
  },
];
