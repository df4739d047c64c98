/** Every pane kind, in the order in which they are laid out. */
import { imageKind } from "../panes/image";
import type { PaneKind } from "../panes/pane";
import { textKind } from "../panes/text";

export const PANE_KINDS: readonly PaneKind[] = [imageKind, textKind];
