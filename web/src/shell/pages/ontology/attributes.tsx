/** The attributes of a class or link type, and the form for a further one. */
import { useState } from "react";
import type { Attribute, AttributeType } from "../../../model/records";
import { counted } from "../../words";
import { listOf } from "./edits";

const TYPES: readonly (readonly [AttributeType, string])[] = [
  ["choice", "One of"],
  ["choices", "Several of"],
  ["boolean", "Yes or no"],
  ["number", "Number"],
  ["text", "Text"],
];

export function AttributeList({ attributes }: { readonly attributes: readonly Attribute[] }) {
  if (attributes.length === 0) return <p className="quiet">None of its own</p>;
  return (
    <dl className="attributes">
      {attributes.map((one) => (
        <div key={one.id}>
          <dt>
            {one.name}
            {one.required === true && <small> required</small>}
          </dt>
          <dd>{valuesOf(one)}</dd>
        </div>
      ))}
    </dl>
  );
}

function valuesOf(attribute: Attribute): string {
  const type = attribute.type ?? "choice";
  const name = TYPES.find(([id]) => id === type)?.[1] ?? type;
  if (type === "number" && (attribute.minimum != null || attribute.maximum != null)) {
    return `${name}, ${attribute.minimum ?? "…"} to ${attribute.maximum ?? "…"}`;
  }
  return type === "choice" || type === "choices" ? `${name} ${(attribute.values ?? []).join(", ")}` : name;
}

export function AttributeForm(props: {
  readonly isBusy: boolean;
  /** Annotations that may answer it from then on. */
  readonly touched: number;
  readonly onAdd: (asked: Omit<Attribute, "id">) => Promise<boolean>;
}) {
  const [type, setType] = useState<AttributeType>("choice");
  const hasValues = type === "choice" || type === "choices";
  return (
    <details>
      <summary>Add an attribute</summary>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const name = String(form.get("name")).trim();
          if (name !== "") {
            void props.onAdd({ name, type, ...(hasValues ? { values: listOf(String(form.get("values"))) } : {}) });
          }
        }}
      >
        <label className="field">
          <span>Name</span>
          <input name="name" required maxLength={120} autoComplete="off" />
        </label>
        <label className="field">
          <span>Answer</span>
          <select value={type} onChange={(event) => setType(event.target.value as AttributeType)}>
            {TYPES.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {hasValues && (
          <label className="field wide">
            <span>Values, separated by commas</span>
            <input name="values" required autoComplete="off" />
          </label>
        )}
        <p className="impact wide">
          {props.touched === 0
            ? "Nothing is labelled with it yet"
            : `${counted(props.touched, "annotation")} can answer it from then on; none is changed`}
        </p>
        <button type="submit" disabled={props.isBusy}>
          Add the attribute
        </button>
      </form>
    </details>
  );
}
