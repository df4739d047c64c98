/** The audio pane as a contribution. */
import { LaterPane } from "../later_pane";
import type { PaneKind } from "../pane";

export const audioPane: PaneKind = {
  id: "audio",
  title: "Sound",
  accepts: (stream) => stream.modality === "audio",
  create: (streams, context) => {
    const [stream] = streams;
    if (stream === undefined) throw new Error("an audio pane needs a stream");
    return new LaterPane(async () => new (await import("./audio_pane")).AudioPane(stream, context));
  },
};
