/** Samples as pictures with their counts; also a short row of them on the overview. */
import { useState } from "react";
import type { SampleSummary } from "../../../model/changes";
import type { Modality } from "../../../model/records";
import { Api } from "../../../store/api";
import { Icon } from "../../icons";
import { Anchor } from "../../parts";
import { pathOf } from "../../route";
import { counted, SAMPLE_STATES } from "../../words";
import { rove } from "../rove";
import { MODALITY_NAMES } from "../words";

export function SampleGrid(props: { readonly items: readonly SampleSummary[]; readonly project: string }) {
  return (
    <ul className="samples" onKeyDown={rove}>
      {props.items.map((sample) => (
        <SampleCard key={sample.id} sample={sample} project={props.project} />
      ))}
    </ul>
  );
}

export function StateMark({ state }: { readonly state: SampleSummary["state"] }) {
  return (
    <span className="state" data-state={state}>
      {SAMPLE_STATES.find(([value]) => value === state)?.[1] ?? state}
    </span>
  );
}

function SampleCard({ sample, project }: { readonly sample: SampleSummary; readonly project: string }) {
  return (
    <li className="sample">
      <Anchor href={pathOf({ page: "sample", project, sample: sample.key })} isRoving>
        <Thumbnail sample={sample} project={project} />
        <h2>{sample.key}</h2>
      </Anchor>
      <p className="sample-facts">
        <StateMark state={sample.state} />
        <span>{counted(sample.annotations, "annotation")}</span>
        <span>{counted(sample.links, "link")}</span>
        {sample.suspects > 0 && <span data-tone="suspect">{sample.suspects} suspect</span>}
        {sample.findings > 0 && <span data-tone="error">{counted(sample.findings, "finding")}</span>}
      </p>
    </li>
  );
}

export function Thumbnail({ sample, project }: { readonly sample: SampleSummary; readonly project: string }) {
  const [isBroken, setBroken] = useState(false);
  const modality = sample.modalities.find((entry): entry is Modality => entry in MODALITY_NAMES) ?? "text";
  if (sample.thumbnail === null || isBroken) {
    return (
      <span className="thumbnail thumbnail-none">
        <Icon name={modality} size={32} />
      </span>
    );
  }
  const url = new Api(project).streamUrl(sample.thumbnail, "thumbnail");
  return <img className="thumbnail" src={url} alt="" loading="lazy" onError={() => setBroken(true)} />;
}
