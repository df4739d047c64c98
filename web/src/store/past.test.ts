import { beforeEach, describe, expect, it } from "vitest";
import type { ChangeSet } from "../model/changes";
import { fromView } from "./sample";
import { box, CAR, IMAGE, LAYER, ONTOLOGY, sampleView } from "./testing/sample";
import { createWorkspaceStore, type WorkspaceStore } from "./workspace";

let store: WorkspaceStore;
let sent: ChangeSet[];

beforeEach(() => {
  store = createWorkspaceStore();
  sent = [];
  store.feed.connect(
    (set) => sent.push(set),
    () => {},
  );
  store.feed.setOntology(ONTOLOGY);
  store.feed.setLayers([{ kind: "layer", id: LAYER, name: "local", actor: "local" }], "local");
  store.feed.load(sampleView());
});

const regionOf = (id: string) => store.getState().sample?.annotations.get(id)?.record.region;
const visit = () => store.actions.showPast({ data: fromView(sampleView()), title: "As it was", look: "visit" });

describe("a past state", () => {
  it("is shown in place, takes no edit, and leads back to the present with what was edited before", () => {
    store.actions.updateRegion(CAR, box(5, 5, 9, 9));
    visit();
    expect(regionOf(CAR)).toEqual(box(0, 0, 10, 10));
    store.actions.updateRegion(CAR, box(1, 1, 2, 2));
    store.actions.createAnnotation({ stream: IMAGE, region: box(0, 0, 5, 5) });
    store.actions.remove([CAR]);
    store.actions.undo();
    expect(sent).toHaveLength(1);
    expect(store.getState().notices.map((notice) => notice.canUndo)).toEqual([false]);
    expect(store.actions.stepBack()).toBe(true);
    expect(store.getState().past).toBeNull();
    expect(regionOf(CAR)).toEqual(box(5, 5, 9, 9));
    store.actions.undo();
    expect(regionOf(CAR)).toEqual(box(0, 0, 10, 10));
    expect(sent).toHaveLength(2);
  });

  it("makes no layer that nobody sends", () => {
    store.feed.setLayers([], "ana");
    visit();
    store.actions.createAnnotation({ stream: IMAGE, region: box(0, 0, 5, 5) });
    expect(store.getState().layers.size).toBe(0);
  });

  it("stays while the present moves on beneath it", () => {
    visit();
    const moved = sampleView();
    store.feed.load({ ...moved, seq: 2, annotations: [] });
    expect(store.getState().sample?.annotations.size).toBe(4);
    store.actions.showPast(null);
    expect(store.getState().sample?.annotations.size).toBe(0);
  });

  it("is left for another sample", () => {
    visit();
    const other = sampleView();
    store.feed.load({ ...other, sample: { ...other.sample, record: { ...other.sample.record, id: "other" } } });
    expect(store.getState().past).toBeNull();
    expect(store.getState().sample?.sample.record.id).toBe("other");
  });

  it("keeps selection and does not touch what can be undone", () => {
    store.actions.updateRegion(CAR, box(5, 5, 9, 9));
    store.actions.select([CAR]);
    visit();
    store.actions.showPast(null);
    expect([...store.getState().selection]).toEqual([CAR]);
    expect(store.getState().undoStack).toHaveLength(1);
  });
});
