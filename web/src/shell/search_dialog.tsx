/** A search in a dialog (ARIA combobox): type, arrows, Enter. */
import { useEffect, useId, useState } from "react";
import { fuzzyFilter } from "./fuzzy";
import { Dialog } from "./parts";

export interface Entry {
  readonly id: string;
  readonly text: string;
  readonly search: string;
  readonly note: string;
  readonly colour?: number;
  run(): void;
}

export function SearchDialog(props: {
  readonly label: string;
  readonly entries: readonly Entry[];
  readonly onClose: () => void;
  /** Told which entry the cursor is on. */
  readonly onActive?: (id: string | null) => void;
}) {
  const { onActive } = props;
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const shown = fuzzyFilter(query, props.entries, (entry) => entry.search).slice(0, 60);
  const at = Math.min(active, shown.length - 1);
  const activeId = shown[at]?.id ?? null;
  useEffect(() => onActive?.(activeId), [onActive, activeId]);
  const choose = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    props.onClose();
    entry.run();
  };
  return (
    <Dialog label={props.label} className="palette" onClose={props.onClose}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={at >= 0 ? `${list}-${at}` : undefined}
        aria-label={props.label}
        placeholder={props.label}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setActive(Math.min(shown.length - 1, at + 1));
          else if (event.key === "ArrowUp") setActive(Math.max(0, at - 1));
          else if (event.key === "Enter") choose(shown[at]);
          else return;
          event.preventDefault();
        }}
      />
      <div role="listbox" id={list} aria-label={props.label}>
        {shown.map((entry, index) => (
          <div
            key={entry.id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(entry)}
            onKeyDown={(event) => {
              if (event.key === "Enter") choose(entry);
            }}
          >
            {entry.colour !== undefined && <i className="swatch" style={{ background: `var(--c-${entry.colour})` }} />}
            <span>{entry.text}</span>
            <small>{entry.note}</small>
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className="quiet">Nothing matches</p>}
    </Dialog>
  );
}
