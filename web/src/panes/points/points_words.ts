/** What the pane says about the chosen cuboid. */
import { yawOf } from "../../base/rotation";
import type { CuboidShape } from "../../model/projection";
import type { Moment, ShownCuboid } from "../shared/shown_cuboids";
import type { FlatId } from "./flat_views";

export const VIEW_NAMES: Readonly<Record<FlatId, string>> = { top: "Top", side: "Side", front: "Front" };

export function chosenText(shown: ShownCuboid, shape: CuboidShape, inside: number, { at_ns }: Moment): string {
  const { region } = shown.annotation;
  const yaw = ((yawOf(shape.rotation_wxyz) * 180) / Math.PI).toFixed(1);
  const parts = [
    `points in box ${inside.toLocaleString("en")}`,
    `yaw ${yaw}°`,
    `${shape.size_m.map((part) => part.toFixed(2)).join(" × ")} m`,
  ];
  if (region.type === "track") {
    const keyed = region.key_frames.some((key) => key.at_ns === at_ns);
    const count = region.key_frames.length;
    parts.push(`${keyed ? "◆ key frame" : "◇ interpolated"}, ${count} in all`);
    parts.push(region.size_locked === true ? "size locked" : "size free");
  }
  return parts.join("  ·  ");
}
