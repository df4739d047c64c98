import { describe, expect, it } from "vitest";
import type { ClockMap } from "../../model/records";
import { Playhead } from "../../playhead/playhead";
import type { AlignmentView, AlignRequest } from "../../store/aligning";
import { Api } from "../../store/api";
import { SAMPLE, sampleView, versioned } from "../../store/testing/sample";
import { createWorkspaceStore } from "../../store/workspace";
import { SyncSession } from "./session";
import { effectWords, mapWords } from "./words";

const MAP: ClockMap = {
  kind: "clock_map",
  id: "m",
  sample: SAMPLE,
  stream: "b",
  segments: [{ media_ns: 0, timeline_ns: 250_000_000, rate_ppq: 35_000_000_000 }],
  method: "anchors",
};

const ANSWER: AlignmentView = {
  outcome: "estimate",
  method: "anchors",
  why: "",
  hint: "",
  clock_map: MAP,
  base: null,
  grade: "A",
  rms_ns: 0,
  sigma_start_ns: 400_000,
  sigma_end_ns: 400_000,
  quality: null,
  quality_bound: null,
  named: "",
  warnings: [],
  evidence: [],
  effect: null,
};

function session() {
  const asked: AlignRequest[] = [];
  const api = new Api("p", "/api", async (url, init) => {
    if (url.endsWith("/session")) return Response.json({ csrf: "x" });
    asked.push(JSON.parse(String(init?.body)) as AlignRequest);
    return Response.json(ANSWER);
  });
  const store = createWorkspaceStore();
  const stream = (id: string, modality: "video" | "audio") =>
    versioned({ kind: "stream", id, sample: SAMPLE, name: id, modality, sampling: "interval" });
  store.feed.connect(
    () => undefined,
    () => undefined,
  );
  store.feed.load({ ...sampleView(), streams: [stream("a", "audio"), stream("b", "audio"), stream("c", "video")] });
  const playhead = new Playhead({ nowMs: () => 0, request: () => 0, cancel: () => undefined });
  playhead.setExtent(0, 10e9);
  const sync = new SyncSession({ store, playhead, api, announce: () => undefined });
  sync.open();
  return { sync, playhead, store, asked };
}

describe("synchronising by hand", () => {
  it("opens on the second stream, against one of its kind", () => {
    const { sync } = session();
    expect(sync.state).toMatchObject({ isOpen: true, stream: "b", reference: "a" });
    sync.chooseStream("c");
    expect(sync.state.reference).toBe("a");
  });

  it("holds a stream while the others move, and marks what is seen together", async () => {
    const { sync, playhead, asked } = session();
    playhead.seek(2e9);
    sync.toggleHold();
    playhead.seek(2.25e9);
    expect(playhead.toMedia("b", playhead.state.timelineNs)).toBe(2e9);
    expect(playhead.toMedia("a", playhead.state.timelineNs)).toBe(2.25e9);
    sync.step(-1);
    expect(playhead.toMedia("b", 0)).toBe(1.99e9);
    sync.mark();
    expect(sync.state.marks).toEqual([{ media_ns: 1.99e9, reference_ns: 2.25e9 }]);
    expect(playhead.overrideOf("b")).toBeUndefined();
    await expect.poll(() => sync.state.proposal?.grade).toBe("A");
    expect(asked).toEqual([
      {
        stream: "b",
        reference: "",
        method: "anchors",
        anchors: [{ media_ns: 1.99e9, reference_ns: 2.25e9, name: "mark 1" }],
      },
    ]);
  });

  it("shows a proposal before it is applied, and writes nothing until then", async () => {
    const { sync, playhead, store } = session();
    await sync.find("audio");
    const before = store.getState().sample;
    sync.toggleTry();
    expect(playhead.toTimeline("b", 0)).toBe(250_000_000);
    sync.toggleTry();
    expect(playhead.toTimeline("b", 0)).toBe(0);
    expect(store.getState().sample).toBe(before);
    sync.apply();
    expect(store.getState().sample?.clockMaps.get("m")?.record).toMatchObject({ stream: "b" });
    expect(sync.state.isOpen).toBe(false);
    store.actions.undo();
    expect(store.getState().sample?.clockMaps.size).toBe(0);
  });

  it("forgets an answer that comes after it was stopped, and lets the stream go when it closes", async () => {
    const { sync, playhead } = session();
    const asked = sync.find("audio");
    sync.cancel();
    await asked;
    expect(sync.state.proposal).toBeNull();
    sync.toggleHold();
    sync.close();
    expect(playhead.overrideOf("b")).toBeUndefined();
  });
});

describe("words", () => {
  it("names offset and drift", () => {
    expect(mapWords(MAP)).toBe("+250.0 ms, +35.00 ppm");
    const far = { ...MAP, segments: [{ media_ns: 10, timeline_ns: 10 - 1_250_600_000, rate_ppq: 0 }] };
    expect(mapWords(far)).toBe("−1.2506 s, no drift");
    expect(mapWords(undefined)).toBe("on the timeline as it is");
  });

  it("says what moves, what is kept and what becomes suspect", () => {
    const effect = {
      annotations: 12,
      moved: 12,
      kept_native: 12,
      suspects: 3,
      max_shift_ns: -41_000_000,
      tolerance_ns: 20_000_000,
      rows: [],
    };
    expect(effectWords(effect)).toBe(
      "12 annotations move, at most 41.0 ms; all keep their frame. 3 links become suspect.",
    );
    expect(effectWords({ ...effect, annotations: 0 })).toBe("No annotation stands on this stream.");
  });
});
