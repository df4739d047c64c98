import { beforeEach, describe, expect, it } from "vitest";
import type { FindingView, RevisionView, SampleSummary } from "../../model/changes";
import type { AnyRecord, Link } from "../../model/records";
import { revisionOf } from "../../model/revision";
import { fromView } from "../../store/sample";
import {
  annotation,
  box,
  CAR,
  CAR_SPAN,
  IMAGE,
  LAYER,
  MAN,
  ONTOLOGY,
  SAMPLE,
  sampleView,
  TEXT,
} from "../../store/testing/sample";
import { createWorkspaceStore, type WorkspaceStore } from "../../store/workspace";
import { judgedState, neededFor, otherShapes } from "./before";
import { withComment } from "./comment_edits";
import { nextItem, openItems, progressOf, waitingIn } from "./queue";
import { SOURCES } from "./sources";

const judgedCar = annotation(CAR, IMAGE, "car", box(1, 1, 5, 5));
const spanNow = annotation(CAR_SPAN, TEXT, "car", { type: "text_span", start: 0, end: 3, quote: "car" });

const SUSPECT: Link = {
  kind: "link",
  id: "00000000-0000-7000-8000-000000000031",
  sample: SAMPLE,
  layer: LAYER,
  type_id: "refers-to",
  source: { id: CAR_SPAN, judged: revisionOf(spanNow) },
  target: { id: CAR, judged: revisionOf(judgedCar) },
  causes: [
    { end: "target", changed: ["region"], by: "ana", at_ns: "5", from_rev: revisionOf(judgedCar), to_rev: "now" },
  ],
};

const FINDING: FindingView = {
  verdict: null,
  finding: {
    check: "a.check",
    fingerprint: "f1",
    severity: "error",
    sample: SAMPLE,
    message: "Something is off",
    culprits: [{ kind: "annotation", id: MAN, stream: IMAGE, at_ns: 7 }],
  },
};

let store: WorkspaceStore;

beforeEach(() => {
  store = createWorkspaceStore();
  store.feed.connect(
    () => {},
    () => {},
  );
  store.feed.setOntology(ONTOLOGY);
  const view = sampleView([SUSPECT]);
  const sample = { ...view.sample, record: { ...view.sample.record, state: "submitted" as const } };
  store.feed.load({ ...view, sample, findings: [FINDING] });
});

const open = (passed: ReadonlySet<string> = new Set()) => openItems(SOURCES, store.getState(), passed);

describe("the queue", () => {
  it("holds suspects, findings and submitted samples, and leaves out what was passed", () => {
    expect(open().map(({ source }) => source)).toEqual(["suspects", "findings", "samples"]);
    expect(open(new Set([SUSPECT.id])).map(({ source }) => source)).toEqual(["findings", "samples"]);
    expect(open()[1]?.at).toEqual({ stream: IMAGE, at_ns: 7 });
  });

  it("goes on after the item that was settled, else from the start, else ends", () => {
    const before = open();
    const [first, second, third] = before;
    const key = (item: { key: string } | null | undefined) => item?.key;
    expect(key(nextItem(before, before, first?.key ?? ""))).toBe(key(second));
    expect(key(nextItem(before, before.slice(0, 2), third?.key ?? ""))).toBe(key(first));
    expect(nextItem(before, [], third?.key ?? "")).toBeNull();
  });

  it("counts what is done, what is open here, and what waits elsewhere", () => {
    expect(progressOf(11, 2, [{ key: "b", count: 7 }])).toEqual({ done: 11, total: 20 });
    const summary = (key: string, part: Partial<SampleSummary>) =>
      ({ key, suspects: 0, findings: 0, state: "todo", ...part }) as SampleSummary;
    const summaries = [
      summary("here", { suspects: 4 }),
      summary("calm", {}),
      summary("two", { suspects: 1, findings: 2, state: "submitted" }),
    ];
    expect(waitingIn(summaries, SOURCES, "here")).toEqual([{ key: "two", count: 4 }]);
    expect(waitingIn(summaries, SOURCES.slice(0, 1), "here")).toEqual([{ key: "two", count: 1 }]);
  });
});

