/** Short notices with an undo, and the cards of refused edits. */
import { useEffect } from "react";
import type { AnyRecord } from "../model/records";
import type { Conflict, Notice } from "../store/workspace";
import { Icon } from "./icons";
import { fieldWord, kindWord, nameOf, timeOf } from "./words";
import { useScene, useWorkbench, useWorkspace } from "./workbench";

const SHOWN_MS = 6000;

export function Notices() {
  const notices = useWorkspace((state) => state.notices);
  return (
    <div className="notices" role="log" aria-live="polite" aria-label="Notices">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { store } = useWorkbench();
  useEffect(() => {
    const timer = setTimeout(() => store.actions.dismissNotice(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [store, notice.id]);
  return (
    <div className="notice" data-tone={notice.tone}>
      <Icon name={notice.tone === "error" ? "suspect" : "check"} />
      <span>{notice.text}</span>
      {notice.canUndo && (
        <button
          type="button"
          onClick={() => {
            store.actions.undo();
            store.actions.dismissNotice(notice.id);
          }}
        >
          Undo <kbd>Ctrl+Z</kbd>
        </button>
      )}
      <button type="button" className="ghost" onClick={() => store.actions.dismissNotice(notice.id)}>
        <Icon name="close" size={13} />
        <span className="unseen">Dismiss</span>
      </button>
    </div>
  );
}

export function Conflicts() {
  const conflicts = useWorkspace((state) => state.conflicts);
  const [first] = conflicts;
  return first === undefined ? null : <ConflictCard conflict={first} count={conflicts.length} />;
}

function ConflictCard({ conflict, count }: { readonly conflict: Conflict; readonly count: number }) {
  const { store } = useWorkbench();
  const state = useScene();
  return (
    <section className="conflict" role="alertdialog" aria-label="Two versions of one thing">
      <h2>Someone else changed this first {count > 1 && <span className="number">{count}</span>}</h2>
      {conflict.stale.map((stale) => {
        const op = conflict.changeSet.ops.find(
          (entry) => (entry.op === "delete" ? entry.id : entry.record.id) === stale.id,
        );
        const mine = op === undefined || op.op === "delete" ? null : op.record;
        return (
          <div key={stale.id}>
            <p>
              {nameOf(state, stale.id)}
              {stale.head_by && `, by ${stale.head_by}`}
              {stale.head_at_ns && ` at ${timeOf(stale.head_at_ns)}`}
            </p>
            <table>
              <thead>
                <tr>
                  <th scope="col">Field</th>
                  <th scope="col">Mine</th>
                  <th scope="col">Theirs</th>
                </tr>
              </thead>
              <tbody>
                {differing(mine, stale.head).map(([field, own, other]) => (
                  <tr key={field}>
                    <th scope="row">{fieldWord(field)}</th>
                    <td>{own}</td>
                    <td>{other}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      })}
      <div className="actions">
        <button type="button" className="primary" onClick={() => store.actions.keepMine(conflict.id)}>
          Keep mine, as a new version
        </button>
        <button type="button" onClick={() => store.actions.takeTheirs(conflict.id)}>
          Take theirs
        </button>
      </div>
    </section>
  );
}

function differing(mine: AnyRecord | null, theirs: AnyRecord | null): readonly (readonly [string, string, string])[] {
  if (mine === null || theirs === null) {
    return [["record", mine === null ? "deleted" : "kept", theirs === null ? "deleted" : "kept"]];
  }
  const [own, other] = [mine as unknown as Record<string, unknown>, theirs as unknown as Record<string, unknown>];
  return [...new Set([...Object.keys(own), ...Object.keys(other)])]
    .filter((key) => JSON.stringify(own[key]) !== JSON.stringify(other[key]))
    .map((key) => [key, valueWords(own[key]), valueWords(other[key])]);
}

function valueWords(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value !== "object") return String(value);
  const { type, ...rest } = value as { type?: string };
  const numbers = Object.entries(rest).map(([key, member]) => `${key.replace(/_px$/, "")} ${JSON.stringify(member)}`);
  return `${type === undefined ? "" : `${kindWord(type)} `}${numbers.join(", ")}`.slice(0, 160);
}
