/** What the panels of the ontology share: the record they edit, and the field for a new class. */
import type { Versioned } from "../../../model/changes";
import type { Ontology } from "../../../model/records";
import type { ProjectStatistics } from "../../../model/statistics";
import type { Saving } from "../saving";

export interface Editing {
  readonly project: string;
  readonly held: Versioned<Ontology>;
  readonly statistics: ProjectStatistics;
  readonly saving: Saving;
}

export function AddClass(props: {
  readonly label: string;
  readonly isBusy: boolean;
  readonly onAdd: (name: string) => Promise<boolean>;
}) {
  return (
    <form
      className="add"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const name = String(new FormData(form).get("name")).trim();
        if (name !== "") void props.onAdd(name).then((isSaved) => isSaved && form.reset());
      }}
    >
      <input
        name="name"
        required
        maxLength={120}
        aria-label={props.label}
        placeholder={props.label}
        autoComplete="off"
      />
      <button type="submit" disabled={props.isBusy}>
        Add
      </button>
    </form>
  );
}
