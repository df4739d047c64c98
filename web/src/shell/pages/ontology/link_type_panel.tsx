/** One link type: what it may join, how often it is used, and the edits of its words. */
import type { LinkEnd, LinkType, Ontology } from "../../../model/records";
import { className } from "../../../store/ontology";
import { Anchor } from "../../parts";
import { pathOf } from "../../route";
import { counted, kindWord } from "../../words";
import { queryOf } from "../browser/filters";
import { AttributeList } from "./attributes";
import type { Editing } from "./editing";
import { withLinkType } from "./edits";

export function LinkTypePanel(props: { readonly editing: Editing; readonly type: LinkType }) {
  const { type } = props;
  const { project, held, statistics, saving } = props.editing;
  const ontology = held.record;
  const tally = statistics.link_types.find((one) => one.type_id === type.id);
  const samples = pathOf({ page: "project", project, section: "samples" }) + queryOf({ link: type.id });
  const rules = [
    type.symmetric === true ? "both directions mean the same" : "",
    type.temporal === "overlap" ? "ends overlap in time" : "",
    type.temporal === "contains" ? "the source holds the target in time" : "",
    type.spatial === "projection" ? "the source projects onto the target" : "",
    type.same_entity === true ? "both ends speak of one thing" : "",
  ].filter((rule) => rule !== "");
  return (
    <section className="panel" aria-labelledby="link-type">
      <div className="panel-head">
        <h2 id="link-type">{type.name}</h2>
        <Anchor href={samples} className="more-link">
          Samples with it
        </Anchor>
      </div>
      <p className="quiet">
        <code>{type.id}</code> {counted(tally?.links ?? 0, "link")}
        {(tally?.suspects ?? 0) > 0 && `, ${tally?.suspects.toLocaleString()} suspect`}
      </p>
      <dl className="attributes">
        <div>
          <dt>From</dt>
          <dd>{endWords(ontology, type.source)}</dd>
        </div>
        <div>
          <dt>To</dt>
          <dd>{endWords(ontology, type.target)}</dd>
        </div>
        {rules.length > 0 && (
          <div>
            <dt>Holds when</dt>
            <dd>{rules.join(", ")}</dd>
          </div>
        )}
      </dl>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const changed: LinkType = {
            ...type,
            name: String(form.get("name")).trim() || type.name,
            inverse_name: String(form.get("inverse")).trim(),
            description: String(form.get("description")).trim(),
          };
          void saving.save(withLinkType(ontology, changed), held.rev, `Edit link type ${type.name}`);
        }}
      >
        <label className="field">
          <span>Name</span>
          <input name="name" required maxLength={120} defaultValue={type.name} autoComplete="off" />
        </label>
        <label className="field">
          <span>Read backwards</span>
          <input name="inverse" maxLength={120} defaultValue={type.inverse_name ?? ""} autoComplete="off" />
        </label>
        <label className="field wide">
          <span>Description</span>
          <textarea name="description" rows={2} defaultValue={type.description ?? ""} />
        </label>
        <p className="impact wide">
          {(tally?.links ?? 0) === 0
            ? "No link of this type yet"
            : `Shown at once on ${counted(tally?.links ?? 0, "link")}; none of them is changed`}
        </p>
        <button type="submit" className="primary" disabled={saving.isBusy}>
          Save
        </button>
      </form>
      <h3>Attributes</h3>
      <AttributeList attributes={type.attributes ?? []} />
    </section>
  );
}

/** "box or polygon of Vehicle, on image". */
function endWords(ontology: Ontology, end: LinkEnd | undefined): string {
  const kinds = end?.kinds?.length ? end.kinds.map(kindWord).join(" or ") : "anything";
  const classes = end?.classes?.length ? ` of ${end.classes.map((id) => className(ontology, id)).join(" or ")}` : "";
  const modalities = end?.modalities?.length ? `, on ${end.modalities.map(kindWord).join(" or ")}` : "";
  return kinds + classes + modalities;
}
