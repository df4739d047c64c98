/** Import in three steps: what format, which files, then a trial run whose report leads to the import itself. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FormatInfo, ImportReport } from "../../../model/statistics";
import { Api } from "../../../store/api";
import { Anchor, Problem } from "../../parts";
import { pathOf } from "../../route";
import { counted } from "../../words";
import { queryOf } from "../browser/filters";
import { FormatStep } from "./format_step";
import { Report } from "./report";
import { sendImport } from "./send";
import { SourceStep } from "./source_step";

export function ImportWizard({ project }: { readonly project: string }) {
  const api = new Api(project);
  const queries = useQueryClient();
  const formats = useQuery({ queryKey: ["formats"], queryFn: () => api.formats() });
  const session = useQuery({ queryKey: ["session"], queryFn: () => api.session() });
  const [format, setFormat] = useState<FormatInfo | null>(null);
  const [options, setOptions] = useState<Readonly<Record<string, string>>>({});
  const [source, setSource] = useState<File | string>("");
  const [layer, setLayer] = useState("");
  const [classMap, setClassMap] = useState<Readonly<Record<string, string>>>({});
  const [sent, setSent] = useState(0);
  const run = useMutation({
    mutationFn: async (isDryRun: boolean) => {
      setSent(0);
      const request = { format: format?.id ?? "", source, isDryRun, layer, options, classMap };
      return { isDryRun, report: await sendImport(new Api(project), request, setSent) };
    },
    onSuccess: ({ isDryRun }) => {
      if (!isDryRun) void queries.invalidateQueries();
    },
  });
  const restart = () => run.reset();
  const hasSource = source instanceof File || source.trim() !== "";
  const done = run.data?.isDryRun === false ? run.data.report : null;
  if (done !== null) {
    return (
      <Done
        project={project}
        report={done}
        onMore={() => {
          restart();
          setSource("");
          setClassMap({});
        }}
      />
    );
  }
  return (
    <>
      <h1>Import</h1>
      {formats.error !== null && <Problem error={formats.error} onRetry={() => void formats.refetch()} />}
      <ol className="wizard">
        <li>
          <h2>Format</h2>
          <FormatStep
            formats={(formats.data?.items ?? []).filter((one) => one.reads)}
            chosen={format}
            options={options}
            onChoose={(one) => {
              setFormat(one);
              setOptions({});
              setClassMap({});
              restart();
            }}
            onOption={(name, value) => {
              setOptions({ ...options, [name]: value });
              restart();
            }}
          />
        </li>
        <li>
          <h2>Files</h2>
          <SourceStep
            isLocal={session.data?.local === true}
            source={source}
            layer={layer}
            onSource={(one) => {
              setSource(one);
              restart();
            }}
            onLayer={setLayer}
          />
        </li>
        <li>
          <h2>Try, then import</h2>
          <p className="quiet">A trial run reads everything and writes nothing.</p>
          <div className="actions">
            <button
              type="button"
              className={run.data === undefined ? "primary" : ""}
              disabled={format === null || !hasSource || run.isPending}
              onClick={() => run.mutate(true)}
            >
              {run.data === undefined ? "Try it" : "Try again"}
            </button>
            {run.data !== undefined && (
              <button
                type="button"
                className="primary"
                disabled={run.isPending || run.data.report.accepted.samples === 0}
                onClick={() => run.mutate(false)}
              >
                Import {counted(run.data.report.accepted.samples, "sample")}
              </button>
            )}
            {(format === null || !hasSource) && (
              <span className="quiet">{format === null ? "Choose a format first" : "Choose files first"}</span>
            )}
          </div>
          {run.isPending && <Waiting part={source instanceof File ? sent : 1} isDryRun={run.variables} />}
          {run.error !== null && (
            <p role="alert" className="note" data-tone="error">
              {run.error.message}
            </p>
          )}
          {run.data !== undefined && (
            <Report
              project={project}
              report={run.data.report}
              classMap={classMap}
              onMap={(label, id) => setClassMap({ ...classMap, [label]: id })}
            />
          )}
        </li>
      </ol>
    </>
  );
}

function Waiting({ part, isDryRun }: { readonly part: number; readonly isDryRun: boolean }) {
  const isSending = part < 1;
  const words = isSending ? "Sending" : isDryRun ? "Reading" : "Importing";
  return (
    <p className="waiting" role="status">
      <label>
        <span>{words}…</span>
        <progress value={isSending ? part : undefined} max={1} />
      </label>
    </p>
  );
}

function Done(props: { readonly project: string; readonly report: ImportReport; readonly onMore: () => void }) {
  const { accepted, rejected } = props.report;
  const samples = pathOf({ page: "project", project: props.project, section: "samples" });
  return (
    <>
      <h1>Import</h1>
      <section className="panel" role="status">
        <p className="headline" data-tone="good">
          <b>{counted(accepted.samples, "sample")}</b> imported, with {counted(accepted.annotations, "annotation")},{" "}
          {counted(accepted.links, "link")} and {accepted.entities.toLocaleString()}{" "}
          {accepted.entities === 1 ? "entity" : "entities"}
        </p>
        {rejected.length > 0 && <p data-tone="error">{counted(rejected.length, "thing")} refused</p>}
        <div className="actions">
          <Anchor className="button primary" href={samples + queryOf({ order: "newest" })}>
            Show the new samples
          </Anchor>
          <button type="button" onClick={props.onMore}>
            Import more
          </button>
        </div>
      </section>
      {(rejected.length > 0 || props.report.warnings.length > 0) && (
        <Report project={props.project} report={props.report} classMap={{}} onMap={null} />
      )}
    </>
  );
}
