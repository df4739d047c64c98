/** The video pane as a contribution. */
import type { PaneKind } from "../pane";
import { VideoPane } from "./video_pane";

export const videoPane: PaneKind = {
  id: "video",
  title: "Video",
  accepts: (stream) => stream.modality === "video",
  create: (streams, context) => {
    const [stream] = streams;
    if (stream === undefined) throw new Error("a video pane needs a stream");
    return new VideoPane(stream, context);
  },
};
