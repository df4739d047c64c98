/** Drawing and reshaping on a track: it goes on with what is drawn, and an edited moment becomes a key frame. */
import type { Box, Region, Shape } from "../../model/records";
import { shapeAt, withKeyFrame } from "../../model/tracks";
import type { PaneContext } from "../pane";

/** The reading that is shown, and how long it stands: key frames in [at_ns, end_ns) belong to it. */
export interface ShownReading {
  readonly at_ns: number;
  readonly end_ns: number;
  readonly index: number;
}

/** A selected track of boxes that is not there yet goes on with the new box. False when there is none. */
export function continueTrack(context: PaneContext, stream: string, box: Box, shown: ShownReading): boolean {
  const { sample, selection, linking } = context.store.getState();
  const [id, ...others] = selection;
  const record = sample?.annotations.get(id ?? "")?.record;
  if (record === undefined || others.length > 0 || record.stream !== stream || linking !== null) return false;
  const { region } = record;
  if (region.type !== "track" || !region.key_frames.some(({ shape }) => shape?.type === "box")) return false;
  if (shapeAt(region, shown.at_ns) !== null) return false;
  context.store.actions.update("Continue the track", [{ ...record, region: withShape(region, box, shown) }]);
  context.store.actions.notify("Track continued. Esc before drawing makes a new box", { canUndo: true });
  return true;
}

/** The region of an annotation after its shape was edited at a reading. */
export function withShape<R extends Region>(region: R, shape: Shape, { at_ns, end_ns, index }: ShownReading): Region {
  if (region.type !== "track") return shape;
  const old = region.key_frames.find((key) => key.at_ns >= at_ns && key.at_ns < end_ns);
  return withKeyFrame(region, { ...old, at_ns: old?.at_ns ?? at_ns, index, shape });
}
