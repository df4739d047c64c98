/** Commands of review. While it is on, single letters give verdicts; elsewhere they mean what they always do. */
import type { WorkspaceState } from "../../store/workspace";
import type { Command } from "../command";
import type { Workbench } from "../workbench";
import type { ReviewSession } from "./review_session";

type Sessions = typeof import("./review_session");

let sessions: Sessions | null = null;

/** The session comes when review is first begun; from then on keys act at once, one after another. */
function inReview(does: (session: ReviewSession, bench: Workbench) => void): (bench: Workbench) => void {
  return (bench) => {
    if (sessions !== null) does(sessions.reviewOf(bench.project), bench);
    else
      void import("./review_session").then((loaded) => {
        sessions = loaded;
        does(loaded.reviewOf(bench.project), bench);
      });
  };
}

const askNote = inReview((session, bench) => session.askNote(bench));

const when = (state: WorkspaceState) => state.reviewing;

export const REVIEW_COMMANDS: readonly Command[] = [
  {
    id: "review.toggle",
    title: "Review: begin, go on, or leave",
    group: "Review",
    keys: ["Shift+V"],
    icon: "check",
    run: inReview((session, bench) => {
      session.toggle(bench);
      if (session.state.isOn) setTimeout(() => document.getElementById("side-tab-review")?.focus(), 0);
    }),
  },
  {
    id: "review.accept",
    title: "Confirm, waive or accept",
    group: "Review",
    keys: ["a"],
    when,
    run: inReview((session, bench) => session.verdict(bench, "accept")),
  },
  {
    id: "review.reject",
    title: "Retract, not an error, or send back",
    group: "Review",
    keys: ["r"],
    when,
    run: inReview((session, bench) => session.verdict(bench, "reject")),
  },
  {
    id: "review.edit",
    title: "Edit what is under review",
    group: "Review",
    keys: ["e"],
    when,
    run: inReview((session, bench) => session.edit(bench)),
  },
  {
    id: "review.note",
    title: "Write a note",
    group: "Review",
    keys: ["n"],
    when,
    run: (bench) => {
      // At once: what is typed next belongs to the note, and letters are verdicts.
      document.getElementById("review-note")?.focus();
      askNote(bench);
    },
  },
  {
    id: "review.skip",
    title: "Skip",
    group: "Review",
    keys: ["s"],
    when,
    run: inReview((session, bench) => session.skip(bench)),
  },
  {
    id: "review.blink",
    title: "Blink: as it was judged, as it is",
    group: "Review",
    keys: ["b"],
    when,
    run: inReview((session, bench) => session.blink(bench)),
  },
];
