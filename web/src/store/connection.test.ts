import { describe, expect, it } from "vitest";
import type { SampleView } from "../model/changes";
import { revisionOf } from "../model/revision";
import { Api } from "./api";
import { Connection, type EventFeed } from "./connection";
import { MemoryOutbox } from "./testing/memory_outbox";
import { annotation, box, CAR, IMAGE, LAYER, ONTOLOGY, SAMPLE, sampleView, versioned } from "./testing/sample";
import { createWorkspaceStore } from "./workspace";

/** A server in a few lines: one sample, a token that a restart makes old, a log of who asked for what. */
function server() {
  const state = { view: sampleView(), token: "one", posts: [] as string[] };
  const answer = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
  const fetcher = async (url: string, init?: RequestInit): Promise<Response> => {
    const path = url.replace("/api", "");
    if (path === "/session") return answer({ actor: "local", layer_name: "local", csrf: state.token });
    if (path.endsWith("/layers"))
      return answer({ items: [versioned({ kind: "layer", id: LAYER, name: "local", actor: "local" })], next: null });
    if (path.endsWith("/ontology")) return answer(versioned(ONTOLOGY));
    if (path.includes("/samples/")) return answer(state.view);
    if (path.includes("/findings")) {
      const finding = {
        check: "mention",
        fingerprint: "f",
        severity: "warning",
        sample: SAMPLE,
        message: "m",
        culprits: [],
      };
      return answer({ items: [{ finding, verdict: null }], next: null });
    }
    const sent = new Headers(init?.headers).get("X-Braid-CSRF");
    if (sent !== state.token) return answer({ error: { code: "forbidden", message: "old token" } }, 403);
    const body = String(init?.body);
    state.posts.push(body);
    const { change_sets: sets } = JSON.parse(body) as { change_sets: { id: string }[] };
    const seq = state.view.seq + state.posts.length;
    return answer({ outcomes: sets.map(({ id }) => ({ id, state: "committed", seq, heads: [] })), seq });
  };
  return { state, api: new Api("p", "/api", fetcher) };
}

class HandFeed implements EventFeed {
  static last: HandFeed | null = null;
  readonly url: string;
  readonly #listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(url: string) {
    this.url = url;
    HandFeed.last = this;
  }

  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    this.#listeners.set(name, listener);
  }

  close(): void {}

  send(name: string, data: unknown): void {
    this.#listeners.get(name)?.({ data: JSON.stringify(data) } as MessageEvent<string>);
  }
}

async function opened() {
  const { state, api } = server();
  const store = createWorkspaceStore();
  const connection = new Connection({
    store,
    api,
    storage: new MemoryOutbox(),
    openEvents: (url) => new HandFeed(url),
    later: () => () => {},
  });
  await connection.open("one");
  return { state, store, connection };
}

async function until(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !done(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(done()).toBe(true);
}

function moved(view: SampleView, seq: number): SampleView {
  const record = annotation(CAR, IMAGE, "car", box(50, 50, 60, 60));
  const annotations = view.annotations.map((row) =>
    row.record.id === CAR ? { rev: revisionOf(record), seq, record } : row,
  );
  return { ...view, seq, annotations };
}

describe("Connection", () => {
  it("opens a sample and follows the events after it", async () => {
    const { store } = await opened();
    expect(store.getState().sample?.annotations.size).toBe(4);
    expect(HandFeed.last?.url).toBe("/api/projects/p/events?after=1");
  });

  it("reads the sample again when someone else commits to it, and only then", async () => {
    const { state, store } = await opened();
    state.view = moved(state.view, 2);
    const before = store.getState().version;
    HandFeed.last?.send("commit", { seq: 2, commit: "x", actor: "ben", samples: ["another"], kinds: ["annotation"] });
    expect(store.getState().version).toBe(before);
    HandFeed.last?.send("commit", { seq: 2, commit: "x", actor: "ben", samples: [SAMPLE], kinds: ["annotation"] });
    await until(() => store.getState().sample?.seq === 2);
    expect(store.getState().sample?.annotations.get(CAR)?.record.region).toEqual(box(50, 50, 60, 60));
  });

  it("takes new findings of its sample", async () => {
    const { store } = await opened();
    HandFeed.last?.send("findings", { sample: SAMPLE });
    await until(() => store.getState().sample?.findings.length === 1);
  });

  it("sends edits, and asks for a fresh token after a restart of the server", async () => {
    const { state, store } = await opened();
    state.token = "two";
    store.actions.updateRegion(CAR, box(1, 1, 9, 9));
    await until(() => store.getState().sync.state === "saved" && state.posts.length === 1);
    expect(state.posts[0]).toContain('"op":"update"');
  });
});
