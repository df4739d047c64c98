import { describe, expect, it } from "vitest";
import { betweenBoth, dragged, grab, sharing, snap } from "./span_edges";

const a = { id: "a", start_ns: 100, end_ns: 200 };
const b = { id: "b", start_ns: 200, end_ns: 300 };
const inner = { id: "inner", start_ns: 120, end_ns: 160 };

describe("span edges", () => {
  it("takes edges before bodies and the shorter of two bodies", () => {
    expect(grab([a, inner], 103, 5)).toEqual({ id: "a", grip: "start" });
    expect(grab([a, inner], 140, 5)).toEqual({ id: "inner", grip: "body" });
    expect(grab([a, inner], 180, 5)).toEqual({ id: "a", grip: "body" });
    expect(grab([a], 240, 5)).toBeNull();
  });

  it("test_T2_takes_the_touching_span_whose_side_the_pointer_is_on", () => {
    expect(grab([a, b], 199, 5)).toEqual({ id: "a", grip: "end" });
    expect(grab([a, b], 201, 5)).toEqual({ id: "b", grip: "start" });
    expect(grab([a, b], 200, 0)).toEqual({ id: "b", grip: "start" });
  });

  it("snaps to the nearest target in reach only", () => {
    expect(snap(103, [100, 110], 5)).toBe(100);
    expect(snap(106, [100, 110], 5)).toBe(110);
    expect(snap(106, [100], 5)).toBe(106);
  });

  it("never turns a span inside out, and keeps a body's length while it snaps", () => {
    expect(dragged(a, "start", 500)).toEqual({ start_ns: 199, end_ns: 200 });
    expect(dragged(a, "end", -500)).toEqual({ start_ns: 100, end_ns: 101 });
    expect(dragged(a, "end", 97, [300], 5)).toEqual({ start_ns: 100, end_ns: 300 });
    expect(dragged(a, "body", 98, [300], 5)).toEqual({ start_ns: 200, end_ns: 300 });
  });
});

describe("shared boundaries", () => {
  const left = { id: "left", start_ns: 0, end_ns: 100 };
  const right = { id: "right", start_ns: 100, end_ns: 200 };
  const far = { id: "far", start_ns: 210, end_ns: 300 };

  it("are found from either side, and only where both touch", () => {
    expect(sharing([left, right, far], left, "end")).toBe(right);
    expect(sharing([left, right, far], right, "start")).toBe(left);
    expect(sharing([left, right, far], right, "end")).toBeNull();
    expect(sharing([left, right, far], left, "body")).toBeNull();
  });

  it("leave both sides something", () => {
    expect(betweenBoth(left, right, 150)).toBe(150);
    expect(betweenBoth(left, right, 900)).toBe(199);
    expect(betweenBoth(right, left, -5)).toBe(1);
  });
});
