import { describe, expect, it } from "vitest";
import { squareOf } from "./pairs";

const pair = (type_id: string, source_class: string, target_class: string, links: number) => ({
  type_id,
  source_class,
  target_class,
  links,
});
const PAIRS = [
  pair("r", "phrase", "car", 5),
  pair("s", "phrase", "car", 2),
  pair("r", "phrase", "dog", 1),
  pair("r", "horn", "car", 3),
];

describe("pairs of linked classes", () => {
  it("stand in a square, the most linked first, all types together", () => {
    const square = squareOf(PAIRS, 8);
    expect([square.rows, square.columns]).toEqual([
      ["phrase", "horn"],
      ["car", "dog"],
    ]);
    expect(square.count("phrase", "car")).toBe(7);
    expect(square.count("horn", "dog")).toBe(0);
    expect([square.most, square.others]).toEqual([7, 0]);
  });

  it("count what does not fit", () => {
    const square = squareOf(PAIRS, 1);
    expect([square.rows, square.columns, square.others]).toEqual([["phrase"], ["car"], 4]);
  });

  it("can be of one type, or empty", () => {
    expect(squareOf(PAIRS, 8, "s").most).toBe(2);
    expect(squareOf([], 8)).toMatchObject({ rows: [], columns: [], most: 0, others: 0 });
  });
});
