/** Keys to commands. Letters do nothing while text is typed or a dialog is open. */
import { tinykeys } from "tinykeys";
import type { Command } from "./command";
import { COMMANDS, runDigit } from "./commands";
import type { Workbench } from "./workbench";

function isTyping(event: Event): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]") !== null;
}

/** A focused button keeps Space and Enter for itself. */
function belongsToControl(event: KeyboardEvent): boolean {
  return (
    event.key === " " &&
    event.target instanceof HTMLElement &&
    event.target.closest("button, a, [role=option]") !== null
  );
}

/** A key may mean several things: those with a condition are asked first, the one without is what it means otherwise. */
export function commandsByKey(commands: readonly Command[]): ReadonlyMap<string, readonly Command[]> {
  const found = new Map<string, Command[]>();
  for (const command of [...commands].sort((a, b) => Number(a.when === undefined) - Number(b.when === undefined))) {
    for (const keys of command.keys) found.set(keys, [...(found.get(keys) ?? []), command]);
  }
  return found;
}

export function listenToKeys(bench: Workbench): () => void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  const guarded = (run: (event: KeyboardEvent) => void) => (event: KeyboardEvent) => {
    if (isTyping(event) || belongsToControl(event)) return;
    event.preventDefault();
    run(event);
  };
  for (const [keys, commands] of commandsByKey(COMMANDS)) {
    bindings[keys] = (event) => {
      if (event.defaultPrevented) return;
      const state = bench.store.getState();
      const command = commands.find((entry) => entry.when?.(state) ?? true);
      if (command !== undefined) guarded(() => command.run(bench))(event);
    };
  }
  for (let digit = 1; digit <= 9; digit += 1) bindings[String(digit)] = guarded(() => runDigit(bench, digit));
  bindings["Escape"] = (event) => {
    if (!isTyping(event)) bench.store.actions.stepBack();
  };
  return tinykeys(window, bindings);
}
