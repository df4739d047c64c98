import { describe, expect, it } from "vitest";
import { Api } from "../../../store/api";
import { importPath } from "./send";

const REQUEST = { format: "coco", source: "/data", isDryRun: false, layer: "", options: {}, classMap: {} };

describe("the address of an import", () => {
  it("leaves out what was not chosen", () => {
    const path = importPath(new Api("p"), { ...REQUEST, options: { stamp: "" }, classMap: { Kite: "" } });
    expect(path).toBe("/projects/p/imports?format=coco");
  });

  it("carries options, mapping, layer and the name of a file", () => {
    const path = importPath(new Api("p"), {
      ...REQUEST,
      source: new File(["x"], "a b.json"),
      isDryRun: true,
      layer: " old ",
      options: { stamp: "log" },
      classMap: { "a=b": "dog" },
    });
    const query = new URLSearchParams(path.split("?")[1]);
    expect(Object.fromEntries(query)).toEqual({
      format: "coco",
      dry_run: "true",
      layer: "old",
      option: "stamp=log",
      map: "a=b=dog",
      name: "a b.json",
    });
  });
});
