/** Bars with their names and numbers as a small SVG, and the same as a table. Rows lead to what they count. */
import { type ReactNode, useId } from "react";
import { Anchor, follow } from "../../parts";

export interface Bar {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  /** How much of it is marked (suspect links of a type). */
  readonly part?: number;
  /** Place in the palette, 0-7. */
  readonly colour?: number;
  readonly href?: string;
  /** Further columns of the table. */
  readonly more?: readonly (string | number)[];
}

const ROW_PX = 24;
const SHOWN = 10;
/** Percent of the width: where names end, where bars begin, how long the longest is. */
const NAMES_END = 30;
const BARS_START = 32;
const BARS_LONG = 52;

export function BarChart(props: {
  readonly title: string;
  readonly noun: string;
  readonly partNoun?: string;
  readonly columns?: readonly string[];
  readonly bars: readonly Bar[];
  readonly empty: ReactNode;
}) {
  const { title, noun, partNoun, bars } = props;
  const id = useId();
  const shown = bars.filter((bar) => bar.value > 0).slice(0, SHOWN);
  const longest = Math.max(1, ...shown.map((bar) => bar.value));
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      {shown.length === 0 && <div className="quiet">{props.empty}</div>}
      {shown.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset; the group holds links
        <svg className="bars" width="100%" height={shown.length * ROW_PX} role="group" aria-labelledby={id}>
          <defs>
            <pattern id={`${id}-part`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="6" height="6" className="part-ground" />
              <rect width="2.500" height="6" className="part-line" />
            </pattern>
          </defs>
          {shown.map((bar, index) => (
            <Row
              key={bar.id}
              bar={bar}
              y={index * ROW_PX}
              longest={longest}
              partNoun={partNoun}
              fill={`url(#${id}-part)`}
            />
          ))}
        </svg>
      )}
      {bars.length > 0 && (
        <details>
          <summary>{bars.length > shown.length ? `All ${bars.length} as a table` : "As a table"}</summary>
          <table className="list">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col" className="figure">
                  {noun}
                </th>
                {partNoun !== undefined && (
                  <th scope="col" className="figure">
                    {partNoun}
                  </th>
                )}
                {props.columns?.map((column) => (
                  <th key={column} scope="col" className="figure">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bars.map((bar) => (
                <tr key={bar.id}>
                  <th scope="row">
                    {bar.href === undefined ? bar.label : <Anchor href={bar.href}>{bar.label}</Anchor>}
                  </th>
                  <td className="figure">{bar.value.toLocaleString()}</td>
                  {partNoun !== undefined && <td className="figure">{(bar.part ?? 0).toLocaleString()}</td>}
                  {props.columns?.map((column, place) => (
                    <td key={column} className="figure">
                      {(bar.more?.[place] ?? "").toLocaleString()}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </figure>
  );
}

function Row(props: {
  readonly bar: Bar;
  readonly y: number;
  readonly longest: number;
  readonly partNoun: string | undefined;
  readonly fill: string;
}) {
  const { bar, y, longest } = props;
  const long = (value: number) => (value / longest) * BARS_LONG;
  const part = bar.part ?? 0;
  const drawn = (
    <>
      <rect className="hit" x="0" y={y + 1} width="100%" height={ROW_PX - 2} rx="3" />
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: only a frame that cuts long names; its text is part of the row's name */}
      <svg x="0" y={y} width={`${NAMES_END}%`} height={ROW_PX}>
        <text x="6" y="16" className="name">
          {bar.label}
        </text>
      </svg>{" "}
      <rect
        className="bar"
        x={`${BARS_START}%`}
        y={y + 5}
        width={`${Math.max(0.4, long(bar.value))}%`}
        height={ROW_PX - 10}
        rx="2"
        style={bar.colour === undefined ? undefined : { fill: `var(--c-${bar.colour})` }}
      />
      {part > 0 && (
        <rect
          x={`${BARS_START}%`}
          y={y + 5}
          width={`${Math.max(0.8, long(part))}%`}
          height={ROW_PX - 10}
          rx="2"
          fill={props.fill}
        />
      )}
      <text x={`${BARS_START + long(bar.value)}%`} dx="8" y={y + 16} className="value">
        {bar.value.toLocaleString()}
        {part > 0 ? ` (${part.toLocaleString()} ${props.partNoun?.toLowerCase()})` : ""}
      </text>
    </>
  );
  const { href } = bar;
  if (href === undefined) return <g>{drawn}</g>;
  return (
    <a href={href} onClick={(event) => follow(event, href)}>
      {drawn}
    </a>
  );
}
