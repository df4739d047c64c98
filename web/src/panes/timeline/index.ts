/** The timeline as a contribution: it takes every stream of the sample. */
import type { PaneKind } from "../pane";
import { TimelinePane } from "./timeline_pane";

export const timelinePane: PaneKind = {
  id: "timeline",
  title: "Timeline",
  accepts: () => true,
  create: (streams, context) => new TimelinePane(streams, context),
};
