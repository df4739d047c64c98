/** The fields above the sample list. Each is a plain form control, so that keys and screen readers work as they know. */
import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import { Api } from "../../../store/api";
import { Icon } from "../../icons";
import { SAMPLE_STATES } from "../../words";
import { classRows } from "../ontology/class_tree";
import { MODALITY_NAMES, SEVERITY_NAMES } from "../words";
import { type Filters, isNarrowed, NO_FILTERS } from "./filters";

type Show = (change: Partial<Filters>) => void;

export function FilterBar(props: {
  readonly project: string;
  readonly filters: Filters;
  readonly show: Show;
  readonly search: RefObject<HTMLInputElement | null>;
}) {
  const { project, filters, show } = props;
  const api = new Api(project);
  const ontology = useQuery({ queryKey: ["ontology", project], queryFn: () => api.ontology() });
  const statistics = useQuery({ queryKey: ["statistics", project], queryFn: () => api.statistics() });
  const classes = classRows(ontology.data?.record.classes ?? []);
  const checks = new Map(
    (statistics.data?.findings ?? []).filter((one) => one.open > 0).map((one) => [one.check, one.title]),
  );
  return (
    <search className="filters">
      <input
        ref={props.search}
        type="search"
        aria-label="Search samples"
        aria-keyshortcuts="/"
        placeholder="Search keys ( / )"
        value={filters.q}
        onChange={(event) => show({ q: event.target.value })}
      />
      <Choice name="state" label="State" all="Any state" filters={filters} show={show} options={SAMPLE_STATES} />
      <Choice
        name="class"
        label="Class"
        all="Any class"
        filters={filters}
        show={show}
        options={classes.map(({ entry, depth }) => [entry.id, `${"\u2003".repeat(depth)}${entry.name}`] as const)}
      />
      <Choice
        name="link"
        label="Link type"
        all="Any links"
        filters={filters}
        show={show}
        options={(ontology.data?.record.link_types ?? []).map((type) => [type.id, type.name] as const)}
      />
      <Choice
        name="modality"
        label="Modality"
        all="Any modality"
        filters={filters}
        show={show}
        options={Object.entries(MODALITY_NAMES)}
      />
      <Choice
        name="problem"
        label="Suspects and findings"
        all="Any standing"
        filters={filters}
        show={show}
        options={[["suspect", "Suspect links"], ["finding", "Open findings"], ...Object.entries(SEVERITY_NAMES)]}
      />
      {(checks.size > 0 || filters.check !== "") && (
        <Choice name="check" label="Check" all="Any check" filters={filters} show={show} options={[...checks]} />
      )}
      {isNarrowed(filters) && (
        <button type="button" className="ghost" onClick={() => show({ ...NO_FILTERS, view: filters.view })}>
          <Icon name="close" size={14} />
          Clear
        </button>
      )}
    </search>
  );
}

/** How the list is shown: its order, and as pictures or rows. */
export function ViewBar({ filters, show }: { readonly filters: Filters; readonly show: Show }) {
  return (
    <div className="view-bar">
      <select
        aria-label="Order"
        value={filters.order}
        onChange={(event) => show({ order: event.target.value === "newest" ? "newest" : "key" })}
      >
        <option value="key">By key</option>
        <option value="newest">Newest first</option>
      </select>
      <fieldset className="switch">
        <legend className="unseen">Shown as</legend>
        {(["grid", "table"] as const).map((view) => (
          <label key={view}>
            <input
              type="radio"
              name="view"
              className="unseen"
              checked={filters.view === view}
              onChange={() => show({ view })}
            />
            <span>{view === "grid" ? "Grid" : "Table"}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function Choice(props: {
  readonly name: "state" | "class" | "link" | "modality" | "problem" | "check";
  readonly label: string;
  readonly all: string;
  readonly filters: Filters;
  readonly show: Show;
  readonly options: readonly (readonly [string, string])[];
}) {
  const value = props.filters[props.name];
  const isKnown = value === "" || props.options.some(([option]) => option === value);
  return (
    <select
      aria-label={props.label}
      data-on={value !== ""}
      value={value}
      onChange={(event) => props.show({ [props.name]: event.target.value })}
    >
      <option value="">{props.all}</option>
      {!isKnown && <option value={value}>{value}</option>}
      {props.options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}
