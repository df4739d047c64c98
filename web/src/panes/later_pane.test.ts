import { describe, expect, it } from "vitest";
import { LaterPane } from "./later_pane";
import type { Pane } from "./pane";

function recorder(): Pane & { readonly seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    mount: () => seen.push("mount"),
    resize: (width, height) => seen.push(`resize ${width} ${height}`),
    anchorOf: () => null,
    run: (id) => id === "known",
    dispose: () => seen.push("dispose"),
  };
}

const host = { dataset: {} } as HTMLElement;

describe("a pane that comes later", () => {
  it("is mounted once it is there, with the size that it has by then", async () => {
    const pane = recorder();
    const later = new LaterPane(() => Promise.resolve(pane));
    later.mount(host);
    later.resize(3, 4);
    later.resize(5, 6);
    expect(later.run("known")).toBe(false);
    await Promise.resolve();
    expect(pane.seen).toEqual(["mount", "resize 5 6"]);
    expect(later.run("known")).toBe(true);
    later.dispose();
    expect(pane.seen.at(-1)).toBe("dispose");
  });

  it("never mounts when it went before", async () => {
    const pane = recorder();
    const later = new LaterPane(() => Promise.resolve(pane));
    later.mount(host);
    later.dispose();
    await Promise.resolve();
    expect(pane.seen).toEqual([]);
  });

  it("says so when its code does not come", async () => {
    const failed = { dataset: {} as Record<string, string> };
    const later = new LaterPane(() => Promise.reject(new Error("offline")));
    later.mount(failed as unknown as HTMLElement);
    await new Promise((done) => setTimeout(done));
    expect(failed.dataset["problem"]).toContain("offline");
  });
});
