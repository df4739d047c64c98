/** The links of one thing: how many go out and come in, filtered by type and state where there are many. */
import { useState } from "react";
import { isSuspect, linksOf } from "../../store/derive";
import { counted } from "../words";
import { useScene } from "../workbench";
import { LinkCard } from "./link_card";
import { LinkFilters } from "./link_filters";
import { ALL, filtered, rowsOf, sorted } from "./link_rows";

/** With more links than this a filter stands above them. */
const FILTERED_FROM = 5;
const SHOWN = 50;

export function ThingLinks({ id }: { readonly id: string }) {
  const state = useScene();
  const [filter, setFilter] = useState(ALL);
  if (state.sample === null) return null;
  const links = linksOf(state.sample, id).map(({ record }) => record);
  const out = links.filter(({ source }) => source.id === id).length;
  const rows = sorted(filtered(rowsOf(state, links), filter), "state");
  return (
    <>
      <h3>
        Links <span className="number">{links.length}</span>
        {links.length > 0 && (
          <small className="in-out">
            ({out} out, {links.length - out} in)
          </small>
        )}
      </h3>
      {links.length === 0 && (
        <p className="quiet">
          Nothing yet. Press <kbd>L</kbd>, or drag the round handle, onto what it goes with
        </p>
      )}
      {links.length >= FILTERED_FROM && <LinkFilters links={links} filter={filter} onChange={setFilter} />}
      {rows.slice(0, SHOWN).map(({ link }) => (
        <LinkCard key={link.id} link={link} isOpen={isSuspect(link) || link.status === "proposed"} />
      ))}
      {rows.length > SHOWN && <p className="quiet">{counted(rows.length - SHOWN, "more link")}</p>}
    </>
  );
}
