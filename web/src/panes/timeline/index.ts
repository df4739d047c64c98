/** The timeline as a contribution: it takes every stream of the sample. */
import { LaterPane } from "../later_pane";
import type { PaneKind } from "../pane";

export const timelinePane: PaneKind = {
  id: "timeline",
  title: "Timeline",
  accepts: () => true,
  create: (streams, context) =>
    new LaterPane(async () => new (await import("./timeline_pane")).TimelinePane(streams, context)),
};
