/** The cuboids of one sweep, brought into the sweep's frame of reference; and edits brought back. */
import { invert, type RigidTransform } from "../../base/rotation";
import { carried } from "../../model/cuboid_motion";
import type { CuboidShape } from "../../model/projection";
import type { Annotation, Cuboid } from "../../model/records";
import { shapeAt } from "../../model/tracks";

export interface ShownCuboid {
  readonly annotation: Annotation;
  /** In the pane's frame of reference. */
  readonly shape: CuboidShape;
  readonly interpolated: boolean;
  /** The frame of reference that the record is written in. */
  readonly frame: string;
  readonly pane_from_frame: RigidTransform;
}

export interface Moment {
  readonly index: number;
  readonly at_ns: number;
}

/** The native anchor decides, the exact time where there is none; timeless cuboids are always there. */
export function shownCuboids(
  annotations: Iterable<Annotation>,
  moment: Moment,
  paneFrom: (frame: string) => RigidTransform | null,
  /** Where a track is between its key frames, in the pane's frame of reference, when that is known better. */
  between: (annotation: Annotation) => CuboidShape | null = () => null,
): readonly ShownCuboid[] {
  const shown: ShownCuboid[] = [];
  for (const annotation of annotations) {
    const found = cuboidOf(annotation, moment);
    const pane_from_frame = found === null ? null : paneFrom(found.cuboid.frame);
    if (found === null || pane_from_frame === null) continue;
    const { cuboid, interpolated } = found;
    shown.push({
      annotation,
      shape: (interpolated ? between(annotation) : null) ?? carried(cuboid, pane_from_frame),
      interpolated,
      frame: cuboid.frame,
      pane_from_frame,
    });
  }
  return shown;
}

/** The cuboid of an annotation at a reading of its stream; null when it has none there. */
export function cuboidOf(annotation: Annotation, moment: Moment): { cuboid: Cuboid; interpolated: boolean } | null {
  const { region, index, at_ns } = annotation;
  if (region.type === "track") {
    const found = shapeAt(region, moment.at_ns);
    return found?.shape.type === "cuboid" ? { cuboid: found.shape, interpolated: !found.keyed } : null;
  }
  if (region.type !== "cuboid") return null;
  const here = index != null ? index === moment.index : at_ns == null || at_ns === moment.at_ns;
  return here ? { cuboid: region, interpolated: false } : null;
}

/** The record's region for an edited shape. */
export function regionOf(shape: CuboidShape, frame: string, pane_from_frame: RigidTransform): Cuboid {
  return { type: "cuboid", frame, ...carried(shape, invert(pane_from_frame)) };
}
