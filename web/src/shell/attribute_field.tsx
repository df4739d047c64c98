/** The control for one attribute of an annotation, an entity or a link, by the attribute's type. */
import type { Annotation, Attribute, AttributeValue, Entity, Link } from "../model/records";
import { useWorkbench } from "./workbench";

export function AttributeField(props: { readonly attribute: Attribute; readonly thing: Annotation | Entity | Link }) {
  const { attribute, thing } = props;
  const { store } = useWorkbench();
  const value = thing.attributes?.[attribute.id] ?? attribute.default ?? undefined;
  const save = (next: AttributeValue | undefined) => {
    const { [attribute.id]: _old, ...rest } = thing.attributes ?? {};
    const attributes = next === undefined ? rest : { ...rest, [attribute.id]: next };
    store.actions.update(`Set ${attribute.name}`, [{ ...thing, attributes }]);
  };
  const type = attribute.type ?? "choice";
  const label = `${attribute.name}${attribute.required ? " (required)" : ""}`;
  if (type === "boolean") {
    return (
      <label className="field field-row">
        <input type="checkbox" checked={value === true} onChange={(event) => save(event.target.checked)} />
        <span>{label}</span>
      </label>
    );
  }
  if (type === "choice") {
    return (
      <label className="field">
        <span>{label}</span>
        <select
          value={typeof value === "string" ? value : ""}
          onChange={(event) => save(event.target.value || undefined)}
        >
          <option value="">Not said</option>
          {(attribute.values ?? []).map((entry) => (
            <option key={entry}>{entry}</option>
          ))}
        </select>
      </label>
    );
  }
  if (type === "choices") {
    const chosen = new Set(Array.isArray(value) ? (value as readonly string[]) : []);
    const toggle = (entry: string, isOn: boolean) =>
      save((attribute.values ?? []).filter((each) => (each === entry ? isOn : chosen.has(each))));
    return (
      <fieldset className="field">
        <legend>{label}</legend>
        {(attribute.values ?? []).map((entry) => (
          <label key={entry} className="field-row">
            <input
              type="checkbox"
              checked={chosen.has(entry)}
              onChange={(event) => toggle(entry, event.target.checked)}
            />
            <span>{entry}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  const read = (text: string): AttributeValue | undefined =>
    text === "" ? undefined : type === "number" ? Number(text) : text;
  return (
    <label className="field">
      <span>{label}</span>
      <input
        key={String(value ?? "")}
        type={type === "number" ? "number" : "text"}
        step="any"
        min={attribute.minimum ?? undefined}
        max={attribute.maximum ?? undefined}
        defaultValue={String(value ?? "")}
        onBlur={(event) => {
          const next = read(event.target.value);
          if (next !== value && !Number.isNaN(next)) save(next);
        }}
      />
    </label>
  );
}
