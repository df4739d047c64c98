import { describe, expect, it } from "vitest";
import { nextPlace } from "./rove";

// Three columns, five places.
const GRID = [0, 1, 2, 3, 4].map((index) => ({ left: (index % 3) * 100, top: Math.floor(index / 3) * 80 }));

describe("arrow keys in a grid", () => {
  it.each([
    [0, "ArrowRight", 1],
    [2, "ArrowRight", 3],
    [4, "ArrowRight", null],
    [0, "ArrowLeft", null],
    [1, "ArrowDown", 4],
    [2, "ArrowDown", 4],
    [3, "ArrowDown", null],
    [4, "ArrowUp", 1],
    [3, "Home", 0],
    [0, "End", 4],
    [0, "a", null],
    [-1, "ArrowDown", null],
  ])("from %i by %s to %s", (at, key, wanted) => {
    expect(nextPlace(GRID, at, key)).toBe(wanted);
  });
});
