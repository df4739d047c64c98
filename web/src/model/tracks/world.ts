/** Where frames of reference stand in the world at a media time: what cuboids need to move straight (rule K6). */
import type { FrameTree } from "../frames";
import type { World } from "./moment";

/** `toTimeline`: the clock of the stream that the track lies on. */
export function worldOf(tree: FrameTree, toTimeline: (media_ns: number) => number): World {
  return (frame, media_ns) => {
    const at_ns = toTimeline(media_ns);
    return tree.between(tree.rootOf(frame), at_ns, frame, at_ns);
  };
}
