/** One class: what it means, how often it is used, and its edits with the number of labels that they touch. */
import type { OntologyClass } from "../../../model/records";
import type { ClassTally } from "../../../model/statistics";
import { className, colourOf } from "../../../store/ontology";
import { Anchor } from "../../parts";
import { pathOf } from "../../route";
import { counted, kindWord } from "../../words";
import { queryOf } from "../browser/filters";
import { MODALITY_NAMES } from "../words";
import { AttributeForm, AttributeList } from "./attributes";
import { AddClass, type Editing } from "./editing";
import { listOf, withClass, withNewAttribute, withNewClass } from "./edits";

const PLACES = [0, 1, 2, 3, 4, 5, 6, 7];

export function ClassPanel(props: {
  readonly editing: Editing;
  readonly entry: OntologyClass;
  /** Annotations of the classes below it. */
  readonly below: number;
  readonly onChoose: (classId: string) => void;
}) {
  const { entry, onChoose } = props;
  const { project, held, statistics, saving } = props.editing;
  const ontology = held.record;
  const tally = statistics.classes.find((one) => one.class_id === entry.id);
  const samples = pathOf({ page: "project", project, section: "samples" }) + queryOf({ class: entry.id });
  return (
    <section className="panel" aria-labelledby="class">
      <div className="panel-head">
        <h2 id="class">
          <span className="swatch" style={{ background: `var(--c-${colourOf(ontology, entry.id)})` }} /> {entry.name}
        </h2>
        <Anchor href={samples} className="more-link">
          Samples with it
        </Anchor>
      </div>
      <p className="quiet">
        <code>{entry.id}</code>
        {entry.parent != null && <> below {className(ontology, entry.parent)}</>}
        {entry.regions !== undefined && entry.regions.length > 0 && <>, as {entry.regions.map(kindWord).join(", ")}</>}
      </p>
      <Usage tally={tally} below={props.below} />
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          const changed = changedBy(entry, new FormData(event.currentTarget));
          const reason =
            changed.name === entry.name ? `Edit class ${entry.name}` : `Rename class ${entry.name} to ${changed.name}`;
          void saving.save(withClass(ontology, changed), held.rev, reason);
        }}
      >
        <label className="field">
          <span>Name</span>
          <input name="name" required maxLength={120} defaultValue={entry.name} autoComplete="off" />
        </label>
        <label className="field">
          <span>Synonyms, separated by commas</span>
          <input name="synonyms" defaultValue={(entry.synonyms ?? []).join(", ")} autoComplete="off" />
        </label>
        <label className="field wide">
          <span>Description</span>
          <textarea name="description" rows={2} defaultValue={entry.description ?? ""} />
        </label>
        <fieldset className="colours wide">
          <legend>Colour</legend>
          <label>
            <input type="radio" name="colour" value="" defaultChecked={entry.colour == null} />
            <span>{entry.parent == null ? "By place" : "Its parent's"}</span>
          </label>
          {PLACES.map((place) => (
            <label key={place}>
              <input type="radio" name="colour" value={place} defaultChecked={entry.colour === place} />
              <span className="swatch" style={{ background: `var(--c-${place})` }} />
              <span className="unseen">Colour </span>
              {place + 1}
            </label>
          ))}
        </fieldset>
        <p className="impact wide">{impactOf(tally)}</p>
        <button type="submit" className="primary" disabled={saving.isBusy}>
          Save
        </button>
      </form>
      <h3>Attributes</h3>
      <AttributeList attributes={entry.attributes ?? []} />
      <AttributeForm
        isBusy={saving.isBusy}
        touched={tally?.annotations ?? 0}
        onAdd={(asked) =>
          saving.save(
            withNewAttribute(ontology, entry.id, asked),
            held.rev,
            `Add attribute ${asked.name} to ${entry.name}`,
          )
        }
      />
      <h3>Below it</h3>
      <AddClass
        label={`Add a class below ${entry.name}`}
        isBusy={saving.isBusy}
        onAdd={async (name) => {
          const [grown, id] = withNewClass(ontology, name, entry.id);
          const isSaved = await saving.save(grown, held.rev, `Add class ${name} below ${entry.name}`);
          if (isSaved) onChoose(id);
          return isSaved;
        }}
      />
      <h3>Move, merge, split</h3>
      <p className="quiet">These change labels, so they need a rehearsal first. They are not possible here yet.</p>
    </section>
  );
}

function changedBy(entry: OntologyClass, form: FormData): OntologyClass {
  const { colour: _colour, ...rest } = entry;
  const colour = String(form.get("colour") ?? "");
  const changed = {
    ...rest,
    name: String(form.get("name")).trim() || entry.name,
    description: String(form.get("description")).trim(),
    synonyms: listOf(String(form.get("synonyms"))),
  };
  return colour === "" ? changed : { ...changed, colour: Number(colour) };
}

function impactOf(tally: ClassTally | undefined): string {
  const annotations = tally?.annotations ?? 0;
  const entities = tally?.entities ?? 0;
  if (annotations + entities === 0) return "Nothing is labelled with it yet";
  const what = `${counted(annotations, "annotation")}${entities > 0 ? ` and ${entities.toLocaleString()} ${entities === 1 ? "entity" : "entities"}` : ""}`;
  return `Shown at once on ${what}; none of them is changed, for they hold the id`;
}

function Usage(props: { readonly tally: ClassTally | undefined; readonly below: number }) {
  const { tally, below } = props;
  const byModality = Object.entries(tally?.by_modality ?? {});
  return (
    <dl className="counts">
      <Fact name="annotations" value={tally?.annotations ?? 0} />
      {byModality.length > 1 &&
        byModality.map(([modality, count]) => (
          <Fact
            key={modality}
            name={`on ${MODALITY_NAMES[modality as keyof typeof MODALITY_NAMES]?.toLowerCase() ?? modality}`}
            value={count ?? 0}
          />
        ))}
      <Fact name="entities" value={tally?.entities ?? 0} />
      {below > 0 && <Fact name="annotations below it" value={below} />}
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dd>{value.toLocaleString()}</dd>
      <dt>{name}</dt>
    </div>
  );
}
