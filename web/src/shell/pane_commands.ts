/** Commands that kinds of panes bring along: the palette and the key sheet list them; their keys are the panes' own. */
import type { PaneCommand, PaneKind } from "../panes/pane";
import type { Workbench } from "./workbench";

export interface OfferedCommand {
  readonly kind: PaneKind;
  readonly command: PaneCommand;
  /** By the first open pane that can. */
  run(): void;
}

/** Those of the kinds that have a pane in the open sample; `all`: those too that miss a selection. */
export function paneCommands(bench: Workbench, which: "all" | "now" = "now"): readonly OfferedCommand[] {
  const { sample, selection } = bench.store.getState();
  const streams = [...(sample?.streams.values() ?? [])];
  return bench.kinds
    .filter((kind) => streams.some(({ record }) => kind.accepts(record)))
    .flatMap((kind) => (kind.commands ?? []).map((command) => ({ kind, command })))
    .filter(({ command }) => which === "all" || command.needsSelection !== true || selection.size > 0)
    .map(({ kind, command }) => ({
      kind,
      command,
      run: () => {
        const done = [...bench.panes].some((pane) => pane.run?.(command.id) ?? false);
        if (!done) bench.announce(`Not possible now: ${command.title}`);
      },
    }));
}
