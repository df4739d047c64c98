import { describe, expect, it } from "vitest";
import type { Box, Region } from "../../model/records";
import { annotation, box, CAR, IMAGE, LAYER, ONTOLOGY, sampleView, versioned } from "../../store/testing/sample";
import { createWorkspaceStore } from "../../store/workspace";
import type { PaneContext } from "../pane";
import { continueTrack, withShape } from "./continue_track";

const shape = (x: number) => box(x, 0, x + 10, 20) as Box;
const track: Region = { type: "track", key_frames: [{ at_ns: 100, index: 1, shape: shape(0), occluded: true }] };

function contextWith(region: Region): PaneContext {
  const store = createWorkspaceStore();
  store.feed.setOntology(ONTOLOGY);
  store.feed.setLayers([{ kind: "layer", id: LAYER, name: "local", actor: "local" }], "local");
  store.feed.load({ ...sampleView(), annotations: [versioned(annotation(CAR, IMAGE, "car", region))] });
  store.actions.select([CAR]);
  return { store } as unknown as PaneContext;
}

describe("drawing on a track", () => {
  it("goes on where the selected track is not there yet, and nowhere else", () => {
    const context = contextWith(track);
    const at = (at_ns: number, index: number) => ({ at_ns, end_ns: at_ns + 10, index });
    expect(continueTrack(context, IMAGE, shape(5), at(100, 1))).toBe(false);
    expect(continueTrack(context, "another", shape(5), at(200, 2))).toBe(false);
    expect(continueTrack(context, IMAGE, shape(5), at(200, 2))).toBe(true);
    const region = context.store.getState().sample?.annotations.get(CAR)?.record.region;
    expect(region).toMatchObject({ key_frames: [{ at_ns: 100 }, { at_ns: 200, index: 2, shape: shape(5) }] });
    expect(continueTrack(context, IMAGE, shape(5), at(150, 1))).toBe(false);
    expect(continueTrack(contextWith(shape(0)), IMAGE, shape(5), at(200, 2))).toBe(false);
  });

  it("makes an edited moment a key frame, and keeps what else the key frame of the reading said", () => {
    const between = withShape(track, shape(7), { at_ns: 300, end_ns: 400, index: 3 });
    expect(between).toMatchObject({ key_frames: [{ at_ns: 100 }, { at_ns: 300, index: 3, shape: shape(7) }] });
    const edited = withShape(track, shape(7), { at_ns: 90, end_ns: 110, index: 1 });
    expect(edited).toEqual({
      type: "track",
      key_frames: [{ at_ns: 100, index: 1, shape: shape(7), occluded: true }],
    });
    expect(withShape(shape(0), shape(7), { at_ns: 0, end_ns: 1, index: 0 })).toEqual(shape(7));
  });
});
