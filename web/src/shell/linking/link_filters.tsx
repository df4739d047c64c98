/** Chooses among links by type and state. */
import type { Link } from "../../model/records";
import { typeName } from "../words";
import { useScene } from "../workbench";
import { LINK_STATES, type LinkFilter, type LinkState } from "./link_rows";

export function LinkFilters(props: {
  readonly links: readonly Link[];
  readonly filter: LinkFilter;
  readonly onChange: (filter: LinkFilter) => void;
}) {
  const state = useScene();
  const { filter, onChange } = props;
  const types = [...new Set(props.links.map(({ type_id }) => type_id))].sort();
  return (
    <div className="link-filters">
      <select
        aria-label="Links of type"
        value={filter.type}
        onChange={(event) => onChange({ ...filter, type: event.target.value })}
      >
        <option value="">All types</option>
        {types.map((type) => (
          <option key={type} value={type}>
            {typeName(state, type)}
          </option>
        ))}
      </select>
      <select
        aria-label="Links in state"
        value={filter.state}
        onChange={(event) => onChange({ ...filter, state: event.target.value as LinkState | "" })}
      >
        <option value="">All states</option>
        {LINK_STATES.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
