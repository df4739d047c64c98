/** Samples as rows: denser than the grid, with every count in a column of its own. */
import type { SampleSummary } from "../../../model/changes";
import type { Modality } from "../../../model/records";
import { Anchor } from "../../parts";
import { pathOf } from "../../route";
import { rove } from "../rove";
import { MODALITY_NAMES } from "../words";
import { StateMark, Thumbnail } from "./sample_grid";

export function SampleTable(props: { readonly items: readonly SampleSummary[]; readonly project: string }) {
  return (
    <div className="table-frame">
      <table className="list" onKeyDown={rove}>
        <thead>
          <tr>
            <th scope="col">Sample</th>
            <th scope="col">State</th>
            <th scope="col">Modalities</th>
            <th scope="col">Tags</th>
            <th scope="col" className="figure">
              Annotations
            </th>
            <th scope="col" className="figure">
              Links
            </th>
            <th scope="col" className="figure">
              Suspect
            </th>
            <th scope="col" className="figure">
              Findings
            </th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((sample) => (
            <tr key={sample.id}>
              <th scope="row">
                <Anchor href={pathOf({ page: "sample", project: props.project, sample: sample.key })} isRoving>
                  <Thumbnail sample={sample} project={props.project} />
                  {sample.key}
                </Anchor>
              </th>
              <td>
                <StateMark state={sample.state} />
              </td>
              <td>{sample.modalities.map((one) => MODALITY_NAMES[one as Modality] ?? one).join(", ")}</td>
              <td>{sample.tags.join(", ")}</td>
              <td className="figure">{sample.annotations.toLocaleString()}</td>
              <td className="figure">{sample.links.toLocaleString()}</td>
              <td className="figure" data-tone={sample.suspects > 0 ? "suspect" : undefined}>
                {sample.suspects.toLocaleString()}
              </td>
              <td className="figure" data-tone={sample.findings > 0 ? "error" : undefined}>
                {sample.findings.toLocaleString()}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
