import { describe, expect, it } from "vitest";
import { COMMANDS, keyLabel } from "./commands";
import { commandsByKey } from "./shortcuts";

describe("commands", () => {
  it("have ids and keys of their own", () => {
    const ids = COMMANDS.map((command) => command.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [keys, commands] of commandsByKey(COMMANDS)) {
      // Several meanings of a key are told apart by what they ask for; the one that asks for nothing comes last.
      const always = commands.filter((command) => command.when === undefined);
      expect(always.length, keys).toBeLessThanOrEqual(1);
      if (always.length === 1) expect(commands.at(-1), keys).toBe(always[0]);
    }
  });

  it("name their keys for people", () => {
    expect(keyLabel("$mod+Shift+z")).toBe("Ctrl+Shift+Z");
    expect(keyLabel("Alt+Shift+ArrowRight")).toBe("Alt+Shift+→");
  });
});
