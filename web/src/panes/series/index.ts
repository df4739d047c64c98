/** The series pane as a contribution. */
import { LaterPane } from "../later_pane";
import type { PaneKind } from "../pane";

export const seriesPane: PaneKind = {
  id: "series",
  title: "Series",
  accepts: (stream) => stream.modality === "series",
  create: (streams, context) => {
    const [stream] = streams;
    if (stream === undefined) throw new Error("a series pane needs a stream");
    return new LaterPane(async () => new (await import("./series_pane")).SeriesPane(stream, context));
  },
};
