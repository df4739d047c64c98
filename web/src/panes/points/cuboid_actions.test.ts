import { beforeEach, describe, expect, it } from "vitest";
import { IDENTITY } from "../../base/rotation";
import type { SampleView } from "../../model/changes";
import type { Annotation, Stream, Track } from "../../model/records";
import { Playhead } from "../../playhead/playhead";
import { createWorkspaceStore } from "../../store/workspace";
import type { PaneContext } from "../pane";
import type { ShownCuboid } from "../shared/shown_cuboids";
import { CuboidActions } from "./cuboid_actions";
import { PointIndex } from "./point_index";
import { car, ground, seenSides, tileOf } from "./testing/scans";

const MS = 1_000_000;
const stream: Stream = {
  kind: "stream",
  id: "lidar",
  sample: "s",
  name: "lidar",
  modality: "point_cloud",
  sampling: "sweep",
  frame: "lidar",
  readings: [0, 100, 200].map((ms) => ({ at_ns: ms * MS, asset: "" })),
};
/** An ego that drives 1 m in 100 ms. */
const trajectory = {
  kind: "trajectory" as const,
  id: "t",
  sample: "s",
  frame: "lidar",
  parent_frame: "world",
  poses: [0, 1, 2].map((step) => ({
    at_ns: step * 100 * MS,
    pose: { ...IDENTITY, translation_m: [step, 0, 0] as const },
  })),
};

function bench(readings = stream.readings ?? []) {
  const store = createWorkspaceStore();
  const head = <R>(record: R) => ({ seq: 1, rev: "r", record });
  const own = { ...stream, readings };
  const view = {
    seq: 1,
    sample: head({ kind: "sample", id: "s", key: "k" }),
    streams: [head(own)],
    clock_maps: [],
    calibrations: [],
    trajectories: [head(trajectory)],
    entities: [],
    annotations: [],
    links: [],
    verdicts: [],
    findings: [],
  } as unknown as SampleView;
  store.feed.load(view);
  const said: string[] = [];
  const playhead = new Playhead({ nowMs: () => 0, request: () => 0, cancel: () => {} });
  playhead.setExtent(0, 200 * MS);
  const context = {
    project: "p",
    store,
    playhead,
    announce: (text: string) => said.push(text),
  } as unknown as PaneContext;
  const truth = car(9, 6, -1.7, 0.3);
  let points: PointIndex | null = new PointIndex([tileOf([...ground([9, 6, -1.7], 0, truth), ...seenSides(truth)])]);
  let index = 0;
  const actions = new CuboidActions({
    context,
    stream: own,
    moment: () => ({ index, at_ns: own.readings[index]?.at_ns ?? 0 }),
    frame: () => "lidar",
    points: () => points,
    goTo: (reading) => {
      index = reading;
    },
  });
  const only = (): Annotation => {
    const [row] = [...(store.getState().sample?.annotations.values() ?? [])];
    if (row === undefined) throw new Error("no annotation");
    return row.record;
  };
  const shown = (): ShownCuboid => {
    const annotation = only();
    const { region } = annotation;
    const key =
      region.type === "track" ? region.key_frames.find((one) => one.at_ns === (own.readings[index]?.at_ns ?? 0)) : null;
    const shape = region.type === "cuboid" ? region : key?.shape;
    if (shape?.type !== "cuboid") throw new Error("no cuboid here");
    return { annotation, shape, interpolated: false, frame: "lidar", pane_from_frame: IDENTITY };
  };
  return { store, actions, only, shown, said, truth, without: () => (points = null), at: () => index };
}

let it_: ReturnType<typeof bench>;
beforeEach(() => {
  it_ = bench();
});

const track = (annotation: Annotation): Track => {
  if (annotation.region.type !== "track") throw new Error("not a track");
  return annotation.region;
};

