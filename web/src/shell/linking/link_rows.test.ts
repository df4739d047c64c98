import { beforeEach, describe, expect, it } from "vitest";
import type { Link } from "../../model/records";
import { CAR, CAR_SPAN, LAYER, MAN, MAN_SPAN, ONTOLOGY, SAMPLE, sampleView } from "../../store/testing/sample";
import { createWorkspaceStore, type WorkspaceState } from "../../store/workspace";
import { ALL, filtered, type LinkRow, rowsOf, sorted } from "./link_rows";

const CAUSE = { end: "target", changed: ["region"], by: "ana", at_ns: "1", from_rev: "a", to_rev: "b" } as const;

function link(id: string, typeId: string, source: string, target: string, more: Partial<Link> = {}): Link {
  const ends = { source: { id: source, judged: "" }, target: { id: target, judged: "" } };
  return { kind: "link", id, sample: SAMPLE, layer: LAYER, type_id: typeId, ...ends, ...more };
}

let rows: readonly LinkRow[];
beforeEach(() => {
  const store = createWorkspaceStore();
  store.feed.setOntology(ONTOLOGY);
  store.feed.load(sampleView());
  const state: WorkspaceState = store.getState();
  rows = rowsOf(state, [
    link("1", "refers-to", CAR_SPAN, CAR),
    link("2", "next-to", MAN, CAR, { causes: [CAUSE] }),
    link("3", "refers-to", MAN_SPAN, "gone"),
    link("4", "next-to", CAR, MAN, { status: "proposed" }),
  ]);
});

const ids = (shown: readonly LinkRow[]) => shown.map(({ id }) => id).join("");

describe("the link list", () => {
  it("says the state of each link", () => {
    expect(rows.map(({ state }) => state)).toEqual(["sound", "suspect", "missing", "proposed"]);
  });

  it("sorts by state, worst first, by type, by an end, and by age", () => {
    expect(ids(sorted(rows, "state"))).toBe("3241");
    expect(ids(sorted(rows, "type"))).toBe("2413");
    expect(ids(sorted(rows, "target"))).toBe("1243");
    expect(ids(sorted(rows, "newest"))).toBe("4321");
  });

  it("filters by type, state and words of either end", () => {
    expect(ids(filtered(rows, ALL))).toBe("1234");
    expect(ids(filtered(rows, { ...ALL, type: "next-to" }))).toBe("24");
    expect(ids(filtered(rows, { ...ALL, state: "suspect" }))).toBe("2");
    expect(ids(filtered(rows, { ...ALL, text: "PERSON" }))).toBe("24");
    expect(ids(filtered(rows, { type: "next-to", state: "proposed", text: "car" }))).toBe("4");
  });
});
