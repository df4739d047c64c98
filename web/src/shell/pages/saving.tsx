/** Writes one record of the project as a change set and says what became of it; the same note takes it back. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newId } from "../../base/ids";
import type { Outcome } from "../../model/changes";
import type { AnyRecord } from "../../model/records";
import { Api } from "../../store/api";

interface Note {
  readonly text: string;
  readonly isError: boolean;
  readonly seq: number | null;
}

export interface Saving {
  readonly note: Note | null;
  readonly isBusy: boolean;
  /** True when it was written (or nothing differed). */
  save(record: AnyRecord, base: string, reason: string): Promise<boolean>;
  undo(): Promise<void>;
}

/** Queries below ["project"], ["ontology"] and the like are asked again after each write. */
export function useSaving(project: string): Saving {
  const queries = useQueryClient();
  const [note, setNote] = useState<Note | null>(null);
  const [isBusy, setBusy] = useState(false);
  const settle = async (work: () => Promise<Outcome | undefined>, done: string, canUndo: boolean) => {
    setBusy(true);
    try {
      const outcome = await work();
      const isWritten = outcome?.state === "committed" || outcome?.state === "unchanged";
      setNote({
        text: isWritten ? (outcome.state === "unchanged" ? "Nothing differs" : done) : refusal(outcome),
        isError: !isWritten,
        seq: canUndo && outcome?.state === "committed" ? (outcome.seq ?? null) : null,
      });
      return isWritten;
    } catch (error) {
      setNote({ text: error instanceof Error ? error.message : String(error), isError: true, seq: null });
      return false;
    } finally {
      await queries.invalidateQueries();
      setBusy(false);
    }
  };
  return {
    note,
    isBusy,
    save: (record, base, reason) =>
      settle(
        async () => {
          const changeSet = { id: newId(), ops: [{ op: "update", record, base } as const], reason };
          return (await new Api(project).send([changeSet])).outcomes[0];
        },
        `Saved: ${reason}`,
        true,
      ),
    undo: async () => {
      const seq = note?.seq;
      if (seq != null) await settle(() => new Api(project).undo(seq, newId()), "Taken back", false);
    },
  };
}

function refusal(outcome: Outcome | undefined): string {
  if (outcome?.state === "stale") {
    const by = outcome.stale?.[0]?.head_by;
    return `Not saved: ${by || "someone"} changed it meanwhile. What you see now is the newest state`;
  }
  const error = outcome?.errors?.[0];
  return error === undefined
    ? "Not saved"
    : `Not saved: ${[error.message, error.where, error.hint].filter(Boolean).join(", ")}`;
}

export function SavingNote({ saving }: { readonly saving: Saving }) {
  const { note } = saving;
  return (
    <div className="saving" role="status">
      {note !== null && (
        <p className="note" data-tone={note.isError ? "error" : "good"}>
          {note.text}
          {note.seq !== null && (
            <button type="button" disabled={saving.isBusy} onClick={() => void saving.undo()}>
              Undo
            </button>
          )}
        </p>
      )}
    </div>
  );
}
