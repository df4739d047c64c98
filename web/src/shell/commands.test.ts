import { describe, expect, it } from "vitest";
import { COMMANDS, keyLabel } from "./commands";

describe("commands", () => {
  it("have ids and keys of their own", () => {
    const ids = COMMANDS.map((command) => command.id);
    // Review is a mode: its letters may mean something else outside it.
    const keys = COMMANDS.filter(({ group }) => group !== "Review").flatMap((command) => command.keys);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("name their keys for people", () => {
    expect(keyLabel("$mod+Shift+z")).toBe("Ctrl+Shift+Z");
    expect(keyLabel("Alt+Shift+ArrowRight")).toBe("Alt+Shift+→");
  });
});
