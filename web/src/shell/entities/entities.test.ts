import { describe, expect, it } from "vitest";
import type { Annotation, Entity, Link } from "../../model/records";
import { mentionsOf } from "../../store/derive";
import { applyOps, fromView, inverseOps, type SampleData } from "../../store/sample";
import {
  CAR,
  CAR_SPAN,
  LAYER,
  MAN,
  MAN_SPAN,
  ONTOLOGY,
  SAMPLE,
  sampleView,
  versioned,
} from "../../store/testing/sample";
import { coverage, ungroundedPhrases } from "./coverage";
import { commonClass, conformOps, gatherOps, mergeOps } from "./entity_edits";
import { entityRows, linesOf, searched, windowOf } from "./entity_rows";

const [E1, E2, E3] = ["e1", "e2", "e3"] as const;

function entity(id: string, classId: string, name = ""): Entity {
  return {
    kind: "entity",
    id,
    sample: SAMPLE,
    layer: LAYER,
    class_id: classId,
    ...(name ? { name } : {}),
    ...(id === E2 ? { attributes: { colour: "red" } } : {}),
  };
}

function link(id: string, source: string, target: string): Link {
  return {
    kind: "link",
    id,
    sample: SAMPLE,
    layer: LAYER,
    type_id: "refers-to",
    source: { id: source, judged: "a" },
    target: { id: target, judged: "b", kind: "entity" },
  };
}

function scene(links: readonly Link[] = [], mentions: Readonly<Record<string, string>> = {}): SampleData {
  const view = sampleView(links);
  const told = (record: Annotation): Annotation => {
    const of = mentions[record.id];
    return of === undefined ? record : { ...record, entity: of };
  };
  return fromView({
    ...view,
    entities: [entity(E1, "car", "the car"), entity(E2, "vehicle"), entity(E3, "person")].map((one) => versioned(one)),
    annotations: view.annotations.map(({ record }) => versioned(told(record))),
  });
}

describe("merging things", () => {
  const before = scene(
    [link("l1", CAR_SPAN, E1), link("l2", CAR_SPAN, E2), link("l3", MAN_SPAN, E2), link("l4", E3, E2)],
    { [CAR]: E1, [MAN]: E2 },
  );
  const ops = mergeOps(before, [E1, E2, E3]);
  const after = applyOps(before, ops);

  it("re-points mentions and links to the first, drops doubles and links to itself", () => {
    expect([...after.entities.keys()]).toEqual([E1]);
    expect([...mentionsOf(after, E1)].sort()).toEqual([CAR, MAN].sort());
    expect([...after.links.keys()].sort()).toEqual(["l1", "l3"]);
    expect(after.links.get("l3")?.record.target).toMatchObject({ id: E1, kind: "entity" });
    expect(after.links.get("l3")?.record.target.judged).toBe(after.entities.get(E1)?.rev);
  });

  it("keeps the name and takes what it lacks from the others", () => {
    expect(after.entities.get(E1)?.record).toMatchObject({ name: "the car", attributes: { colour: "red" } });
  });

  it("is one change set that its inverse takes back", () => {
    const back = applyOps(after, inverseOps(before, ops));
    const revs = (data: SampleData) =>
      [...data.entities, ...data.annotations, ...data.links].map(([id, { rev }]) => `${id} ${rev}`).sort();
    expect(revs(back)).toEqual(revs(before));
  });

  it("needs two", () => {
    expect(mergeOps(before, [E1])).toEqual([]);
  });
});

describe("making and splitting", () => {
  it("gives a new thing the most special class and takes mentions out of the old one", () => {
    const before = scene([], { [CAR]: E2, [MAN]: E2 });
    const after = applyOps(before, gatherOps(before, ONTOLOGY, [CAR, CAR_SPAN], { id: "new", layer: LAYER }));
    expect(after.entities.get("new")?.record.class_id).toBe("car");
    expect(mentionsOf(after, E2)).toEqual([MAN]);
    expect([...mentionsOf(after, "new")].sort()).toEqual([CAR, CAR_SPAN].sort());
  });

  it("takes the first class when they contradict each other", () => {
    expect(commonClass(ONTOLOGY, ["vehicle", "car"])).toBe("car");
    expect(commonClass(ONTOLOGY, ["person", "car"])).toBe("person");
  });

  it("tells coarser and contrary mentions apart, and can give them the class (rule O4)", () => {
    const before = scene([], { [CAR]: E1, [MAN]: E1, [CAR_SPAN]: E3 });
    const rows = entityRows(before, ONTOLOGY);
    const fitting = (id: string) => rows.find((row) => row.entity.id === id)?.fit;
    expect(fitting(E1)).toEqual({ coarser: [], contrary: [MAN] });
    expect(fitting(E3)).toEqual({ coarser: [], contrary: [CAR_SPAN] });
    const special = { ...scene([], { [CAR]: E2 }), entities: new Map([[E2, versioned(entity(E2, "car"))]]) };
    const vehicle = { ...special.annotations.get(CAR)?.record, class_id: "vehicle" } as Annotation;
    const drifted = { ...special, annotations: new Map([[CAR, versioned(vehicle)]]) };
    expect(entityRows(drifted, ONTOLOGY)[0]?.fit).toEqual({ coarser: [CAR], contrary: [] });
    const after = applyOps(before, conformOps(before, "car", [MAN]));
    expect(after.annotations.get(MAN)?.record.class_id).toBe("car");
  });
});

describe("the list", () => {
  const sample = scene([], { [CAR]: E1, [CAR_SPAN]: E1, [MAN]: E3 });
  const rows = entityRows(sample, ONTOLOGY);

  it("counts mentions by modality", () => {
    const row = rows.find((one) => one.entity.id === E1);
    expect(row?.counts).toEqual([
      ["image", 1],
      ["text", 1],
    ]);
  });

  it("is searched by name, class and quoted words", () => {
    const found = (search: string) => searched(rows, search).map((row) => row.entity.id);
    expect(found("THE car")).toEqual([E1]);
    expect(found("person")).toEqual([E3]);
    expect(found("nothing")).toEqual([]);
  });

  it("shows mentions of opened things", () => {
    expect(linesOf(rows, new Set([E1])).map((line) => line.kind)).toContain("mention");
    expect(linesOf(rows, new Set())).toHaveLength(3);
  });

  it("draws a window of 500", () => {
    expect(windowOf(0, 300, 30, 500)).toEqual([0, 16]);
    expect(windowOf(30 * 490, 300, 30, 500)).toEqual([484, 500]);
    expect(windowOf(0, 300, 30, 2)).toEqual([0, 2]);
  });
});

describe("coverage", () => {
  it("counts phrases and regions that are tied to something", () => {
    const sample = scene([link("l1", CAR_SPAN, E1)], { [MAN]: E3, [MAN_SPAN]: E3 });
    expect(coverage(sample).map(({ noun, grounded, total }) => [noun, grounded, total])).toEqual([
      ["phrase", 2, 2],
      ["region", 1, 2],
    ]);
    expect(ungroundedPhrases(sample)).toEqual([]);
  });

  it("walks phrases in the order of the text", () => {
    expect(ungroundedPhrases(scene())).toEqual([CAR_SPAN, MAN_SPAN]);
    // A thing that nothing else speaks of grounds nothing.
    expect(ungroundedPhrases(scene([], { [CAR_SPAN]: E1 }))).toEqual([CAR_SPAN, MAN_SPAN]);
  });
});
