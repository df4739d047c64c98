import { describe, expect, it } from "vitest";
import type { Ontology } from "../../../model/records";
import { freshId, listOf, withClass, withLinkType, withNewAttribute, withNewClass } from "./edits";

const ONTOLOGY: Ontology = {
  kind: "ontology",
  id: "o",
  version: 3,
  classes: [
    { id: "car", name: "Car" },
    { id: "taxi", name: "Taxi", parent: "car" },
  ],
  link_types: [{ id: "refers-to", name: "refers to" }],
};

describe("edits of the ontology", () => {
  it.each([
    ["Traffic light (red)", "traffic-light-red"],
    ["Zürich Tram", "zurich-tram"],
    ["Car", "car-2"],
    ["自転車", "class"],
  ])("make of %s the id %s", (name, id) => {
    expect(freshId(name, new Set(["car"]))).toBe(id);
  });

  it("rename a class and keep its id", () => {
    const renamed = withClass(ONTOLOGY, { id: "car", name: "Automobile" });
    expect([renamed.version, renamed.classes?.[0]]).toEqual([4, { id: "car", name: "Automobile" }]);
    expect(renamed.classes?.[1]).toBe(ONTOLOGY.classes?.[1]);
  });

  it("add a class at the top and below another", () => {
    expect(withNewClass(ONTOLOGY, "Bus", null)[0].classes?.at(-1)).toEqual({ id: "bus", name: "Bus" });
    const [grown, id] = withNewClass(ONTOLOGY, "Taxi", "car");
    expect([id, grown.classes?.at(-1)]).toEqual(["taxi-2", { id: "taxi-2", name: "Taxi", parent: "car" }]);
  });

  it("add an attribute", () => {
    const grown = withNewAttribute(ONTOLOGY, "car", { name: "Is parked", type: "boolean" });
    expect(grown.classes?.[0]?.attributes).toEqual([{ id: "is-parked", name: "Is parked", type: "boolean" }]);
    expect(withNewAttribute(ONTOLOGY, "gone", { name: "x" })).toBe(ONTOLOGY);
  });

  it("rename a link type", () => {
    expect(withLinkType(ONTOLOGY, { id: "refers-to", name: "means" }).link_types).toEqual([
      { id: "refers-to", name: "means" },
    ]);
  });

  it("read lists", () => {
    expect(listOf(" a, b,,a , c d")).toEqual(["a", "b", "c d"]);
  });
});
