/** How much of each text and picture is tied to something else. */
import { useMemo } from "react";
import { className } from "../../store/ontology";
import { nextUngrounded } from "../commands";
import { useScene, useWorkbench } from "../workbench";
import { coverage } from "./coverage";

export function CoverageLines() {
  const bench = useWorkbench();
  const { sample, ontology } = useScene();
  const lines = useMemo(() => (sample === null ? [] : coverage(sample)), [sample]);
  if (sample === null || lines.length === 0) return null;
  const isWhole = lines.every((line) => line.noun === "region" || line.grounded === line.total);
  return (
    <div className="coverage">
      <ul aria-label="Coverage">
        {lines.slice(0, 6).map((line) => {
          const carrier = sample.annotations.get(line.id)?.record;
          const name =
            carrier === undefined ? sample.streams.get(line.id)?.record.name : className(ontology, carrier.class_id);
          return (
            <li key={line.id} data-whole={line.grounded === line.total}>
              <span title={carrier?.text ?? ""}>{carrier?.text ?? name}</span>
              <meter min={0} max={line.total} value={line.grounded} aria-hidden="true" />
              <span>
                {line.grounded} of {line.total} {line.noun}
                {line.total === 1 ? "" : "s"}
                <span className="unseen"> grounded</span>
              </span>
            </li>
          );
        })}
      </ul>
      {!isWhole && (
        <button type="button" className="ghost" onClick={() => nextUngrounded(bench)}>
          Next ungrounded phrase <kbd>G</kbd>
        </button>
      )}
    </div>
  );
}
