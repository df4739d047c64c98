/** Every pane kind, in the order in which they are laid out. */
import { audioPane } from "../panes/audio";
import { imageKind } from "../panes/image";
import type { PaneKind } from "../panes/pane";
import { pointsPane } from "../panes/points";
import { seriesPane } from "../panes/series";
import { textKind } from "../panes/text";
import { timelinePane } from "../panes/timeline";
import { videoPane } from "../panes/video";

export const PANE_KINDS: readonly PaneKind[] = [
  pointsPane,
  imageKind,
  videoPane,
  textKind,
  audioPane,
  timelinePane,
  seriesPane,
];
