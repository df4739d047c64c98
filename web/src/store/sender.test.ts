import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import type { ChangeSet, Outcome } from "../model/changes";
import { ApiError } from "./api";
import { IndexedOutbox, type OutboxStorage } from "./outbox";
import { Sender, type SyncState } from "./sender";
import { MemoryOutbox } from "./testing/memory_outbox";

const away = new ApiError(0, { code: "offline", message: "away", where: "", hint: "" });

/** A server that can be away, and a clock that only moves when told. */
function rig(storage: OutboxStorage) {
  const received: string[] = [];
  const states: SyncState[] = [];
  const outcomes: Outcome[] = [];
  const retries: (() => void)[] = [];
  const server = { isAway: false, refuse: false };
  const sender = new Sender({
    project: "p",
    storage,
    send: async (set) => {
      if (server.isAway) throw away;
      if (server.refuse) throw new ApiError(422, { code: "invalid_input", message: "no", where: "", hint: "" });
      received.push(set.id);
      return { id: set.id, state: "committed", seq: received.length };
    },
    onOutcome: (_, outcome) => outcomes.push(outcome),
    onState: (state) => states.push(state),
    later: (work) => {
      retries.push(work);
      return () => {};
    },
  });
  return { sender, received, states, outcomes, retries, server };
}

function set(id: string): ChangeSet {
  return { id, ops: [] };
}

async function settled(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !done(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(done()).toBe(true);
}

describe("Sender", () => {
  it("sends in order and says saved at the end", async () => {
    const { sender, received, states } = rig(new MemoryOutbox());
    for (const id of ["a", "b", "c"]) sender.push(set(id));
    await settled(() => states.at(-1)?.state === "saved");
    expect(received).toEqual(["a", "b", "c"]);
  });

  it("keeps twenty edits over a dead server and a reload", async () => {
    const name = "outbox-reload";
    const ids = Array.from({ length: 20 }, (_, index) => `edit-${String(index).padStart(2, "0")}`);
    const first = rig(new IndexedOutbox(indexedDB, name));
    first.server.isAway = true;
    for (const id of ids) first.sender.push(set(id));
    await settled(() => first.states.at(-1)?.state === "offline");
    expect(first.states.at(-1)).toEqual({ state: "offline", waiting: 20 });
    first.sender.stop();

    const second = rig(new IndexedOutbox(indexedDB, name));
    const restored = await second.sender.restore();
    expect(restored.map((entry) => entry.id)).toEqual(ids);
    await settled(() => second.states.at(-1)?.state === "saved");
    expect(second.received).toEqual(ids);
    expect(await new IndexedOutbox(indexedDB, name).all("p")).toEqual([]);
  });

  it("tries again after a delay, and at once when told", async () => {
    const { sender, received, retries, server, states } = rig(new MemoryOutbox());
    server.isAway = true;
    sender.push(set("a"));
    await settled(() => retries.length === 1);
    retries[0]?.();
    await settled(() => retries.length === 2);
    server.isAway = false;
    sender.retryNow();
    await settled(() => states.at(-1)?.state === "saved");
    expect(received).toEqual(["a"]);
  });

  it("hands back what the server refuses and goes on", async () => {
    const { sender, outcomes, server, states } = rig(new MemoryOutbox());
    server.refuse = true;
    sender.push(set("bad"));
    await settled(() => outcomes.length === 1);
    expect(outcomes[0]).toMatchObject({ id: "bad", state: "invalid" });
    server.refuse = false;
    sender.push(set("good"));
    await settled(() => states.at(-1)?.state === "saved");
    expect(outcomes[1]).toMatchObject({ id: "good", state: "committed" });
  });
});
