import { beforeEach, describe, expect, it } from "vitest";
import type { Annotation, KeyFrame, Region, Shape } from "../model/records";
import { Playhead } from "../playhead/playhead";
import { annotation, box, IMAGE, LAYER, ONTOLOGY, sampleView, versioned } from "../store/testing/sample";
import { createWorkspaceStore } from "../store/workspace";
import {
  addKeyFrame,
  copyToNext,
  goToKeyFrame,
  goToSuggestion,
  hasTimedShape,
  joinTracks,
  makeTrack,
  removeKeyFrame,
  splitTrack,
  toggleOccluded,
  toggleOutside,
} from "./track_edits";
import type { Workbench } from "./workbench";

const MS = 1_000_000;
const [TRACK, OTHER, BOX] = [31, 32, 33].map((n) => `00000000-0000-7000-8000-0000000000${n}`) as [
  string,
  string,
  string,
];

const key = (index: number, x: number | null, rest: Partial<KeyFrame> = {}): KeyFrame => ({
  at_ns: index * 100 * MS,
  index,
  shape: x === null ? null : (box(x, 0, x + 10, 20) as Shape),
  ...rest,
});
const track = (id: string, ...key_frames: KeyFrame[]): Annotation =>
  annotation(id, IMAGE, "car", { type: "track", key_frames } satisfies Region);

let bench: Workbench;
let said: string[];

/** A camera at 10 Hz with 20 pictures. */
function open(...annotations: Annotation[]): void {
  const view = sampleView();
  const [camera, ...others] = view.streams;
  const readings = Array.from({ length: 20 }, (_, index) => ({ at_ns: index * 100 * MS, asset: "a" }));
  const streams = camera === undefined ? others : [versioned({ ...camera.record, readings }), ...others];
  const store = createWorkspaceStore();
  store.feed.setOntology(ONTOLOGY);
  store.feed.setLayers([{ kind: "layer", id: LAYER, name: "local", actor: "local" }], "local");
  store.feed.load({ ...view, streams, annotations: annotations.map((record) => versioned(record)) });
  const playhead = new Playhead({ nowMs: () => 0, request: () => 0, cancel: () => {} });
  playhead.setExtent(0, 1_900 * MS + 1);
  said = [];
  bench = { store, playhead, announce: (text: string) => said.push(text) } as unknown as Workbench;
}

/** (index, left edge or null) of each key frame. */
function keysOf(id: string): readonly (readonly [number | undefined, number | null])[] {
  const region = bench.store.getState().sample?.annotations.get(id)?.record.region;
  if (region?.type !== "track") return [];
  return region.key_frames.map(({ index, shape }) => [index ?? undefined, shape?.type === "box" ? shape.x0_px : null]);
}

const at = (index: number) => bench.playhead.seek(index * 100 * MS);
const notices = () => bench.store.getState().notices.map(({ text }) => text);