describe("verdicts", () => {
  const settle = (place: number, decision: "accept" | "reject", note = "") => {
    const item = open()[place];
    const source = SOURCES.find(({ id }) => id === item?.source);
    if (item === undefined || source === undefined) throw new Error("no such item");
    return source.settle(store, item, decision, note);
  };

  it("confirm a suspect, and the queue is shorter by one; undo brings it back", () => {
    expect(settle(0, "accept")).toBe("done");
    expect(open()).toHaveLength(2);
    expect(store.getState().sample?.links.get(SUSPECT.id)?.record.causes).toBeUndefined();
    store.actions.undo();
    expect(open()).toHaveLength(3);
  });

  it("retract a suspect", () => {
    expect(settle(0, "reject")).toBe("done");
    expect(store.getState().sample?.links.size).toBe(0);
  });

  it("do not confirm what has lost an end", () => {
    store.actions.remove([CAR]);
    expect(settle(0, "accept")).toBe("refused");
    expect(open()[0]?.key).toBe(SUSPECT.id);
  });

  it("waive a finding with a reason only", () => {
    expect(settle(1, "accept")).toBe("needs_note");
    expect(open()).toHaveLength(3);
    expect(settle(1, "accept", "the sun blinds")).toBe("done");
    const [verdict] = store.getState().sample?.verdicts.values() ?? [];
    expect(verdict?.record).toMatchObject({ decision: "waived", reason: "the sun blinds", fingerprint: "f1" });
  });

  it("say that a finding is no error without one", () => {
    expect(settle(1, "reject")).toBe("done");
    const [verdict] = store.getState().sample?.verdicts.values() ?? [];
    expect(verdict?.record.decision).toBe("not_an_error");
  });

  it("accept a sample, or send it back", () => {
    expect(settle(2, "reject")).toBe("done");
    expect(store.getState().sample?.sample.record.state).toBe("in_progress");
  });
});

describe("the state that a link was judged on", () => {
  const revision = (record: AnyRecord, at_ns: string): RevisionView => ({
    rev: revisionOf(record),
    seq: 1,
    actor: "ana",
    at_ns,
    reason: "",
    derived: false,
    record,
  });

  it("has the ends as they were and everything else as it is", () => {
    const sample = fromView(sampleView([SUSPECT]));
    expect(neededFor(sample, SUSPECT)).toEqual([CAR_SPAN, CAR]);
    const { before, records } = judgedState(sample, SUSPECT, new Map([[CAR, [revision(judgedCar, "1")]]]));
    expect(before.annotations.get(CAR)?.record.region).toEqual(box(1, 1, 5, 5));
    expect(before.annotations.get(MAN)).toBe(sample.annotations.get(MAN));
    expect(records.map(({ id, changed }) => [id, changed])).toEqual([[CAR, ["region"]]]);
    expect(otherShapes(records, "now")).toEqual([judgedCar]);
    expect(otherShapes(records, "before")[0]?.region).toEqual(box(0, 0, 10, 10));
  });

  it("brings back an end that is gone", () => {
    const whole = fromView(sampleView([SUSPECT]));
    const sample = { ...whole, annotations: new Map([...whole.annotations].filter(([id]) => id !== CAR)) };
    const { before, records } = judgedState(sample, SUSPECT, new Map([[CAR, [revision(judgedCar, "1")]]]));
    expect(before.annotations.has(CAR)).toBe(true);
    expect(records[0]?.after).toBeNull();
  });

  it("asks for the clock of an end whose clock changed, and takes the one from before", () => {
    const clock = (id: string, stream: string, at: number): AnyRecord => ({
      kind: "clock_map",
      id,
      sample: SAMPLE,
      stream,
      segments: [{ media_ns: 0, timeline_ns: at, rate_num: 1, rate_den: 1 }] as never,
    });
    const whole = fromView(sampleView([SUSPECT]));
    const now = clock("k", IMAGE, 9);
    const sample = { ...whole, clockMaps: new Map([["k", { rev: "n", seq: 2, record: now as never }]]) };
    const [cause] = SUSPECT.causes ?? [];
    if (cause === undefined) throw new Error("no cause");
    const link = { ...SUSPECT, causes: [{ ...cause, changed: ["clock"] }] };
    expect(neededFor(sample, link)).toContain("k");
    const past = new Map([["k", [revision(now, "5"), revision(clock("k", IMAGE, 0), "1")]]]);
    expect(judgedState(sample, link, past).before.clockMaps.get("k")?.record).toEqual(clock("k", IMAGE, 0));
  });
});

describe("comments", () => {
  it("stand one below the other with who wrote them", () => {
    const once = withComment(SUSPECT, "ana", "is this the same car?");
    expect(withComment(once, "ben", "yes").comment).toBe("ana: is this the same car?\nben: yes");
  });
});
