/** The point cloud pane as a contribution. */
import { LaterPane } from "../later_pane";
import type { PaneKind } from "../pane";
import { POINT_COMMANDS } from "./points_commands";

export const pointsPane: PaneKind = {
  id: "points",
  title: "Points",
  commands: POINT_COMMANDS,
  accepts: (stream) => stream.modality === "point_cloud",
  create: (streams, context) => {
    const [stream] = streams;
    if (stream === undefined) throw new Error("a point pane needs a stream");
    return new LaterPane(async () => new (await import("./points_pane")).PointsPane(stream, context));
  },
};
