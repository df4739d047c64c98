/** Text: one pane for all text streams of a sample, and for what captions and transcripts say. */
import type { PaneKind } from "../pane";
import { TextPane } from "./text_pane";

export const textKind: PaneKind = {
  id: "text",
  title: "Text",
  accepts: (stream) => stream.modality === "text",
  create: (streams, context) => new TextPane(streams, context),
};
