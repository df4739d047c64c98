/** The audio pane as a contribution. */
import type { PaneKind } from "../pane";
import { AudioPane } from "./audio_pane";

export const audioPane: PaneKind = {
  id: "audio",
  title: "Sound",
  accepts: (stream) => stream.modality === "audio",
  create: (streams, context) => {
    const [stream] = streams;
    if (stream === undefined) throw new Error("an audio pane needs a stream");
    return new AudioPane(stream, context);
  },
};
