/** What the sample list shows, as it stands in the address: defaults are left out, what fits nothing is named. */
import type { Severity } from "../../../model/changes";
import type { Modality, SampleState } from "../../../model/records";
import { SAMPLE_STATES } from "../../words";
import { MODALITY_NAMES, SEVERITY_NAMES } from "../words";

export interface Filters {
  readonly q: string;
  readonly state: SampleState | "";
  readonly class: string;
  readonly link: string;
  readonly modality: Modality | "";
  /** A suspect link, any open finding, or one of a severity. */
  readonly problem: "" | "suspect" | "finding" | Severity;
  readonly check: string;
  readonly order: "key" | "newest";
  readonly view: "grid" | "table";
}

export const NO_FILTERS: Filters = {
  q: "",
  state: "",
  class: "",
  link: "",
  modality: "",
  problem: "",
  check: "",
  order: "key",
  view: "grid",
};

const ALLOWED: Partial<Record<keyof Filters, readonly string[]>> = {
  state: SAMPLE_STATES.map(([value]) => value),
  modality: Object.keys(MODALITY_NAMES),
  problem: ["suspect", "finding", ...Object.keys(SEVERITY_NAMES)],
  order: ["newest"],
  view: ["table"],
};

/** The filters of an address's query, and the parts of it that mean nothing here. */
export function parseFilters(search: string): { readonly filters: Filters; readonly strange: readonly string[] } {
  const found: Record<string, string> = {};
  const strange: string[] = [];
  for (const [name, value] of new URLSearchParams(search)) {
    const allowed = ALLOWED[name as keyof Filters];
    if (!(name in NO_FILTERS) || (allowed !== undefined && value !== "" && !allowed.includes(value))) {
      strange.push(`${name}=${value}`);
    } else if (value !== "") {
      found[name] = value;
    }
  }
  return { filters: { ...NO_FILTERS, ...found }, strange };
}

/** The query of an address, empty or with its `?`. */
export function queryOf(filters: Partial<Filters>): string {
  const pairs = Object.entries(filters).filter(([name, value]) => value !== NO_FILTERS[name as keyof Filters]);
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}

/** The same as parameters of the API. */
export function apiQuery(filters: Filters): Readonly<Record<string, string | undefined>> {
  const { problem } = filters;
  return {
    search: filters.q || undefined,
    state: filters.state || undefined,
    class: filters.class || undefined,
    link: filters.link || undefined,
    modality: filters.modality || undefined,
    suspect: problem === "suspect" ? "true" : undefined,
    finding: problem === "finding" ? "true" : undefined,
    severity: problem === "suspect" || problem === "finding" || problem === "" ? undefined : problem,
    check: filters.check || undefined,
    newest: filters.order === "newest" ? "true" : undefined,
  };
}

/** Whether anything narrows the list. */
export function isNarrowed(filters: Filters): boolean {
  const { order: _order, view: _view, ...rest } = filters;
  return Object.values(rest).some((value) => value !== "");
}
