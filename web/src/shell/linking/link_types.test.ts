import { describe, expect, it } from "vitest";
import type { Link } from "../../model/records";
import { retyped } from "./link_types";

const LINK: Link = {
  kind: "link",
  id: "l",
  sample: "s",
  layer: "y",
  type_id: "next-to",
  source: { id: "a", judged: "1" },
  target: { id: "b", judged: "2" },
  attributes: { sure: true, side: "left" },
  comment: "why",
};

describe("another type for a link", () => {
  it("keeps the attributes the new type knows, and the comment", () => {
    const type = { id: "holds", name: "Holds", attributes: [{ id: "sure", name: "Sure", type: "boolean" as const }] };
    expect(retyped(LINK, type, false)).toEqual({ ...LINK, type_id: "holds", attributes: { sure: true } });
  });

  it("turns the link round where the type points the other way", () => {
    const next = retyped(LINK, { id: "held-by", name: "Held by" }, true);
    expect([next.source.id, next.target.id, next.attributes]).toEqual(["b", "a", undefined]);
  });
});
