import { describe, expect, it } from "vitest";
import { parsePath, pathOf } from "./route";

describe("routes", () => {
  it.each(["/", "/p/drive", "/p/drive/samples", "/p/drive/import", "/p/drive/s/a%2Fb%20c"])("round trip %s", (path) => {
    const route = parsePath(path);
    if (route.page === "unknown") throw new Error("unknown");
    expect(pathOf(route)).toBe(path);
  });

  it.each(["/x", "/p", "/p/a/t/b", "/p/a/overview", "/p/a/samples/b", "/p/%E0%A4%A"])("says %s is unknown", (path) => {
    expect(parsePath(path)).toEqual({ page: "unknown", path });
  });
});
