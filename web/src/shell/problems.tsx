/** Suspect links and open findings of the sample; each leads to its culprits. */
import { newId } from "../base/ids";
import type { FindingView } from "../model/changes";
import { openFindings, suspectsOf } from "../store/derive";
import { goTo } from "./commands";
import { Icon } from "./icons";
import { causeWords, linkWords } from "./words";
import { useScene, useWorkbench } from "./workbench";

/** A list longer than this is worked through with N, not read. */
const SHOWN = 100;

export function Problems() {
  const bench = useWorkbench();
  const state = useScene();
  const suspects = suspectsOf(state.sample);
  const findings = openFindings(state.sample);
  return (
    <section className="problems" aria-label="Suspects and findings">
      <h2>
        Suspects <span className="number">{suspects.length}</span>
        <kbd>N</kbd>
      </h2>
      {suspects.length === 0 && <p className="quiet">No link is suspect</p>}
      <ul>
        {suspects.slice(0, SHOWN).map(({ record }) => (
          <li key={record.id} data-tone="suspect" data-on={state.selection.has(record.id)}>
            <button type="button" onClick={() => goTo(bench, [record.id])}>
              <Icon name="suspect" size={14} />
              <span>
                <b>{linkWords(state, record)}</b>
                <small>{record.causes?.[0] === undefined ? "" : causeWords(state, record, record.causes[0])}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <h2>
        Findings <span className="number">{findings.length}</span>
      </h2>
      {findings.length === 0 && <p className="quiet">No open findings</p>}
      <ul>
        {findings.slice(0, SHOWN).map((view) => (
          <FindingRow key={view.finding.fingerprint} view={view} />
        ))}
      </ul>
      {findings.length > SHOWN && <p className="quiet">The {SHOWN} worst are shown</p>}
    </section>
  );
}

function FindingRow({ view }: { readonly view: FindingView }) {
  const bench = useWorkbench();
  const { finding } = view;
  const settle = (decision: "waived" | "not_an_error", reason: string) =>
    bench.store.actions.edit(`Settle finding ${finding.check}`, [
      {
        op: "create",
        record: {
          kind: "verdict",
          id: newId(),
          sample: finding.sample,
          fingerprint: finding.fingerprint,
          decision,
          reason,
        },
      },
    ]);
  return (
    <li data-tone={finding.severity}>
      <button
        type="button"
        onClick={() => {
          const [first] = finding.culprits;
          if (first?.at_ns != null && first.stream != null) {
            bench.playhead.seek(bench.playhead.toTimeline(first.stream, first.at_ns));
          }
          goTo(
            bench,
            finding.culprits.map((culprit) => culprit.id),
          );
        }}
      >
        <Icon name="finding" size={14} />
        <span>
          <b>{finding.message}</b>
          <small>
            {finding.severity}, {finding.check}
            {finding.hint ? `. ${finding.hint}` : ""}
          </small>
        </span>
      </button>
      <details className="settle">
        <summary>Settle</summary>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const reason = new FormData(event.currentTarget).get("reason");
            if (typeof reason === "string" && reason.trim() !== "") settle("waived", reason.trim());
          }}
        >
          <input name="reason" required aria-label="Why it may stay" placeholder="Why it may stay" />
          <button type="submit">Waive</button>
          <button type="button" onClick={() => settle("not_an_error", "")}>
            Not an error
          </button>
        </form>
      </details>
    </li>
  );
}
