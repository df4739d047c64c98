import { describe, expect, it } from "vitest";
import { unreachable } from "./unreachable";

type Shape = { readonly kind: "box" } | { readonly kind: "mask" };

function nameOf(shape: Shape): string {
  switch (shape.kind) {
    case "box":
      return "Box";
    case "mask":
      return "Mask";
    default:
      return unreachable(shape, "nameOf");
  }
}

describe("unreachable", () => {
  it("is not reached by a known case", () => {
    expect(nameOf({ kind: "box" })).toBe("Box");
  });

  it("says where it was reached and with what", () => {
    const stranger = JSON.parse('{"kind":"cone"}') as Shape;
    expect(() => nameOf(stranger)).toThrow('nameOf: got {"kind":"cone"}, wanted one of the known cases');
  });
});
