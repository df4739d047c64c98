import { beforeEach, describe, expect, it } from "vitest";
import { annotation, box, CAR_SPAN, IMAGE, MAN, ONTOLOGY, sampleView, versioned } from "../../store/testing/sample";
import { createWorkspaceStore, type WorkspaceStore } from "../../store/workspace";
import { fuzzyFilter } from "../fuzzy";
import { pickable } from "./targets";

const SECOND = "00000000-0000-7000-8000-000000000019";
let store: WorkspaceStore;

beforeEach(() => {
  store = createWorkspaceStore();
  store.feed.setOntology({
    ...ONTOLOGY,
    classes: (ONTOLOGY.classes ?? []).map((entry) => (entry.id === "car" ? { ...entry, synonyms: ["auto"] } : entry)),
  });
  const view = sampleView();
  const second = versioned(annotation(SECOND, IMAGE, "car", box(40, 0, 50, 10)));
  store.feed.load({ ...view, annotations: [...view.annotations, second] });
});

describe("what the picker offers", () => {
  it("is everything while a source is asked for", () => {
    store.actions.startLink();
    expect(pickable(store.getState())).toHaveLength(5);
  });

  it("is what may be the target, with numbers where names are alike", () => {
    store.actions.select([CAR_SPAN]);
    store.actions.startLink();
    expect(pickable(store.getState()).map(({ name, note }) => [name, note])).toEqual([
      ["Car box 1", "image"],
      ["Person box", "image"],
      ["Car box 2", "image"],
    ]);
  });

  it("is found by name and number, class, synonym and stream", () => {
    const found = (query: string) => fuzzyFilter(query, pickable(store.getState()), ({ search }) => search)[0]?.id;
    expect(found("car box 2")).toBe(SECOND);
    expect(found("auto box 2")).toBe(SECOND);
    expect(found("person image")).toBe(MAN);
  });
});
