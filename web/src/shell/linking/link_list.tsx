/** All links of the sample as a list: sorted, filtered, walked by arrow keys, suspects confirmed together. */
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { goTo } from "../go_to";
import { Icon } from "../icons";
import { counted } from "../words";
import { useScene, useWorkbench } from "../workbench";
import { LinkFilters } from "./link_filters";
import { ALL, filtered, LINK_STATES, type LinkRow, rowsOf, type SortKey, sorted } from "./link_rows";
import { toggleLinkList } from "./list_state";

const SORTS: readonly (readonly [SortKey, string])[] = [
  ["state", "State"],
  ["type", "Type"],
  ["source", "Source"],
  ["target", "Target"],
  ["newest", "Newest"],
];
const STATE_NAME = new Map(LINK_STATES);
/** Rows of one height: only those in sight are in the page. */
const ROW_PX = 40;
const SPARE_ROWS = 8;

export default function LinkList() {
  const { store } = useWorkbench();
  const state = useScene();
  const { sample } = state;
  const [filter, setFilter] = useState(ALL);
  const [sort, setSort] = useState<SortKey>("state");
  const links = useMemo(() => [...(sample?.links.values() ?? [])].map(({ record }) => record), [sample]);
  const rows = useMemo(() => sorted(filtered(rowsOf(state, links), filter), sort), [state, links, filter, sort]);
  const chosen = rows.filter((row) => state.selection.has(row.id));
  const suspects = (chosen.length > 1 ? chosen : rows).filter((row) => row.state === "suspect");
  return (
    <section className="link-list" aria-label="Links">
      <header>
        <h2>
          Links <span className="number">{rows.length}</span>
        </h2>
        <button type="button" className="ghost" onClick={toggleLinkList} title="Close (Shift+;)">
          <Icon name="close" size={13} />
          <span className="unseen">Close the list of links</span>
        </button>
      </header>
      <div className="link-filters">
        <input
          type="search"
          aria-label="Find links"
          placeholder="Find"
          value={filter.text}
          onChange={(event) => setFilter({ ...filter, text: event.target.value })}
        />
        <select aria-label="Sort by" value={sort} onChange={(event) => setSort(event.target.value as SortKey)}>
          {SORTS.map(([key, name]) => (
            <option key={key} value={key}>
              By {name.toLowerCase()}
            </option>
          ))}
        </select>
      </div>
      <LinkFilters links={links} filter={filter} onChange={setFilter} />
      {suspects.length > 0 && (
        <button
          type="button"
          className="primary"
          onClick={() => store.actions.confirmLinks(suspects.map((row) => row.id))}
        >
          Confirm {counted(suspects.length, chosen.length > 1 ? "selected suspect" : "suspect")}
        </button>
      )}
      <Rows rows={rows} />
      {rows.length === 0 && <p className="quiet">{links.length === 0 ? "No links yet" : "No link fits the filter"}</p>}
    </section>
  );
}

/** Arrows move, Shift+arrow takes more, Ctrl+A takes all, Enter goes there; letters stay commands. */
function Rows({ rows }: { readonly rows: readonly LinkRow[] }) {
  const bench = useWorkbench();
  const { selection } = useScene();
  const [cursor, setCursor] = useState(0);
  const [top, setTop] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const height = list.current?.clientHeight ?? 400;
  const first = Math.max(0, Math.floor(top / ROW_PX) - SPARE_ROWS);
  const shown = rows.slice(first, first + Math.ceil(height / ROW_PX) + 2 * SPARE_ROWS);
  const at = Math.min(cursor, rows.length - 1);

  const choose = (index: number, isMore: boolean) => {
    const row = rows[index];
    if (row === undefined) return;
    setCursor(index);
    bench.store.actions.select(isMore ? [...selection, row.id] : [row.id]);
    const element = list.current;
    if (element === null) return;
    if (index * ROW_PX < element.scrollTop) element.scrollTop = index * ROW_PX;
    const bottom = (index + 1) * ROW_PX - element.clientHeight;
    if (bottom > element.scrollTop) element.scrollTop = bottom;
  };
  const press = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) choose(Math.max(0, Math.min(rows.length - 1, next)), event.shiftKey);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      bench.store.actions.select(rows.map((row) => row.id));
    } else if (event.key === "Enter") {
      const row = rows[at];
      if (row !== undefined) goTo(bench, [row.id]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className="link-rows"
      role="listbox"
      aria-label="Links"
      aria-multiselectable="true"
      aria-activedescendant={rows[at] === undefined ? undefined : `link-row-${rows[at].id}`}
      tabIndex={0}
      ref={list}
      onKeyDown={press}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div role="presentation" style={{ height: rows.length * ROW_PX }}>
        {shown.map((row, index) => (
          <div
            key={row.id}
            id={`link-row-${row.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={selection.has(row.id)}
            aria-setsize={rows.length}
            aria-posinset={first + index + 1}
            data-state={row.state}
            data-cursor={first + index === at}
            style={{ top: (first + index) * ROW_PX, height: ROW_PX }}
            onClick={(event) => {
              setCursor(first + index);
              bench.store.actions.select([row.id], { toggle: event.shiftKey || event.ctrlKey || event.metaKey });
            }}
            onDoubleClick={() => goTo(bench, [row.id])}
            onKeyDown={press}
            onPointerEnter={() => bench.store.actions.setHover(row.id)}
            onPointerLeave={() => bench.store.actions.setHover(null)}
          >
            <span>{row.source}</span>
            <span>{row.target}</span>
            <small>
              <Icon name={row.state === "sound" || row.state === "proposed" ? "link" : "suspect"} size={12} />{" "}
              {row.type}
              {row.state === "sound" ? "" : `, ${STATE_NAME.get(row.state)?.toLowerCase()}`}
            </small>
          </div>
        ))}
      </div>
    </div>
  );
}
