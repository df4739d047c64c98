/** The pages of a project: overview, samples, ontology, import, settings. Loaded when the first of them is opened. */
import { useQuery } from "@tanstack/react-query";
import { Api } from "../../store/api";
import { PageBar } from "../home";
import { Anchor, Problem } from "../parts";
import { pathOf, SECTIONS, type Section } from "../route";
import { Samples } from "./browser/samples";
import { ImportWizard } from "./importing/wizard";
import { OntologyPage } from "./ontology/ontology_page";
import { Overview } from "./overview/overview";
import { Settings } from "./settings/settings";
import "./styles/frame.css";
import "./styles/overview.css";
import "./styles/lists.css";
import "./styles/samples.css";
import "./styles/importing.css";
import "./styles/ontology.css";

const TITLES: Readonly<Record<Section, string>> = {
  overview: "Overview",
  samples: "Samples",
  ontology: "Ontology",
  import: "Import",
  settings: "Settings",
};

export default function ProjectPages(props: { readonly project: string; readonly section: Section }) {
  const { project, section } = props;
  const summary = useQuery({ queryKey: ["project", project], queryFn: () => new Api(project).projectSummary() });
  const name = summary.data?.name ?? project;
  document.title = section === "overview" ? `${name} · Braid` : `${TITLES[section]} · ${name} · Braid`;
  return (
    <div className="page">
      <PageBar>
        <span aria-hidden="true">/</span>
        <Anchor href={pathOf({ page: "project", project })}>{name}</Anchor>
      </PageBar>
      <nav className="sections" aria-label="Pages of the project">
        {SECTIONS.map((one) => (
          <Anchor key={one} href={pathOf({ page: "project", project, section: one })} isCurrent={one === section}>
            {TITLES[one]}
          </Anchor>
        ))}
      </nav>
      <main>
        {summary.error === null ? (
          <Shown project={project} section={section} name={name} />
        ) : (
          <>
            <h1>{project}</h1>
            <Problem error={summary.error} onRetry={() => void summary.refetch()} />
          </>
        )}
      </main>
    </div>
  );
}

function Shown(props: { readonly project: string; readonly section: Section; readonly name: string }) {
  const { project, section, name } = props;
  if (section === "samples") return <Samples project={project} />;
  if (section === "ontology") return <OntologyPage project={project} />;
  if (section === "import") return <ImportWizard project={project} />;
  if (section === "settings") return <Settings project={project} />;
  return <Overview project={project} name={name} />;
}
