/** What a command is: shortcut, palette entry and line of the key sheet at once. */
import type { WorkspaceState } from "../store/workspace";
import type { IconName } from "./icons";
import type { Workbench } from "./workbench";

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: "Tools" | "Link" | "Edit" | "Track" | "Go" | "Play" | "Review" | "View";
  /** tinykeys notation; several are alternatives. */
  readonly keys: readonly string[];
  readonly icon?: IconName;
  when?(state: WorkspaceState): boolean;
  run(bench: Workbench): void;
}
