/** The kinds of work that review offers now. */
import { newId } from "../../base/ids";
import { isSuspect, openFindings, suspectsOf } from "../../store/derive";
import { lookUp } from "../../store/sample";
import { linkWords } from "../words";
import type { QueueSource } from "./queue";

const SUSPECTS: QueueSource = {
  id: "suspects",
  title: "Suspects",
  icon: "suspect",
  verdicts: { accept: "Confirm", reject: "Retract" },
  countOf: (summary) => summary.suspects,
  itemsOf: (state) =>
    suspectsOf(state.sample).map(({ record }) => ({
      key: record.id,
      source: "suspects",
      title: linkWords(state, record),
      ids: [record.id],
    })),
  settle: (store, item, decision) => {
    const [id = ""] = item.ids;
    if (decision === "reject") store.actions.remove([id]);
    else store.actions.confirmLink(id);
    const link = store.getState().sample?.links.get(id)?.record;
    return link !== undefined && isSuspect(link) ? "refused" : "done";
  },
};

const FINDINGS: QueueSource = {
  id: "findings",
  title: "Findings",
  icon: "finding",
  verdicts: { accept: "Waive", reject: "Not an error" },
  countOf: (summary) => summary.findings,
  itemsOf: ({ sample }) =>
    openFindings(sample).map(({ finding }) => {
      const [first] = finding.culprits;
      return {
        key: finding.fingerprint,
        source: "findings",
        title: finding.message,
        ids: finding.culprits.map(({ id }) => id).filter((id) => sample !== null && lookUp(sample, id) !== undefined),
        at: first?.stream != null && first.at_ns != null ? { stream: first.stream, at_ns: first.at_ns } : null,
      };
    }),
  settle: (store, item, decision, note) => {
    const { sample } = store.getState();
    if (sample === null) return "refused";
    // What may stay needs a reason; what is no error needs none.
    if (decision === "accept" && note === "") return "needs_note";
    store.actions.edit("Settle a finding", [
      {
        op: "create",
        record: {
          kind: "verdict",
          id: newId(),
          sample: sample.sample.record.id,
          fingerprint: item.key,
          decision: decision === "accept" ? "waived" : "not_an_error",
          ...(note === "" ? {} : { reason: note }),
        },
      },
    ]);
    store.actions.notify(decision === "accept" ? "Waived" : "Settled: not an error", { canUndo: true });
    return "done";
  },
};

const SAMPLES: QueueSource = {
  id: "samples",
  title: "Whole samples",
  icon: "image",
  verdicts: { accept: "Accept", reject: "Send back" },
  countOf: (summary) => (summary.state === "submitted" ? 1 : 0),
  itemsOf: ({ sample }) =>
    sample?.sample.record.state === "submitted"
      ? [
          {
            key: `sample ${sample.sample.record.id}`,
            source: "samples",
            title: `All of ${sample.sample.record.key}`,
            ids: [],
          },
        ]
      : [],
  settle: (store, _item, decision) => {
    store.actions.setSampleState(decision === "accept" ? "accepted" : "in_progress");
    store.actions.notify(decision === "accept" ? "Sample accepted" : "Sample sent back", { canUndo: true });
    return "done";
  },
};

export const SOURCES: readonly QueueSource[] = [SUSPECTS, FINDINGS, SAMPLES];
