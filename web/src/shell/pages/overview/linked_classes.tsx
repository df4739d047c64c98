/** A table of which classes are linked with which, shaded by how often; it is its own table twin. */
import { useState } from "react";
import type { Ontology } from "../../../model/records";
import type { ProjectStatistics } from "../../../model/statistics";
import { className } from "../../../store/ontology";
import { counted } from "../../words";
import { squareOf } from "./pairs";

const SIZE = 8;

export function LinkedClasses(props: { readonly statistics: ProjectStatistics; readonly ontology: Ontology | null }) {
  const { statistics, ontology } = props;
  const [type, setType] = useState("");
  const square = squareOf(statistics.pairs, SIZE, type);
  const types = statistics.link_types.filter((one) => statistics.pairs.some((pair) => pair.type_id === one.type_id));
  const others = square.others + (type === "" ? statistics.other_pairs : 0);
  const nameOf = (id: string) => ontology?.link_types?.find((one) => one.id === id)?.name ?? id;
  return (
    <figure className="chart" aria-labelledby="pairs">
      <figcaption id="pairs">Which classes are linked</figcaption>
      {types.length > 1 && (
        <select aria-label="Links of type" value={type} onChange={(event) => setType(event.target.value)}>
          <option value="">All link types</option>
          {types.map((one) => (
            <option key={one.type_id} value={one.type_id}>
              {nameOf(one.type_id)}
            </option>
          ))}
        </select>
      )}
      {square.most === 0 ? (
        <p className="quiet">No link yet</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="table-frame" aria-label="Which classes are linked" tabIndex={0}>
          <table className="heat">
            <thead>
              <tr>
                <td className="quiet">from ↓ to →</td>
                {square.columns.map((target) => (
                  <th key={target} scope="col">
                    {className(ontology, target)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {square.rows.map((source) => (
                <tr key={source}>
                  <th scope="row">{className(ontology, source)}</th>
                  {square.columns.map((target) => {
                    const links = square.count(source, target);
                    const share = Math.round((links / square.most) * 40);
                    return (
                      <td
                        key={target}
                        className="figure"
                        style={{ background: `color-mix(in srgb, var(--accent) ${share}%, transparent)` }}
                      >
                        {links === 0 ? <span className="unseen">0</span> : links.toLocaleString()}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {others > 0 && <p className="quiet">{counted(others, "further link")} between other classes</p>}
    </figure>
  );
}
