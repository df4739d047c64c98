/** What an import takes and refuses, and which classes it brings; new ones can be mapped to classes that are there. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ImportReport } from "../../../model/statistics";
import { Api } from "../../../store/api";
import { Count } from "../../home";
import { counted } from "../../words";
import { classRows } from "../ontology/class_tree";

/** Longer lists are cut; the command line prints them whole. */
const SHOWN = 100;

export function Report(props: {
  readonly project: string;
  readonly report: ImportReport;
  readonly classMap: Readonly<Record<string, string>>;
  /** null: nothing can be mapped any more. */
  readonly onMap: ((label: string, classId: string) => void) | null;
}) {
  const { report } = props;
  const { accepted } = report;
  return (
    <div className="report">
      <dl className="counts">
        <Count name="samples" value={accepted.samples} />
        <Count name="streams" value={accepted.streams} />
        <Count name="annotations" value={accepted.annotations} />
        <Count name="links" value={accepted.links} />
        <Count name="entities" value={accepted.entities} />
        <Count name="refused" value={report.rejected.length} tone="error" />
        <Count name="warnings" value={report.warnings.length} tone="suspect" />
      </dl>
      <Lines
        title={`${counted(report.rejected.length, "thing")} refused`}
        isOpen
        columns={["Where", "Why"]}
        rows={report.rejected.map((one) => [<code key="where">{one.where}</code>, one.reason])}
      />
      <Lines
        title={counted(report.warnings.length, "warning")}
        isOpen={report.warnings.length <= 20}
        columns={["Where", "What", "Code"]}
        rows={report.warnings.map((one) => [
          <code key="where">{one.where}</code>,
          one.message,
          <code key="code">{one.code}</code>,
        ])}
      />
      {props.onMap !== null && report.classes.length > 0 && (
        <Mapping project={props.project} report={report} classMap={props.classMap} onMap={props.onMap} />
      )}
    </div>
  );
}

function Lines(props: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}) {
  if (props.rows.length === 0) return null;
  return (
    <details open={props.isOpen}>
      <summary>{props.title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="table-frame" aria-label={props.title} tabIndex={0}>
        <table className="list">
          <thead>
            <tr>
              {props.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.rows.slice(0, SHOWN).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes its order
              <tr key={index}>
                {props.columns.map((column, place) => (
                  <td key={column}>{row[place]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {props.rows.length > SHOWN && <p className="quiet">The first {SHOWN} are shown</p>}
    </details>
  );
}

function Mapping(props: {
  readonly project: string;
  readonly report: ImportReport;
  readonly classMap: Readonly<Record<string, string>>;
  readonly onMap: (label: string, classId: string) => void;
}) {
  const { project, report, classMap, onMap } = props;
  const ontology = useQuery({ queryKey: ["ontology", project], queryFn: () => new Api(project).ontology() });
  const rows = classRows((ontology.data?.record.classes ?? []).filter((entry) => entry.deprecated !== true));
  const fresh = report.classes.filter((one) => one.is_new).length;
  const mapped = Object.entries(classMap).filter(([, id]) => id !== "");
  const brought = new Set(report.classes.filter((one) => one.is_new).map(({ name }) => name));
  const choice = (label: string, name: string) => (
    <select
      aria-label={`${label} becomes`}
      value={classMap[label] ?? ""}
      onChange={(event) => onMap(label, event.target.value)}
    >
      <option value="">{name}</option>
      {rows.map(({ entry, depth }) => (
        <option key={entry.id} value={entry.id}>
          {"\u2003".repeat(depth)}
          {entry.name}
        </option>
      ))}
    </select>
  );
  return (
    <section aria-labelledby="classes">
      <h3 id="classes">
        Classes: {fresh.toLocaleString()} new, {(report.classes.length - fresh).toLocaleString()} known
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="table-frame" aria-labelledby="classes" tabIndex={0}>
        <table className="list">
          <thead>
            <tr>
              <th scope="col">In the files</th>
              <th scope="col" className="figure">
                Annotations
              </th>
              <th scope="col" className="figure">
                Entities
              </th>
              <th scope="col">Becomes</th>
            </tr>
          </thead>
          <tbody>
            {mapped
              .filter(([label]) => !brought.has(label))
              .map(([label]) => (
                <tr key={`mapped ${label}`}>
                  <th scope="row">{label}</th>
                  <td className="figure quiet" colSpan={2}>
                    counted below
                  </td>
                  <td>{choice(label, "A new class")}</td>
                </tr>
              ))}
            {report.classes.map((one) => (
              <tr key={one.id}>
                <th scope="row">{one.name}</th>
                <td className="figure">{one.annotations.toLocaleString()}</td>
                <td className="figure">{one.entities.toLocaleString()}</td>
                <td>
                  {one.is_new ? (
                    choice(one.name, `New class ${one.id}`)
                  ) : (
                    <span className="quiet">Known as {one.id}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {mapped.length > 0 && (
        <p className="quiet">
          {counted(mapped.length, "label")} mapped. Try again to see the effect, or import at once
        </p>
      )}
    </section>
  );
}
