/** Keys to commands. Letters do nothing while text is typed or a dialog is open. */
import { tinykeys } from "tinykeys";
import type { WorkspaceState } from "../store/workspace";
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

/** What a key does now: a command whose context holds goes before one that counts everywhere. */
export function commandFor(commands: readonly Command[], keys: string, state: WorkspaceState): Command | undefined {
  const named = commands.filter((command) => command.keys.includes(keys));
  return named.find((command) => command.when?.(state)) ?? named.find((command) => command.when === undefined);
}

export function listenToKeys(bench: Workbench): () => void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {};
  const guarded = (run: (event: KeyboardEvent) => void) => (event: KeyboardEvent) => {
    if (isTyping(event) || belongsToControl(event)) return;
    event.preventDefault();
    run(event);
  };
  for (const keys of new Set(COMMANDS.flatMap((command) => command.keys))) {
    bindings[keys] = guarded(() => commandFor(COMMANDS, keys, bench.store.getState())?.run(bench));
  }
  for (let digit = 1; digit <= 9; digit += 1) bindings[String(digit)] = guarded(() => runDigit(bench, digit));
  bindings["Escape"] = (event) => {
    if (!isTyping(event)) bench.store.actions.stepBack();
  };
  return tinykeys(window, bindings);
}
