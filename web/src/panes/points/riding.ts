/** Colours by class, and points of moving objects gathered where the object is now (object-compensated sweeps). */
import type { CuboidShape } from "../../model/projection";
import type { Stream } from "../../model/records";
import type { Playhead } from "../../playhead/playhead";
import { colourOf } from "../../store/ontology";
import type { WorkspaceState } from "../../store/workspace";
import { annotationsOf } from "../shared/by_stream";
import { type LoosePoints, type ObjectMove, type PlacedSweep, ridingPoints } from "./cloud";
import { type CuboidActions, ridingTransform } from "./cuboid_actions";
import { type Marked, marksFor } from "./marks";
import { readingStart } from "./sweeps";

export interface RidingPorts {
  readonly placed: readonly PlacedSweep[];
  readonly rides: boolean;
  readonly byClass: boolean;
  readonly state: WorkspaceState;
  readonly stream: Stream;
  readonly playhead: Playhead;
  readonly actions: CuboidActions;
  readonly frame: string;
}

export interface Riding {
  readonly marksOf: (reading: number) => Uint8Array | null;
  readonly points: LoosePoints | null;
}

/** Nothing is coloured by class and nothing rides. */
export const STILL: Riding = { marksOf: () => null, points: null };

/** A cuboid is made a little larger, so that points on its skin go along. */
const SKIN_M = 0.05;

export function riding(ports: RidingPorts): Riding {
  const { placed, rides, byClass, state, stream, playhead, actions, frame } = ports;
  if (!rides && !byClass) return STILL;
  const annotations = annotationsOf(state.sample, stream.id);
  const timeOf = (reading: number) => playhead.toTimeline(stream.id, readingStart(stream, reading));
  const now = placed[0];
  if (now === undefined) return STILL;
  const marks = new Map<number, Uint8Array | null>();
  const moves: { readonly colour: number; readonly move: ObjectMove }[] = [];
  for (const one of placed) {
    const seen = new Set<string>();
    const objects: Marked[] = [];
    for (const annotation of annotations) {
      // Several cuboids of one entity are one object; which of them asks makes no difference.
      const key = annotation.region.type === "track" ? annotation.id : (annotation.entity ?? annotation.id);
      if (seen.has(key)) continue;
      const then = grown(actions.objectAt(annotation, timeOf(one.reading), one.sweep.header.frame || frame));
      if (then === null || !isSeenNear(annotation.index, annotation.region.type, annotation.entity, one.reading))
        continue;
      seen.add(key);
      const colour = colourOf(state.ontology, annotation.class_id);
      const here = rides && one.away !== 0 ? grown(actions.objectAt(annotation, timeOf(now.reading), frame)) : null;
      if (here !== null) {
        const move = ridingTransform(here, then);
        moves.push({ colour, move: { reading: one.reading, shape_then: then, pane_from_sweep: move } });
      }
      objects.push({ shape: then, colour, hidden: here !== null });
    }
    marks.set(one.reading, marksFor(one.sweep, objects));
  }
  const parts = moves.map(({ colour, move }) => ridingPoints(placed, [move], colour + 1));
  return { marksOf: (reading) => marks.get(reading) ?? null, points: parts.length === 0 ? null : joined(parts) };
}

/** A lone cuboid without an entity says nothing of other sweeps. */
function isSeenNear(
  index: number | null | undefined,
  type: string,
  entity: string | null | undefined,
  reading: number,
) {
  return type === "track" || entity != null || index == null || index === reading;
}

function grown(shape: CuboidShape | null): CuboidShape | null {
  if (shape === null) return null;
  const [length, width, height] = shape.size_m;
  return { ...shape, size_m: [length + 2 * SKIN_M, width + 2 * SKIN_M, height + 2 * SKIN_M] };
}

function joined(parts: readonly LoosePoints[]): LoosePoints {
  const total = parts.reduce((sum, part) => sum + part.intensity.length, 0);
  const all = {
    places_m: new Float32Array(total * 3),
    intensity: new Uint8Array(total),
    away: new Float32Array(total),
    marks: new Uint8Array(total),
  };
  let at = 0;
  for (const part of parts) {
    all.places_m.set(part.places_m, at * 3);
    all.intensity.set(part.intensity, at);
    all.away.set(part.away, at);
    all.marks.set(part.marks, at);
    at += part.intensity.length;
  }
  return all;
}
