import { describe, expect, it } from "vitest";
import { createWorkspaceStore } from "../store/workspace";
import type { Command } from "./command";
import { COMMANDS } from "./commands";
import { commandFor } from "./shortcuts";

const run = () => {};

describe("what a key does", () => {
  const commands: readonly Command[] = [
    { id: "everywhere", title: "", group: "Edit", keys: ["a"], run },
    { id: "review", title: "", group: "Review", keys: ["a"], when: (state) => state.reviewing, run },
    { id: "narrow", title: "", group: "Edit", keys: ["z"], when: () => false, run },
  ];
  const store = createWorkspaceStore();

  it("depends on the context: a command whose context holds goes first", () => {
    expect(commandFor(commands, "a", store.getState())?.id).toBe("everywhere");
    store.actions.setReviewing(true);
    expect(commandFor(commands, "a", store.getState())?.id).toBe("review");
    expect(commandFor(commands, "z", store.getState())).toBeUndefined();
  });

  it("is never two things at once: keys that are shared have contexts", () => {
    const free = COMMANDS.filter((command) => command.when === undefined).flatMap((command) => command.keys);
    expect(free.length).toBe(new Set(free).size);
  });
});
