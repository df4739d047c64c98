/** The home of a project: how far it is, what is in doubt, what to do next, and what it holds. */
import { useQuery } from "@tanstack/react-query";
import type { Page } from "../../../model/changes";
import type { Ontology } from "../../../model/records";
import type { ProjectStatistics } from "../../../model/statistics";
import { Api } from "../../../store/api";
import { className, colourOf } from "../../../store/ontology";
import { Anchor, Empty, Problem } from "../../parts";
import { pathOf } from "../../route";
import { counted } from "../../words";
import { queryOf } from "../browser/filters";
import { SampleGrid } from "../browser/sample_grid";
import { MODALITY_NAMES, whenOf } from "../words";
import { BarChart } from "./bar_chart";
import { Health } from "./health";
import { LinkedClasses } from "./linked_classes";
import { Progress } from "./progress";

const NEXT = 4;
const CHANGES = 6;

export function Overview({ project, name }: { readonly project: string; readonly name: string }) {
  const api = new Api(project);
  const statistics = useQuery({ queryKey: ["statistics", project], queryFn: () => api.statistics() });
  const ontology = useQuery({ queryKey: ["ontology", project], queryFn: () => api.ontology() });
  const found = statistics.data;
  return (
    <>
      <div className="page-head">
        <h1>{name}</h1>
        {found !== undefined && (
          <p className="quiet">
            {counted(found.samples, "sample")}, {counted(found.annotations, "annotation")},{" "}
            {counted(found.links, "link")}
          </p>
        )}
      </div>
      {statistics.error !== null && <Problem error={statistics.error} onRetry={() => void statistics.refetch()} />}
      {found?.samples === 0 && (
        <Empty title="No samples yet">
          <p>Bring in pictures, sounds, recordings or the export of another tool.</p>
          <Anchor className="button primary" href={pathOf({ page: "project", project, section: "import" })}>
            Import samples
          </Anchor>
        </Empty>
      )}
      {found !== undefined && found.samples > 0 && (
        <Filled project={project} statistics={found} ontology={ontology.data?.record ?? null} />
      )}
    </>
  );
}

function Filled(props: {
  readonly project: string;
  readonly statistics: ProjectStatistics;
  readonly ontology: Ontology | null;
}) {
  const { project, statistics, ontology } = props;
  const samplesPath = pathOf({ page: "project", project, section: "samples" });
  const modalities = statistics.modalities.map(({ modality }) => modality);
  const typeName = (id: string) => ontology?.link_types?.find((type) => type.id === id)?.name ?? id;
  return (
    <div className="overview">
      <NextSamples project={project} samplesPath={samplesPath} />
      <Progress statistics={statistics} samplesPath={samplesPath} />
      <Health statistics={statistics} samplesPath={samplesPath} />
      <section className="panel">
        <BarChart
          title="Labels by class"
          noun="Annotations"
          columns={["Entities", ...modalities.map((one) => MODALITY_NAMES[one])]}
          empty="No label yet"
          bars={statistics.classes.map((one) => ({
            id: one.class_id,
            label: className(ontology, one.class_id),
            value: one.annotations,
            colour: colourOf(ontology, one.class_id),
            href: samplesPath + queryOf({ class: one.class_id }),
            more: [one.entities, ...modalities.map((modality) => one.by_modality[modality] ?? 0)],
          }))}
        />
      </section>
      <section className="panel">
        <BarChart
          title="Links by type"
          noun="Links"
          partNoun="Suspect"
          empty="No link yet"
          bars={statistics.link_types.map((one) => ({
            id: one.type_id,
            label: typeName(one.type_id),
            value: one.links,
            part: one.suspects,
            href: samplesPath + queryOf({ link: one.type_id }),
          }))}
        />
        <BarChart
          title="Labels by modality"
          noun="Annotations"
          columns={["Streams"]}
          empty="No label yet"
          bars={statistics.modalities.map((one) => ({
            id: one.modality,
            label: MODALITY_NAMES[one.modality],
            value: one.annotations,
            href: samplesPath + queryOf({ modality: one.modality }),
            more: [one.streams],
          }))}
        />
      </section>
      <section className="panel">
        <LinkedClasses statistics={statistics} ontology={ontology} />
      </section>
      <section className="panel">
        <BarChart
          title="Open findings by check"
          noun="Open"
          columns={["Settled", "Severity"]}
          empty="No open finding"
          bars={statistics.findings.map((one) => ({
            id: `${one.check}/${one.severity}`,
            label: one.title,
            value: one.open,
            href: samplesPath + queryOf({ check: one.check }),
            more: [one.settled, one.severity],
          }))}
        />
        <LatestChanges project={project} />
      </section>
    </div>
  );
}

/** The first samples that still want work, so that one step leads on. */
function NextSamples(props: { readonly project: string; readonly samplesPath: string }) {
  const { project, samplesPath } = props;
  const next = useQuery({
    queryKey: ["samples", project, "next"],
    queryFn: async () => {
      const api = new Api(project);
      const begun = await api.samples({ state: "in_progress", limit: NEXT });
      const fresh = await api.samples({ state: "todo", limit: NEXT });
      return [...begun.items, ...fresh.items].slice(0, NEXT);
    },
  });
  if (next.data === undefined || next.data.length === 0) return null;
  return (
    <section className="wide" aria-labelledby="next">
      <div className="panel-head">
        <h2 id="next">Next</h2>
        <Anchor href={samplesPath} className="more-link">
          All samples
        </Anchor>
      </div>
      <SampleGrid items={next.data} project={project} />
    </section>
  );
}

interface CommitLine {
  readonly seq: number;
  readonly actor: string;
  readonly at_ns: string;
  readonly reason: string;
  readonly origin: string;
  readonly changes: readonly unknown[];
}

function LatestChanges({ project }: { readonly project: string }) {
  const commits = useQuery({
    queryKey: ["commits", project],
    queryFn: () => {
      const api = new Api(project);
      return api.get<Page<CommitLine>>(api.path("/commits"), { limit: CHANGES });
    },
  });
  return (
    <section aria-labelledby="latest">
      <h2 id="latest">Latest changes</h2>
      <ol className="commits">
        {commits.data?.items.map((one) => (
          <li key={one.seq}>
            <span>{one.reason || one.origin}</span>
            <small>
              {one.actor}, {whenOf(one.at_ns)}, {counted(one.changes.length, "record")}
            </small>
          </li>
        ))}
      </ol>
    </section>
  );
}
