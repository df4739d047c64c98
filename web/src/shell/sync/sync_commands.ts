/** Commands of synchronisation. */
import type { Command } from "../command";
import type { Workbench } from "../workbench";

function whileOpen(run: (bench: Workbench) => void): (bench: Workbench) => void {
  return (bench) => {
    if (bench.sync.state.isOpen) run(bench);
    else bench.store.actions.notify("Open synchronisation first, with Shift+Y");
  };
}

export const SYNC_COMMANDS: readonly Command[] = [
  {
    id: "sync.open",
    title: "Synchronise streams",
    group: "Play",
    keys: ["Shift+Y"],
    run: ({ sync }) => (sync.state.isOpen ? sync.close() : sync.open()),
  },
  {
    id: "sync.hold",
    title: "Hold the stream, or let it go",
    group: "Play",
    keys: ["Shift+F"],
    run: whileOpen(({ sync }) => sync.toggleHold()),
  },
  {
    id: "sync.mark",
    title: "Mark the same event on both clocks",
    group: "Play",
    keys: ["Shift+R"],
    run: whileOpen(({ sync }) => sync.mark()),
  },
  {
    id: "sync.try",
    title: "Try the clock map that was found",
    group: "Play",
    keys: ["Shift+T"],
    run: whileOpen(({ sync }) => sync.toggleTry()),
  },
];
