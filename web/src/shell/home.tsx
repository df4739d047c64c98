/** The first page: all projects of the workspace, and a way to begin one. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Api } from "../store/api";
import { Icon } from "./icons";
import { Anchor, Empty, Problem } from "./parts";
import { go, pathOf } from "./route";
import { nextTheme, useTheme } from "./theme";

const TEMPLATES = [
  { id: "vision-language", name: "Vision-language", text: "Images and captions: which words mean which region" },
  { id: "driving", name: "Driving", text: "Point clouds, cameras, sound: one thing seen by many sensors" },
  { id: "dialogue", name: "Dialogue", text: "Video, sound, transcript: what is said and how" },
];

export function PageBar({ children }: { readonly children?: React.ReactNode }) {
  const theme = useTheme();
  return (
    <header className="top-bar">
      <nav className="crumbs" aria-label="Where you are">
        <Anchor href="/" className="brand">
          <Icon name="braid" size={18} />
          <span>Braid</span>
        </Anchor>
        {children}
      </nav>
      <span className="stretch" />
      <button type="button" className="ghost" onClick={() => nextTheme()} title={`Theme: ${theme}`}>
        <Icon name="theme" />
        <span className="unseen">Theme: {theme}</span>
      </button>
    </header>
  );
}

export function Home() {
  const api = new Api();
  const { data, error, refetch } = useQuery({ queryKey: ["projects"], queryFn: () => api.projects() });
  document.title = "Braid";
  return (
    <div className="page">
      <PageBar />
      <main>
        <h1>Projects</h1>
        {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && (
          <Empty title="No project yet">
            <p>
              Begin one below, or run <code>braid demo</code> to see three small ones.
            </p>
          </Empty>
        )}
        <ul className="cards">
          {data?.items.map((project) => (
            <li key={project.id} className="card">
              <Anchor href={pathOf({ page: "project", project: project.slug })}>
                <h2>{project.name}</h2>
              </Anchor>
              <p className="quiet">{TEMPLATES.find((entry) => entry.id === project.template)?.name ?? "No template"}</p>
              <dl className="counts">
                <Count name={project.samples === 1 ? "sample" : "samples"} value={project.samples} />
                <Count name={project.annotations === 1 ? "annotation" : "annotations"} value={project.annotations} />
                <Count name={project.links === 1 ? "link" : "links"} value={project.links} />
                <Count name="suspect" value={project.suspects} tone="suspect" />
                <Count name={project.findings === 1 ? "finding" : "findings"} value={project.findings} tone="error" />
              </dl>
            </li>
          ))}
        </ul>
        <NewProject />
      </main>
    </div>
  );
}

export function Count(props: { readonly name: string; readonly value: number; readonly tone?: string }) {
  return (
    <div data-tone={props.value > 0 ? props.tone : undefined}>
      <dd>{props.value.toLocaleString()}</dd>
      <dt>{props.name}</dt>
    </div>
  );
}

function NewProject() {
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: (form: FormData) => new Api().createProject(String(form.get("name")), String(form.get("template"))),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["projects"] });
      go(pathOf({ page: "project", project: made.slug }));
    },
  });
  return (
    <form
      className="new-project"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(new FormData(event.currentTarget));
      }}
    >
      <h2>New project</h2>
      <label className="field">
        <span>Name</span>
        <input name="name" required maxLength={80} autoComplete="off" />
      </label>
      <fieldset className="templates">
        <legend>Template</legend>
        {TEMPLATES.map((entry, index) => (
          <label key={entry.id}>
            <input type="radio" name="template" value={entry.id} defaultChecked={index === 0} />
            <span>
              <b>{entry.name}</b>
              <small>{entry.text}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {create.error !== null && <p role="alert">{create.error.message}</p>}
      <button type="submit" className="primary" disabled={create.isPending}>
        Create
      </button>
    </form>
  );
}
