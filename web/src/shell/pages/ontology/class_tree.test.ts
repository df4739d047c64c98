import { describe, expect, it } from "vitest";
import type { OntologyClass } from "../../../model/records";
import { classRows, matching, sumsUpwards } from "./class_tree";

const CLASSES: readonly OntologyClass[] = [
  { id: "car", name: "Car", parent: "vehicle", synonyms: ["automobile"] },
  { id: "vehicle", name: "Vehicle" },
  { id: "person", name: "Person" },
  { id: "taxi", name: "Taxi", parent: "car" },
  { id: "bus", name: "Bus", parent: "vehicle" },
];
const ids = (rows: ReturnType<typeof classRows>) => rows.map(({ entry, depth }) => `${depth}${entry.id}`);

describe("the class tree", () => {
  it("has parents before their children", () => {
    expect(ids(classRows(CLASSES))).toEqual(["0vehicle", "1car", "2taxi", "1bus", "0person"]);
  });

  it("loses no class of a broken tree", () => {
    const broken = [
      { id: "a", name: "A", parent: "b" },
      { id: "b", name: "B", parent: "a" },
      { id: "c", name: "C", parent: "gone" },
    ];
    expect(classRows(broken).map(({ entry }) => entry.id)).toEqual(["c", "a", "b"]);
  });

  it("gathers counts upwards", () => {
    const counts: Record<string, number> = { taxi: 1, car: 2, bus: 4, person: 8 };
    const sums = sumsUpwards(classRows(CLASSES), (id) => counts[id] ?? 0);
    expect(sums.get("vehicle")).toEqual({ own: 0, all: 7 });
    expect(sums.get("car")).toEqual({ own: 2, all: 3 });
    expect(sums.get("person")).toEqual({ own: 8, all: 8 });
  });

  it("finds by synonym and keeps the way down", () => {
    expect(ids(matching(classRows(CLASSES), "AUTOmo"))).toEqual(["0vehicle", "1car"]);
    expect(matching(classRows(CLASSES), "zebra")).toEqual([]);
  });
});
