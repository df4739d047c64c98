/** What is in doubt: suspect links, and open findings by severity and layer of check. */
import type { Severity } from "../../../model/changes";
import type { LayerOfCheck, ProjectStatistics } from "../../../model/statistics";
import { Icon } from "../../icons";
import { Anchor } from "../../parts";
import { counted } from "../../words";
import { queryOf } from "../browser/filters";
import { LAYER_NAMES, SEVERITY_NAMES } from "../words";

const SEVERITIES: readonly Severity[] = ["error", "warning", "hint"];

export function Health(props: { readonly statistics: ProjectStatistics; readonly samplesPath: string }) {
  const { statistics, samplesPath } = props;
  const open = (severity: Severity, layer?: LayerOfCheck | null) =>
    statistics.findings
      .filter((one) => one.severity === severity && (layer === undefined || one.layer === layer))
      .reduce((sum, one) => sum + one.open, 0);
  const layers: readonly (LayerOfCheck | null)[] = [
    "within",
    "across",
    "whole",
    ...(statistics.findings.some((one) => one.layer === null) ? [null] : []),
  ];
  const all = SEVERITIES.reduce((sum, severity) => sum + open(severity), 0);
  const settled = statistics.findings.reduce((sum, one) => sum + one.settled, 0);
  const isWell = statistics.suspects === 0 && all === 0;
  return (
    <section className="panel" aria-labelledby="health">
      <h2 id="health">Health</h2>
      {isWell ? (
        <p className="headline" data-tone="good">
          <Icon name="check" size={18} /> No suspect link, no open finding
        </p>
      ) : (
        <p className="headline">
          <Anchor href={samplesPath + queryOf({ problem: "suspect" })}>
            <span data-tone={statistics.suspects > 0 ? "suspect" : undefined}>
              <Icon name="suspect" size={18} /> <b>{statistics.suspects.toLocaleString()}</b> suspect
              {statistics.suspects === 1 ? " link" : " links"}
              {statistics.suspects > 0 && ` in ${counted(statistics.suspect_samples, "sample")}`}
            </span>
          </Anchor>
          <Anchor href={samplesPath + queryOf({ problem: "finding" })}>
            <span data-tone={all > 0 ? "error" : undefined}>
              <Icon name="finding" size={18} /> <b>{all.toLocaleString()}</b> open {all === 1 ? "finding" : "findings"}
            </span>
          </Anchor>
        </p>
      )}
      {all > 0 && (
        <table className="list">
          <caption className="unseen">Open findings by severity and by what the check looks at</caption>
          <thead>
            <tr>
              <td />
              {SEVERITIES.map((severity) => (
                <th key={severity} scope="col" className="figure">
                  <Anchor href={samplesPath + queryOf({ problem: severity })}>{SEVERITY_NAMES[severity]}</Anchor>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {layers.map((layer) => (
              <tr key={layer ?? "other"}>
                <th scope="row">{layer === null ? "Other checks" : LAYER_NAMES[layer]}</th>
                {SEVERITIES.map((severity) => {
                  const count = open(severity, layer);
                  return (
                    <td
                      key={severity}
                      className="figure"
                      data-tone={count > 0 && severity === "error" ? "error" : undefined}
                    >
                      {count === 0 ? <span className="quiet">0</span> : count.toLocaleString()}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {settled > 0 && <p className="quiet">{counted(settled, "finding")} settled by people</p>}
    </section>
  );
}
