import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { afterCommand } from "./cuboid_keys";
import { FrameBudget } from "./frame_budget";
import { commandOf, POINT_COMMANDS } from "./points_commands";
import { car } from "./testing/scans";

const press = (key: string, shiftKey = false) =>
  commandOf({ key, shiftKey, ctrlKey: false, metaKey: false, altKey: false })?.id;

describe("commands of the point pane", () => {
  it("has each id and each key once", () => {
    const ids = POINT_COMMANDS.map(({ id }) => id);
    const keys = POINT_COMMANDS.flatMap((entry) => entry.keys);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("stands in the manual with every key", () => {
    const manual = readFileSync(new URL("../../../../docs/manual/points.md", import.meta.url), "utf8");
    for (const { title, keys } of POINT_COMMANDS) {
      expect(manual).toContain(`| ${keys.map((key) => `\`${key}\``).join(" or ")} | ${title} |`);
    }
  });

  it("reads keys as they come from keyboards", () => {
    expect([
      press("w"),
      press("W", true),
      press("W"),
      press("PageUp", true),
      press("+", true),
      press("?", true),
    ]).toEqual(["points.forward", "points.longer", "points.forward", "points.higher", "points.nearer", undefined]);
    expect(commandOf({ key: "z", shiftKey: false, ctrlKey: true, metaKey: false, altKey: false })).toBeNull();
  });

  it("nudges and flips", () => {
    const shape = car(0, 0, 0, 0);
    expect(afterCommand(shape, "forward")?.centre_m[0]).toBeCloseTo(0.1, 9);
    expect(afterCommand(shape, "narrower")?.size_m[1]).toBeCloseTo(1.8, 9);
    expect(Math.abs(afterCommand(shape, "flip")?.rotation_wxyz[3] ?? 0)).toBeCloseTo(1, 9);
    expect(afterCommand(shape, "layout")).toBeNull();
  });
});

describe("frame budget", () => {
  it("draws fewer points on a slow machine and more on a quick one, within bounds", () => {
    const slow = new FrameBudget(400_000);
    for (let frame = 0; frame < 40; frame++) slow.frame(frame * 400);
    expect(slow.points).toBe(40_000);
    const quick = new FrameBudget(400_000);
    for (let frame = 0; frame < 40; frame++) quick.frame(frame * 16);
    expect(quick.points).toBe(4_000_000);
    quick.rest();
    quick.frame(9_000);
    expect(quick.points).toBe(4_000_000);
  });
});