describe("cuboid actions", () => {
  it("makes a fitted track with a locked size in one undo step", () => {
    it_.actions.create({ ...it_.truth, size_m: [5.2, 2.6, 1.6] });
    const [key] = track(it_.only()).key_frames;
    expect(track(it_.only()).size_locked).toBe(true);
    expect(key?.index).toBe(0);
    expect(key?.shape?.type === "cuboid" && Math.abs(key.shape.size_m[0] - 4.4)).toBeLessThan(0.2);
    expect(it_.store.getState().undoStack).toHaveLength(1);
    it_.store.actions.undo();
    expect(it_.store.getState().sample?.annotations.size).toBe(0);
  });

  it("makes a plain cuboid in a stream of one sweep, and the outline itself without points", () => {
    it_ = bench([{ at_ns: 0, asset: "" }]);
    it_.without();
    it_.actions.create(it_.truth);
    expect(it_.only().region).toMatchObject({ type: "cuboid", frame: "lidar", size_m: [4.4, 1.9, 1.6] });
    expect(it_.only().index).toBe(0);
    expect(it_.said.at(-1)).toContain("too few points");
    it_.actions.toggleKey(it_.shown());
    expect(track(it_.only()).key_frames).toHaveLength(1);
    expect(it_.only().at_ns).toBeUndefined();
  });

  it("copies on to where the world says the object is, then goes on at its speed", () => {
    it_.actions.create(it_.truth);
    const first = it_.shown().shape.centre_m;
    it_.actions.passOn(it_.shown(), 1);
    expect(it_.at()).toBe(1);
    const second = it_.shown().shape.centre_m;
    expect(second[0]).toBeCloseTo(first[0] - 1, 6);
    it_.actions.reshape(it_.shown(), { ...it_.shown().shape, centre_m: [first[0], first[1], first[2]] });
    it_.actions.passOn(it_.shown(), 1);
    expect(it_.shown().shape.centre_m[0]).toBeCloseTo(first[0], 6);
    it_.actions.passOn(it_.shown(), 1);
    expect(it_.at()).toBe(2);
    expect(it_.store.getState().notices.at(-1)?.text).toBe("This is the last sweep");
  });

  it("applies a new size to every key frame of a locked track, on its own floor", () => {
    it_.actions.create(it_.truth);
    it_.actions.passOn(it_.shown(), 1);
    const { shape } = it_.shown();
    const taller = {
      ...shape,
      size_m: [5, 2, 2.6] as const,
      centre_m: [shape.centre_m[0], shape.centre_m[1], shape.centre_m[2] + 0.5] as const,
    };
    it_.actions.reshape(it_.shown(), taller);
    const floors = track(it_.only()).key_frames.map(({ shape: one }) =>
      one?.type === "cuboid" ? [one.size_m[2], Math.round((one.centre_m[2] - one.size_m[2] / 2) * 10) / 10] : null,
    );
    expect(floors).toEqual([
      [2.6, floors[0]?.[1]],
      [2.6, floors[1]?.[1]],
    ]);
    expect(Math.abs((floors[0]?.[1] ?? 0) + 1.7)).toBeLessThan(0.11);
    it_.actions.toggleLock(it_.shown());
    expect(track(it_.only()).size_locked).toBeUndefined();
    it_.actions.reshape(it_.shown(), { ...it_.shown().shape, size_m: [3, 2, 2.6] });
    const sizes = track(it_.only()).key_frames.map(({ shape: one }) => (one?.type === "cuboid" ? one.size_m[0] : null));
    expect(sizes).toEqual([5, 3]);
  });

  it("sets and removes key frames, ends a track, and keeps the last key frame", () => {
    it_.actions.create(it_.truth);
    it_.actions.toggleKey(it_.shown());
    expect(track(it_.only()).key_frames).toHaveLength(1);
    it_.actions.absent(it_.shown());
    expect(it_.store.getState().notices.at(-1)?.text).toContain("begins here");
    it_.actions.passOn(it_.shown(), 1);
    it_.actions.absent(it_.shown());
    expect(track(it_.only()).key_frames.at(-1)).toEqual({ at_ns: 100 * MS, index: 1, shape: null });
  });

  it("fits again and says so when it cannot", () => {
    it_.actions.create(it_.truth);
    const loose = { ...it_.shown().shape, size_m: [4.9, 2.3, 1.9] as const };
    it_.actions.reshape(it_.shown(), loose);
    it_.actions.fit(it_.shown());
    expect(Math.abs(it_.shown().shape.size_m[0] - 4.4)).toBeLessThan(0.2);
    it_.without();
    it_.actions.fit(it_.shown());
    expect(it_.store.getState().notices.at(-1)?.text).toContain("too few points");
  });
});
