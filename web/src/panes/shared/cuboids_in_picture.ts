/**
 * The cuboids of the moment in a camera's picture (rule S3): at the camera's own time, with the motion of what carries
 * the camera and of the object itself, row by row where the shutter rolls. A drag in progress counts at once.
 */
import { compose, IDENTITY, invert, type RigidTransform } from "../../base/rotation";
import { cuboidAt, sightings } from "../../model/cuboid_motion";
import { canProject } from "../../model/lenses";
import { overlapOf } from "../../model/outlines";
import { type CuboidShape, type ProjectedCuboid, projectCuboid } from "../../model/projection";
import type { Annotation, Calibration, Camera, Stream } from "../../model/records";
import { readingAt } from "../../playhead/reading_at";
import { linkedIds, mentionsOf } from "../../store/derive";
import type { SampleData } from "../../store/sample";
import type { WorkspaceState } from "../../store/workspace";
import type { PaneContext } from "../pane";
import { annotationsOf } from "./by_stream";
import { framesOf } from "./sample_frames";
import { boundsOf } from "./shapes";
import { cuboidOf, type Moment } from "./shown_cuboids";

export interface SeenCuboid {
  readonly annotation: Annotation;
  readonly projected: ProjectedCuboid;
  readonly interpolated: boolean;
}

interface Mounted {
  readonly calibration: Calibration;
  readonly camera: Camera;
}

export class CuboidsInPicture {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  #from: readonly unknown[] = [];
  #seen: readonly SeenCuboid[] = [];

  constructor(stream: Stream, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
  }

  /** Those before the camera when the picture `moment` was taken; none without a calibration. */
  at(moment: Moment): readonly SeenCuboid[] {
    const { sample, draft, projections } = this.#context.store.getState();
    if (sample === null || projections === "none") return [];
    const sources = [...sample.streams.values()].flatMap(({ record }) => {
      if (record.id === this.#stream.id) return [{ stream: record, moment }];
      if (record.modality !== "point_cloud") return [];
      const mark = readingAt(record, this.#context.playhead);
      return mark === null ? [] : [{ stream: record, moment: { index: mark.index, at_ns: mark.media_ns } }];
    });
    const at_ns = this.#context.playhead.toTimeline(this.#stream.id, moment.at_ns);
    const from = [
      sample.annotations,
      sample.calibrations,
      sample.trajectories,
      draft,
      at_ns,
      ...sources.map((source) => source.moment.index),
      ...sources.map((source) => this.#context.playhead.toTimeline(source.stream.id, source.moment.at_ns)),
    ];
    if (from.length === this.#from.length && from.every((part, index) => part === this.#from[index])) return this.#seen;
    this.#from = from;
    const mounted = cameraOf(sample, this.#stream.id);
    this.#seen =
      mounted === null
        ? []
        : sources.flatMap((source) => this.#project(sample, draft, source.stream, source.moment, mounted, at_ns));
    return this.#seen;
  }

  #project(
    sample: SampleData,
    draft: Annotation | null,
    source: Stream,
    moment: Moment,
    { calibration, camera }: Mounted,
    picture_ns: number,
  ): readonly SeenCuboid[] {
    const { playhead } = this.#context;
    const own = withDraft(annotationsOf(sample, source.id), draft, source.id);
    const tree = framesOf(sample);
    const { readout_ns, exposure_offset_ns = 0 } = this.#stream.timing ?? {};
    const mediaOf = (annotation: Annotation) =>
      annotation.at_ns ?? source.readings?.[annotation.index ?? -1]?.at_ns ?? null;
    return own.flatMap((annotation) => {
      const found = cuboidOf(annotation, moment);
      if (found === null) return [];
      const seen = sightings(
        annotation,
        siblingsOf(sample, draft, annotation),
        (media_ns) => playhead.toTimeline(source.id, media_ns),
        (other) => mediaOf(other) ?? (other.id === annotation.id ? moment.at_ns : null),
        moment.at_ns,
      );
      const placed = (late_ns: number): CuboidShape | null =>
        cuboidAt(seen, picture_ns + exposure_offset_ns + late_ns, calibration.frame, tree);
      const first = placed(0);
      const last = readout_ns ? placed(readout_ns) : null;
      const later = first === null || last === null ? null : compose(poseOf(last), invert(poseOf(first)));
      const projected = first === null ? null : projectCuboid(first, IDENTITY, camera, later);
      return projected === null ? [] : [{ annotation, projected, interpolated: found.interpolated }];
    });
  }
}

function poseOf({ rotation_wxyz, centre_m }: CuboidShape): RigidTransform {
  return { rotation_wxyz, translation_m: centre_m };
}

/** The annotations of the same entity. */
function siblingsOf(sample: SampleData, draft: Annotation | null, annotation: Annotation): readonly Annotation[] {
  if (annotation.entity == null) return [];
  return mentionsOf(sample, annotation.entity).flatMap((id) =>
    id === draft?.id ? [draft] : (sample.annotations.get(id)?.record ?? []),
  );
}

/** The drag in progress in place of what it changes, or beside it when it is new. */
export function withDraft(
  annotations: readonly Annotation[],
  draft: Annotation | null,
  stream: string,
): readonly Annotation[] {
  if (draft === null || draft.stream !== stream) return annotations;
  const rest = annotations.filter(({ id }) => id !== draft.id);
  return [...rest, draft];
}

export function cameraOf(sample: SampleData, stream: string): Mounted | null {
  for (const { record } of sample.calibrations.values()) {
    const { camera } = record;
    if (record.stream === stream && camera != null && canProject(camera)) return { calibration: record, camera };
  }
  return null;
}

/** How far the cuboid's visible part agrees with the box in this stream that is linked to it; null without one. */
export function agreementOf(state: WorkspaceState, { annotation, projected }: SeenCuboid, stream: string) {
  if (state.sample === null || projected.visible_px === null) return null;
  let best: number | null = null;
  for (const id of linkedIds(state.sample, [annotation.id])) {
    const other = state.sample.annotations.get(id)?.record;
    const bounds = other?.stream === stream ? boundsOf(other.region) : null;
    if (bounds !== null) best = Math.max(best ?? 0, overlapOf(projected.visible_px, bounds));
  }
  return best;
}
