/** The formats that can be read, as they describe themselves, and the options of the chosen one. */
import { useState } from "react";
import type { FormatInfo } from "../../../model/statistics";

export function FormatStep(props: {
  readonly formats: readonly FormatInfo[];
  readonly chosen: FormatInfo | null;
  readonly options: Readonly<Record<string, string>>;
  readonly onChoose: (format: FormatInfo) => void;
  readonly onOption: (name: string, value: string) => void;
}) {
  const { chosen, options } = props;
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const shown = props.formats.filter((one) => `${one.title} ${one.id} ${one.purpose}`.toLowerCase().includes(wanted));
  return (
    <>
      <input
        type="search"
        aria-label="Search formats"
        placeholder="Search formats"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <fieldset className="formats">
        <legend className="unseen">Format</legend>
        {shown.map((one) => (
          <label key={one.id}>
            <input type="radio" name="format" checked={chosen?.id === one.id} onChange={() => props.onChoose(one)} />
            <span>
              <b>{one.title}</b>
              <small>{one.purpose}</small>
            </span>
          </label>
        ))}
        {shown.length === 0 && <p className="quiet">No format fits</p>}
      </fieldset>
      {chosen !== null && (
        <div className="chosen">
          <p>
            <b>{chosen.title}</b> expects, for example: <code>{chosen.example}</code>
          </p>
          {chosen.options.map((option) => (
            <div key={option.name} className="field">
              <span id={`option-${option.name}`}>
                {option.name}: {option.meaning}
              </span>
              {option.values.length > 0 ? (
                <select
                  aria-labelledby={`option-${option.name}`}
                  value={options[option.name] ?? ""}
                  onChange={(event) => props.onOption(option.name, event.target.value)}
                >
                  <option value="">As the format does by itself</option>
                  {option.values.map((value) => (
                    <option key={value} value={value}>
                      {value}
                    </option>
                  ))}
                </select>
              ) : (
                <input
                  aria-labelledby={`option-${option.name}`}
                  value={options[option.name] ?? ""}
                  onChange={(event) => props.onOption(option.name, event.target.value)}
                />
              )}
            </div>
          ))}
        </div>
      )}
    </>
  );
}
