/** The series pane as a contribution. */
import type { PaneKind } from "../pane";
import { SeriesPane } from "./series_pane";

export const seriesPane: PaneKind = {
  id: "series",
  title: "Series",
  accepts: (stream) => stream.modality === "series",
  create: (streams, context) => {
    const [stream] = streams;
    if (stream === undefined) throw new Error("a series pane needs a stream");
    return new SeriesPane(stream, context);
  },
};
