/** The project's name and description, what it was made from, and who writes into it. */
import { useQuery } from "@tanstack/react-query";
import type { Page, RevisionView } from "../../../model/changes";
import type { Project } from "../../../model/records";
import { Api } from "../../../store/api";
import { Problem } from "../../parts";
import { SavingNote, useSaving } from "../saving";

const LAYER_KINDS = { person: "Person", model: "Model", import: "Import", consensus: "Consensus" } as const;

export function Settings({ project }: { readonly project: string }) {
  const api = new Api(project);
  const saving = useSaving(project);
  const held = useQuery({
    queryKey: ["project record", project],
    queryFn: async () => {
      const summary = await api.projectSummary();
      const { items }: Page<RevisionView> = await api.revisions(summary.id);
      const [newest] = items;
      if (newest?.rev == null) throw new Error(`The project ${project} has no record`);
      return { rev: newest.rev, record: newest.record as Project };
    },
  });
  const layers = useQuery({ queryKey: ["layers", project], queryFn: () => api.layers() });
  const record = held.data?.record;
  return (
    <>
      <h1>Settings</h1>
      {held.error !== null && <Problem error={held.error} onRetry={() => void held.refetch()} />}
      <SavingNote saving={saving} />
      <section className="panel" aria-labelledby="about">
        <h2 id="about">Project</h2>
        {held.data !== undefined && record !== undefined && (
          <form
            key={held.data.rev}
            className="fields"
            onSubmit={(event) => {
              event.preventDefault();
              const form = new FormData(event.currentTarget);
              const changed: Project = {
                ...record,
                name: String(form.get("name")).trim() || record.name,
                description: String(form.get("description")).trim(),
              };
              void saving.save(changed, held.data.rev, "Edit the project");
            }}
          >
            <label className="field">
              <span>Name</span>
              <input name="name" required maxLength={80} defaultValue={record.name} autoComplete="off" />
            </label>
            <dl className="attributes">
              <div>
                <dt>Address</dt>
                <dd>
                  <code>/p/{record.slug}</code>
                </dd>
              </div>
              <div>
                <dt>Template</dt>
                <dd>{record.template || "None"}</dd>
              </div>
            </dl>
            <label className="field wide">
              <span>Description</span>
              <textarea name="description" rows={3} maxLength={2000} defaultValue={record.description ?? ""} />
            </label>
            <button type="submit" className="primary" disabled={saving.isBusy}>
              Save
            </button>
          </form>
        )}
      </section>
      <section className="panel" aria-labelledby="layers">
        <h2 id="layers">Layers</h2>
        <p className="quiet">Each person, model and import writes into a layer of its own.</p>
        <div className="table-frame">
          <table className="list">
            <thead>
              <tr>
                <th scope="col">Layer</th>
                <th scope="col">Kind</th>
                <th scope="col">Written by</th>
              </tr>
            </thead>
            <tbody>
              {layers.data?.items.map(({ record: layer }) => (
                <tr key={layer.id}>
                  <th scope="row">{layer.name}</th>
                  <td>{LAYER_KINDS[layer.layer_kind ?? "person"]}</td>
                  <td>
                    {layer.actor}
                    {layer.model_version ? ` ${layer.model_version}` : ""}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <div className="two">
        <section className="panel" aria-labelledby="people">
          <h2 id="people">People</h2>
          <p className="quiet">
            This workspace is used by one person on this computer. Accounts and roles are not there yet.
          </p>
        </section>
        <section className="panel" aria-labelledby="releases">
          <h2 id="releases">Releases</h2>
          <p className="quiet">
            Frozen states of the project are not there yet. The present state can be exported with{" "}
            <code>braid export braid --project {project} --out FOLDER</code>
          </p>
        </section>
      </div>
    </>
  );
}
