import { describe, expect, it } from "vitest";
import { apiQuery, isNarrowed, NO_FILTERS, parseFilters, queryOf } from "./filters";

describe("filters in the address", () => {
  it("leave out what stands at its default", () => {
    expect(queryOf(NO_FILTERS)).toBe("");
    expect(queryOf({ ...NO_FILTERS, q: "a b", view: "table" })).toBe("?q=a+b&view=table");
  });

  it("come back as they were", () => {
    const filters = {
      ...NO_FILTERS,
      q: "ä&=",
      state: "todo",
      class: "car",
      problem: "error",
      order: "newest",
    } as const;
    expect(parseFilters(queryOf(filters))).toEqual({ filters, strange: [] });
  });

  it("name what fits nothing", () => {
    const { filters, strange } = parseFilters("?state=lost&colour=red&link=refers-to");
    expect(strange).toEqual(["state=lost", "colour=red"]);
    expect(filters).toEqual({ ...NO_FILTERS, link: "refers-to" });
  });
});

describe("filters for the server", () => {
  it("say problems in its words", () => {
    expect(apiQuery({ ...NO_FILTERS, problem: "suspect" })).toMatchObject({ suspect: "true", severity: undefined });
    expect(apiQuery({ ...NO_FILTERS, problem: "finding" })).toMatchObject({ finding: "true", severity: undefined });
    expect(apiQuery({ ...NO_FILTERS, problem: "hint" })).toMatchObject({ severity: "hint", finding: undefined });
  });

  it("know whether they narrow the list", () => {
    expect(isNarrowed({ ...NO_FILTERS, order: "newest", view: "table" })).toBe(false);
    expect(isNarrowed({ ...NO_FILTERS, modality: "audio" })).toBe(true);
  });
});