describe("edits of the selected track", () => {
  beforeEach(() => {
    open(track(TRACK, key(2, 0), key(10, 80)), track(OTHER, key(12, 0), key(15, 0)));
    bench.store.actions.select([TRACK]);
  });

  it("K8 pins what is shown, lengthens beyond the ends, and refuses a second one", () => {
    at(4);
    addKeyFrame(bench);
    at(13);
    addKeyFrame(bench);
    expect(keysOf(TRACK)).toEqual([
      [2, 0],
      [4, 20],
      [10, 80],
      [13, 80],
    ]);
    addKeyFrame(bench);
    expect(notices().at(-1)).toBe("A key frame stands here already");
    expect(keysOf(OTHER)).toHaveLength(2);
    bench.store.actions.undo();
    expect(keysOf(TRACK)).toHaveLength(3);
  });

  it("K13 removes a key frame, but not the last shape", () => {
    at(10);
    removeKeyFrame(bench);
    expect(keysOf(TRACK)).toEqual([[2, 0]]);
    at(2);
    removeKeyFrame(bench);
    expect(keysOf(TRACK)).toEqual([[2, 0]]);
    expect(notices().at(-1)).toContain("delete the whole track");
  });

  it("K2 leaves from here on without changing the way up to here, and comes back", () => {
    at(6);
    toggleOutside(bench);
    expect(keysOf(TRACK)).toEqual([
      [2, 0],
      [5, 30],
      [6, null],
      [10, 80],
    ]);
    at(8);
    toggleOutside(bench);
    expect(keysOf(TRACK)).toEqual([
      [2, 0],
      [5, 30],
      [6, null],
      [8, 30],
      [10, 80],
    ]);
  });

  it("is occluded from a key frame on, and again not", () => {
    const occluded = () => {
      const region = bench.store.getState().sample?.annotations.get(TRACK)?.record.region;
      return region?.type === "track" ? region.key_frames.map((one) => one.occluded ?? false) : [];
    };
    at(4);
    toggleOccluded(bench);
    expect(occluded()).toEqual([false, true, false]);
    toggleOccluded(bench);
    expect(occluded()).toEqual([false, false, false]);
  });

  it("K11 copies what is shown to the next key frame, after the last to the next reading, and goes there", () => {
    at(6);
    copyToNext(bench);
    expect(keysOf(TRACK)).toEqual([
      [2, 0],
      [10, 40],
    ]);
    expect(bench.playhead.state.timelineNs).toBe(1_000 * MS);
    copyToNext(bench);
    expect(keysOf(TRACK).at(-1)).toEqual([11, 40]);
  });

  it("K9 K10 splits at a reading into what joins again", () => {
    at(6);
    splitTrack(bench);
    const [later] = bench.store.getState().selection;
    expect(keysOf(TRACK)).toEqual([
      [2, 0],
      [5, 30],
    ]);
    expect(keysOf(later ?? "")).toEqual([
      [6, 40],
      [10, 80],
    ]);
    bench.store.actions.select([later ?? "", TRACK]);
    joinTracks(bench);
    expect(keysOf(TRACK).map(([index]) => index)).toEqual([2, 5, 6, 10]);
    expect(bench.store.getState().sample?.annotations.has(later ?? "")).toBe(false);
  });

  it("K10 keeps a gap as an absence when it joins over one", () => {
    bench.store.actions.select([TRACK, OTHER]);
    joinTracks(bench);
    expect(keysOf(TRACK)).toEqual([
      [2, 0],
      [10, 80],
      [undefined, null],
      [12, 0],
      [15, 0],
    ]);
  });

  it("walks the key frames of what is selected, else of all", () => {
    at(6);
    expect(goToKeyFrame(bench, 1)).toBe(true);
    expect(bench.playhead.state.timelineNs).toBe(1_000 * MS);
    expect(goToKeyFrame(bench, 1)).toBe(false);
    bench.store.actions.select([]);
    expect(goToKeyFrame(bench, 1)).toBe(true);
    expect(bench.playhead.state.timelineNs).toBe(1_200 * MS);
    expect(goToKeyFrame(bench, -1)).toBe(true);
    expect(bench.playhead.state.timelineNs).toBe(1_000 * MS);
  });
});

describe("tracks out of shapes", () => {
  it("makes one track of the selected boxes, in one change", () => {
    const still = (id: string, index: number, x: number): Annotation => ({
      ...annotation(id, IMAGE, "car", box(x, 0, x + 10, 20)),
      index,
      at_ns: index * 100 * MS,
    });
    open(still(BOX, 3, 5), still(OTHER, 1, 9));
    bench.store.actions.select([BOX, OTHER]);
    expect(hasTimedShape(bench.store.getState())).toBe(true);
    makeTrack(bench);
    expect(keysOf(OTHER)).toEqual([
      [1, 9],
      [3, 5],
    ]);
    const { sample, selection } = bench.store.getState();
    expect(sample?.annotations.has(BOX)).toBe(false);
    expect(sample?.annotations.get(OTHER)?.record).not.toHaveProperty("index");
    expect([...selection]).toEqual([OTHER]);
    bench.store.actions.undo();
    expect(bench.store.getState().sample?.annotations.has(BOX)).toBe(true);
  });

  it("K14 goes to where a key frame is suggested", () => {
    open(track(TRACK, key(0, 0), key(5, 100), key(10, 400), key(15, 900)));
    bench.store.actions.select([TRACK]);
    at(1);
    goToSuggestion(bench);
    expect(bench.playhead.state.timelineNs).toBe(250 * MS);
  });
});
