/** The ontology: its classes as a tree with counts, its link types, and the edits that touch no label. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Api } from "../../../store/api";
import { colourOf } from "../../../store/ontology";
import { Icon } from "../../icons";
import { Empty, Problem } from "../../parts";
import { counted } from "../../words";
import { rove } from "../rove";
import { SavingNote, useSaving } from "../saving";
import { ClassPanel } from "./class_panel";
import { classRows, matching, sumsUpwards } from "./class_tree";
import { AddClass, type Editing } from "./editing";
import { withNewClass } from "./edits";
import { LinkTypePanel } from "./link_type_panel";

type Chosen = { readonly kind: "class" | "link"; readonly id: string };

export function OntologyPage({ project }: { readonly project: string }) {
  const api = new Api(project);
  const ontology = useQuery({ queryKey: ["ontology", project], queryFn: () => api.ontology() });
  const statistics = useQuery({ queryKey: ["statistics", project], queryFn: () => api.statistics() });
  const saving = useSaving(project);
  const error = ontology.error ?? statistics.error;
  return (
    <>
      <div className="page-head">
        <h1>Ontology</h1>
        {ontology.data !== undefined && (
          <p className="quiet">
            Version {ontology.data.record.version}, {classesWords(ontology.data.record.classes?.length ?? 0)},{" "}
            {counted(ontology.data.record.link_types?.length ?? 0, "link type")}
          </p>
        )}
      </div>
      {error !== null && <Problem error={error} onRetry={() => void ontology.refetch()} />}
      {ontology.data !== undefined && statistics.data !== undefined && (
        <Desk editing={{ project, held: ontology.data, statistics: statistics.data, saving }} />
      )}
    </>
  );
}

function classesWords(count: number): string {
  return `${count.toLocaleString()} ${count === 1 ? "class" : "classes"}`;
}

function Desk({ editing }: { readonly editing: Editing }) {
  const { held, statistics, saving } = editing;
  const ontology = held.record;
  const [words, setWords] = useState("");
  const [asked, setAsked] = useState<Chosen | null>(null);
  const rows = classRows(ontology.classes ?? []);
  const labels = new Map(statistics.classes.map((one) => [one.class_id, one.annotations]));
  const links = new Map(statistics.link_types.map((one) => [one.type_id, one.links]));
  const sums = sumsUpwards(rows, (id) => labels.get(id) ?? 0);
  const shown = matching(rows, words);
  const first = rows[0]?.entry.id;
  const chosen: Chosen | null = asked ?? (first === undefined ? null : { kind: "class", id: first });
  const entry = chosen?.kind === "class" ? rows.find((row) => row.entry.id === chosen.id)?.entry : undefined;
  const type = chosen?.kind === "link" ? ontology.link_types?.find((one) => one.id === chosen.id) : undefined;
  const isChosen = (kind: Chosen["kind"], id: string) => chosen?.kind === kind && chosen.id === id;
  return (
    <>
      <SavingNote saving={saving} />
      <div className="ontology">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys add to the buttons inside, which stay reachable by Tab */}
        <div className="panel tree" onKeyDown={rove}>
          <h2>Classes</h2>
          <input
            type="search"
            aria-label="Search classes"
            placeholder="Search classes"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <ul>
            {shown.map(({ entry: one, depth }) => (
              <li key={one.id} style={{ paddingInlineStart: depth * 16 }}>
                <button
                  type="button"
                  className="ghost"
                  data-rove=""
                  aria-pressed={isChosen("class", one.id)}
                  onClick={() => setAsked({ kind: "class", id: one.id })}
                >
                  <span className="swatch" style={{ background: `var(--c-${colourOf(ontology, one.id)})` }} />
                  {one.deprecated === true ? <s>{one.name}</s> : one.name}
                  <span className="number">{(sums.get(one.id)?.all ?? 0).toLocaleString()}</span>
                </button>
              </li>
            ))}
          </ul>
          {shown.length === 0 && <p className="quiet">{words === "" ? "No class yet" : "No class fits"}</p>}
          <AddClass
            label="Add a class at the top"
            isBusy={saving.isBusy}
            onAdd={async (name) => {
              const [grown, id] = withNewClass(ontology, name, null);
              const isSaved = await saving.save(grown, held.rev, `Add class ${name}`);
              if (isSaved) setAsked({ kind: "class", id });
              return isSaved;
            }}
          />
          <h2>Link types</h2>
          <ul>
            {ontology.link_types?.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className="ghost"
                  data-rove=""
                  aria-pressed={isChosen("link", one.id)}
                  onClick={() => setAsked({ kind: "link", id: one.id })}
                >
                  <Icon name="link" size={14} />
                  {one.deprecated === true ? <s>{one.name}</s> : one.name}
                  <span className="number">{(links.get(one.id) ?? 0).toLocaleString()}</span>
                </button>
              </li>
            ))}
          </ul>
          {(ontology.link_types ?? []).length === 0 && <p className="quiet">No link type yet</p>}
        </div>
        {entry !== undefined && (
          <ClassPanel
            key={`${entry.id} ${held.rev}`}
            editing={editing}
            entry={entry}
            below={(sums.get(entry.id)?.all ?? 0) - (sums.get(entry.id)?.own ?? 0)}
            onChoose={(id) => setAsked({ kind: "class", id })}
          />
        )}
        {type !== undefined && <LinkTypePanel key={`${type.id} ${held.rev}`} editing={editing} type={type} />}
        {entry === undefined && type === undefined && (
          <Empty title="Nothing chosen">
            <p>Choose a class or a link type, or add the first class</p>
          </Empty>
        )}
      </div>
    </>
  );
}
