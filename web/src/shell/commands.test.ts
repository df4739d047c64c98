import { describe, expect, it } from "vitest";
import { COMMANDS, keyLabel } from "./commands";

describe("commands", () => {
  it("have ids and keys of their own", () => {
    const ids = COMMANDS.map((command) => command.id);
    expect(new Set(ids).size).toBe(ids.length);
    // A key may have several meanings, told apart by what they ask for; one of them at most asks for nothing.
    const always = COMMANDS.filter((command) => command.when === undefined).flatMap((command) => command.keys);
    expect(new Set(always).size).toBe(always.length);
  });

  it("name their keys for people", () => {
    expect(keyLabel("$mod+Shift+z")).toBe("Ctrl+Shift+Z");
    expect(keyLabel("Alt+Shift+ArrowRight")).toBe("Alt+Shift+→");
  });
});
