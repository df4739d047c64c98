/** Five steps on a demo sample: select, link, break it, see the suspect, fix it. Each ends when the person has done it. */
import { useEffect, useRef, useState } from "react";
import { suspectsOf } from "../store/derive";
import type { WorkspaceState } from "../store/workspace";
import { useScene } from "./workbench";

interface Step {
  readonly title: string;
  readonly text: string;
  /** Whether the step is done, given the state in which it began. */
  isDone(now: WorkspaceState, then: WorkspaceState): boolean;
}

const STEPS: readonly Step[] = [
  {
    title: "Select",
    text: "Pick a region or a phrase. What it is linked to lights up in every pane.",
    isDone: (now) => now.selection.size > 0,
  },
  {
    title: "Link",
    text: "Press L, then pick what it goes with. Only what may be linked stays bright.",
    isDone: (now, then) => (now.sample?.links.size ?? 0) > (then.sample?.links.size ?? 0),
  },
  {
    title: "Break it",
    text: "Move a linked box, or give it another class. The link was judged on what it was before.",
    isDone: (now, then) => suspectsOf(now.sample).length > suspectsOf(then.sample).length,
  },
  {
    title: "See the suspect",
    text: "Press N. Braid says what changed, who did it and by how much.",
    isDone: (now) => suspectsOf(now.sample).some(({ record }) => now.selection.has(record.id)),
  },
  {
    title: "Fix it",
    text: "Press A to confirm the link as it is now, or Ctrl+Z until the box is back.",
    isDone: (now, then) => suspectsOf(now.sample).length < suspectsOf(then.sample).length,
  },
];

export function Tour({ onClose }: { readonly onClose: () => void }) {
  const state = useScene();
  const [at, setAt] = useState(0);
  const began = useRef(state);
  const step = STEPS[at];
  const isDone = step?.isDone(state, began.current) ?? false;
  useEffect(() => {
    if (!isDone) return;
    began.current = state;
    setAt((place) => place + 1);
  }, [isDone, state]);
  return (
    <aside className="tour" aria-label="Tour" aria-live="polite">
      <ol>
        {STEPS.map((entry, index) => (
          <li key={entry.title} data-on={index === at} data-done={index < at}>
            {entry.title}
          </li>
        ))}
      </ol>
      <p>{step?.text ?? "That is the whole idea: a link knows what it was judged on. All of it is in the history."}</p>
      <div className="actions">
        {step !== undefined && (
          <button type="button" className="ghost" onClick={() => setAt(at + 1)}>
            Skip
          </button>
        )}
        <button type="button" className={step === undefined ? "primary" : "ghost"} onClick={onClose}>
          {step === undefined ? "Done" : "End the tour"}
        </button>
      </div>
    </aside>
  );
}
