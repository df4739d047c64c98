/** Which files: one to send (a zip of a folder, or a single file), or a path on the server's own disk. */
import { useState } from "react";

export function SourceStep(props: {
  readonly isLocal: boolean;
  readonly source: File | string;
  readonly layer: string;
  readonly onSource: (source: File | string) => void;
  readonly onLayer: (layer: string) => void;
}) {
  const { source } = props;
  const [isPath, setPath] = useState(false);
  return (
    <>
      {props.isLocal && (
        <fieldset className="switch">
          <legend className="unseen">Where the files are</legend>
          {[false, true].map((value) => (
            <label key={String(value)}>
              <input
                type="radio"
                name="where"
                className="unseen"
                checked={isPath === value}
                onChange={() => {
                  setPath(value);
                  props.onSource("");
                }}
              />
              <span>{value ? "A path on this computer" : "Send a file"}</span>
            </label>
          ))}
        </fieldset>
      )}
      {isPath ? (
        <label className="field">
          <span>Folder, file or zip</span>
          <input
            value={typeof source === "string" ? source : ""}
            placeholder="/data/pictures"
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => props.onSource(event.target.value)}
          />
        </label>
      ) : (
        <label
          className="field drop"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            const [file] = event.dataTransfer.files;
            if (file !== undefined) props.onSource(file);
          }}
        >
          <span>A zip of the folder, or a single file. It can be dropped here</span>
          <input
            type="file"
            onChange={(event) => {
              const file = event.target.files?.[0];
              props.onSource(file ?? "");
            }}
          />
          {source instanceof File && (
            <small>
              {source.name}, {(source.size / 1e6).toLocaleString([], { maximumFractionDigits: 1 })} MB
            </small>
          )}
        </label>
      )}
      <label className="field">
        <span>Layer to write into (your own when empty)</span>
        <input value={props.layer} maxLength={200} onChange={(event) => props.onLayer(event.target.value)} />
      </label>
    </>
  );
}
