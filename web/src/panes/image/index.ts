/** Pictures: one pane for each stream of images. */
import type { PaneKind } from "../pane";
import { ImagePane } from "./image-pane";

export const imageKind: PaneKind = {
  id: "image",
  title: "Image",
  accepts: (stream) => stream.modality === "image",
  create: ([stream], context) => {
    if (stream === undefined) throw new Error("imageKind.create: got no stream, wanted one image stream");
    return new ImagePane(stream, context);
  },
};
