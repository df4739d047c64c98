/** Commands of links and of the link list. */
import { suspectsOf } from "../../store/derive";
import type { Command } from "../command";
import type { Workbench } from "../workbench";
import { toggleLinkList } from "./list_state";

function confirmNext(bench: Workbench): void {
  const { sample, selection } = bench.store.getState();
  const suspects = suspectsOf(sample);
  const chosen =
    suspects.find(({ record }) => selection.has(record.id)) ??
    suspects.find(({ record }) => selection.has(record.source.id) || selection.has(record.target.id));
  if (chosen === undefined) bench.store.actions.notify("Select a suspect link first, for example with N");
  else {
    bench.store.actions.confirmLink(chosen.record.id);
    bench.announce("Link confirmed");
  }
}

export const LINK_COMMANDS: readonly Command[] = [
  {
    id: "link.start",
    title: "Link…",
    group: "Link",
    keys: ["l"],
    icon: "link",
    run: ({ store }) => store.actions.startLink(),
  },
  {
    id: "link.repeat",
    title: "Link again with the last type",
    group: "Link",
    keys: ["Shift+L"],
    run: ({ store }) => store.actions.startLink(true),
  },
  {
    id: "link.confirm",
    title: "Confirm the suspect link",
    group: "Link",
    keys: ["a"],
    icon: "check",
    run: confirmNext,
  },
  {
    id: "link.list",
    title: "List of links",
    group: "Link",
    keys: ["Shift+Semicolon"],
    run: ({ announce }) => announce(toggleLinkList() ? "Link list opened" : "Link list closed"),
  },
  {
    id: "proposal.next",
    title: "Next proposed link",
    group: "Link",
    keys: ["Semicolon"],
    run: ({ proposals }) => void proposals.next(),
  },
  {
    id: "proposal.accept",
    title: "Accept the proposed link",
    group: "Link",
    keys: ["Quote"],
    run: ({ proposals }) => proposals.accept(),
  },
  {
    id: "proposal.dismiss",
    title: "Dismiss the proposed link",
    group: "Link",
    keys: ["Backslash"],
    run: ({ proposals }) => proposals.dismiss(),
  },
];
