import { describe, expect, it } from "vitest";
import { fuzzyFilter, fuzzyScore } from "./fuzzy";

describe("fuzzy", () => {
  it("wants all letters in order", () => {
    expect(fuzzyScore("rc", "red car")).not.toBeNull();
    expect(fuzzyScore("cr", "red car")).not.toBeNull();
    expect(fuzzyScore("xr", "red car")).toBeNull();
  });

  it("puts runs and starts of words first", () => {
    expect(fuzzyFilter("car", ["scarf", "c a r t", "Car"], (text) => text)[0]).toBe("Car");
    expect(fuzzyFilter("", ["b", "a"], (text) => text)).toEqual(["b", "a"]);
  });
});
