/** The entities of the sample with their mentions by modality: a tree that draws only what is in sight, and what can be done. */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { goTo } from "../go_to";
import { counted } from "../words";
import { useScene, useWorkbench } from "../workbench";
import { CoverageLines } from "./coverage_lines";
import { removeEntities } from "./entity_actions";
import { EntityDetail } from "./entity_detail";
import { EntityLine, LINE_PX } from "./entity_line";
import { entityRows, type Line, linesOf, searched, windowOf } from "./entity_rows";
import "./entities.css";

const domId = (line: Line) => (line.kind === "entity" ? `entity-${line.row.entity.id}` : `mention-${line.mention.id}`);
const recordOf = (line: Line) => (line.kind === "entity" ? line.row.entity.id : line.mention.id);

export function EntityPanel() {
  const bench = useWorkbench();
  const { sample, ontology, selection } = useScene();
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const [view, setView] = useState({ scroll_px: 0, height_px: 400 });
  const tree = useRef<HTMLDivElement>(null);
  const all = useMemo(() => (sample === null ? [] : entityRows(sample, ontology)), [sample, ontology]);
  const rows = useMemo(() => searched(all, search), [all, search]);
  const lines = useMemo(() => linesOf(rows, opened), [rows, opened]);
  const hasTree = lines.length > 0;

  useEffect(() => {
    const element = tree.current;
    if (element === null || !hasTree) return;
    const sizes = new ResizeObserver(() => setView((at) => ({ ...at, height_px: element.clientHeight })));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [hasTree]);

  if (sample === null) return null;
  const at = Math.min(active, Math.max(0, lines.length - 1));
  const [first, end] = windowOf(view.scroll_px, view.height_px, LINE_PX, lines.length);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, to));
    setActive(next);
    const element = tree.current;
    if (element === null) return;
    if (next * LINE_PX < element.scrollTop) element.scrollTop = next * LINE_PX;
    const low = (next + 1) * LINE_PX - element.clientHeight;
    if (low > element.scrollTop) element.scrollTop = low;
  };
  const setOpen = (id: string, isOpen: boolean) => {
    const next = new Set(opened);
    if (isOpen) next.add(id);
    else next.delete(id);
    setOpened(next);
  };
  const pick = (line: Line, index: number, toggle: boolean) => {
    setActive(index);
    if (toggle) bench.store.actions.select([recordOf(line)], { toggle });
    else if (line.kind === "mention") goTo(bench, [line.mention.id]);
    else bench.store.actions.select([line.row.entity.id]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[at];
    if (line === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    const acts = new Map<string, () => void>([
      ["ArrowDown", () => move(at + 1)],
      ["ArrowUp", () => move(at - 1)],
      ["Home", () => move(0)],
      ["End", () => move(lines.length - 1)],
      ["PageDown", () => move(at + 10)],
      ["PageUp", () => move(at - 10)],
      ["ArrowRight", () => (line.kind === "entity" && !line.isOpen ? setOpen(line.row.entity.id, true) : move(at + 1))],
      [
        "ArrowLeft",
        () =>
          line.kind === "mention"
            ? move(lines.findIndex((entry) => entry.kind === "entity" && entry.row === line.row))
            : setOpen(line.row.entity.id, false),
      ],
      [" ", () => pick(line, at, true)],
      [
        "Enter",
        () => goTo(bench, line.kind === "mention" ? [line.mention.id] : [line.row.entity.id, ...firstOf(line)]),
      ],
      ["F2", () => document.getElementById("entity-name")?.focus()],
      ["Delete", () => line.kind === "entity" && removeEntities(bench, [line.row.entity.id])],
    ]);
    const act = acts.get(event.key);
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <section className="entities" aria-label="Entities">
      <div className="side-head">
        <h2>
          Entities <span className="number">{all.length}</span>
        </h2>
        <input
          type="search"
          aria-label="Search the entities"
          placeholder="Search"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
            setActive(0);
          }}
        />
      </div>
      <CoverageLines />
      {all.length === 0 && (
        <p className="quiet">
          No entities yet. Select what speaks of one real thing, then press <kbd>E</kbd>
        </p>
      )}
      {all.length > 0 && rows.length === 0 && <p className="quiet">No entity is called so</p>}
      {hasTree && (
        <div
          ref={tree}
          className="entity-tree"
          role="tree"
          aria-label={`${counted(rows.length, "entity")}, with their mentions`}
          aria-multiselectable="true"
          aria-activedescendant={lines[at] === undefined ? undefined : domId(lines[at])}
          tabIndex={0}
          onKeyDown={onKeyDown}
          onScroll={(event) => {
            const scroll_px = event.currentTarget.scrollTop;
            setView((before) => ({ ...before, scroll_px }));
          }}
        >
          <div className="entity-length" role="presentation" style={{ height: lines.length * LINE_PX }}>
            {withActive(first, end, at).map((index) => {
              const line = lines[index];
              return line === undefined ? null : (
                <EntityLine
                  key={domId(line)}
                  id={domId(line)}
                  line={line}
                  index={index}
                  isActive={index === at}
                  isSelected={selection.has(recordOf(line))}
                  onPick={(toggle) => pick(line, index, toggle)}
                  onOpen={(isOpen) => setOpen(line.row.entity.id, isOpen)}
                />
              );
            })}
          </div>
        </div>
      )}
      <EntityDetail />
    </section>
  );
}

function firstOf(line: Line): readonly string[] {
  return line.row.mentions.slice(0, 1).map(({ id }) => id);
}

/** The window, and the active line wherever it is: screen readers are told of it by its id. */
function withActive(first: number, end: number, active: number): readonly number[] {
  const shown = Array.from({ length: end - first }, (_, offset) => first + offset);
  return active >= first && active < end ? shown : [...shown, active];
}
