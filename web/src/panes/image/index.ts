/** Pictures: one pane for each stream of images. */
import { LaterPane } from "../later_pane";
import type { PaneKind } from "../pane";

export const imageKind: PaneKind = {
  id: "image",
  title: "Image",
  accepts: (stream) => stream.modality === "image",
  create: ([stream], context) => {
    if (stream === undefined) throw new Error("imageKind.create: got no stream, wanted one image stream");
    return new LaterPane(async () => new (await import("./image_pane")).ImagePane(stream, context));
  },
};
