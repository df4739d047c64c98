/** Commands of review. While it is on, single letters give verdicts; elsewhere they mean what they always do. */
import type { WorkspaceState } from "../../store/workspace";
import type { Command } from "../command";
import { reviewOf } from "./review_session";

const when = (state: WorkspaceState) => state.reviewing;

export const REVIEW_COMMANDS: readonly Command[] = [
  {
    id: "review.toggle",
    title: "Review: begin, go on, or leave",
    group: "Review",
    keys: ["Shift+V"],
    icon: "check",
    run: (bench) => reviewOf(bench.project).toggle(bench),
  },
  {
    id: "review.accept",
    title: "Confirm, waive or accept",
    group: "Review",
    keys: ["a"],
    when,
    run: (bench) => reviewOf(bench.project).verdict(bench, "accept"),
  },
  {
    id: "review.reject",
    title: "Retract, not an error, or send back",
    group: "Review",
    keys: ["r"],
    when,
    run: (bench) => reviewOf(bench.project).verdict(bench, "reject"),
  },
  {
    id: "review.edit",
    title: "Edit what is under review",
    group: "Review",
    keys: ["e"],
    when,
    run: (bench) => reviewOf(bench.project).edit(bench),
  },
  {
    id: "review.note",
    title: "Write a note",
    group: "Review",
    keys: ["n"],
    when,
    run: (bench) => reviewOf(bench.project).askNote(bench),
  },
  {
    id: "review.skip",
    title: "Skip",
    group: "Review",
    keys: ["s"],
    when,
    run: (bench) => reviewOf(bench.project).skip(bench),
  },
  {
    id: "review.blink",
    title: "Blink: as it was judged, as it is",
    group: "Review",
    keys: ["b"],
    when,
    run: (bench) => reviewOf(bench.project).blink(bench),
  },
];
