/** The point cloud pane as a contribution. */
import type { PaneKind } from "../pane";
import { POINT_COMMANDS } from "./points_commands";
import { PointsPane } from "./points_pane";

export const pointsPane: PaneKind = {
  id: "points",
  title: "Points",
  commands: POINT_COMMANDS,
  accepts: (stream) => stream.modality === "point_cloud",
  create: (streams, context) => {
    const [stream] = streams;
    if (stream === undefined) throw new Error("a point pane needs a stream");
    return new PointsPane(stream, context);
  },
};
