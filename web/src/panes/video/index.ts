/** The video pane as a contribution. */
import { LaterPane } from "../later_pane";
import type { PaneKind } from "../pane";

export const videoPane: PaneKind = {
  id: "video",
  title: "Video",
  accepts: (stream) => stream.modality === "video",
  create: (streams, context) => {
    const [stream] = streams;
    if (stream === undefined) throw new Error("a video pane needs a stream");
    return new LaterPane(async () => new (await import("./video_pane")).VideoPane(stream, context));
  },
};
