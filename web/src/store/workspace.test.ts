import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ChangeSet, Outcome } from "../model/changes";
import type { Link } from "../model/records";
import { revisionOf } from "../model/revision";
import { suspectsOf } from "./derive";
import {
  annotation,
  box,
  CAR,
  CAR_SPAN,
  IMAGE,
  LAYER,
  MAN,
  MAN_SPAN,
  ONTOLOGY,
  SAMPLE,
  sampleView,
} from "./testing/sample";
import { createWorkspaceStore, type WorkspaceStore } from "./workspace";

let store: WorkspaceStore;
let sent: ChangeSet[];

beforeEach(() => {
  store = createWorkspaceStore();
  sent = [];
  store.feed.connect(
    (set) => sent.push(set),
    () => {},
  );
  store.feed.setOntology(ONTOLOGY);
  store.feed.setLayers([{ kind: "layer", id: LAYER, name: "local", actor: "local" }], "local");
  store.feed.load(sampleView());
});

function snapshot(): unknown {
  const { sample } = store.getState();
  const rows = [...(sample?.annotations.values() ?? []), ...(sample?.links.values() ?? [])];
  return rows.map(({ rev, record }) => [record.id, rev]).sort();
}

function heads(set: ChangeSet, seq: number): Outcome {
  const rows = set.ops.map((op) =>
    op.op === "delete"
      ? { kind: op.kind, id: op.id, rev: "", seq, record: null }
      : { kind: op.record.kind, id: op.record.id, rev: revisionOf(op.record), seq, record: op.record },
  );
  return { id: set.id, state: "committed", seq, heads: rows };
}

describe("edits", () => {
  it("are applied at once and name the revision they build on", () => {
    const before = store.getState().sample?.annotations.get(CAR)?.rev;
    store.actions.updateRegion(CAR, box(1, 1, 9, 9));
    expect(store.getState().sample?.annotations.get(CAR)?.record.region).toEqual(box(1, 1, 9, 9));
    expect(sent[0]?.ops[0]).toMatchObject({ op: "update", base: before });
    store.actions.updateRegion(CAR, box(2, 2, 9, 9));
    expect(sent[1]?.ops[0]).toMatchObject({ base: revisionOf(annotation(CAR, IMAGE, "car", box(1, 1, 9, 9))) });
  });

  it("make the person's layer when there is none yet", () => {
    store.feed.setLayers([], "ana");
    store.actions.createAnnotation({ stream: IMAGE, region: box(0, 0, 5, 5) });
    store.actions.createAnnotation({ stream: IMAGE, region: box(0, 0, 6, 6) });
    expect(sent[0]?.ops.map((op) => op.op === "create" && op.record.kind)).toEqual(["layer", "annotation"]);
    expect(sent[1]?.ops).toHaveLength(1);
  });

  it("survive a load that does not have them yet", () => {
    store.actions.updateRegion(CAR, box(1, 1, 9, 9));
    store.feed.load(sampleView());
    expect(store.getState().sample?.annotations.get(CAR)?.record.region).toEqual(box(1, 1, 9, 9));
  });

  it("come back as a conflict with both versions when the server refuses them", () => {
    store.actions.updateRegion(CAR, box(1, 1, 9, 9));
    const theirs = annotation(CAR, IMAGE, "car", box(5, 5, 7, 7));
    const [set] = sent;
    if (set === undefined) throw new Error("nothing was sent");
    store.feed.settle(set, {
      id: set.id,
      state: "stale",
      stale: [
        {
          kind: "annotation",
          id: CAR,
          base_rev: "a",
          base: null,
          head_rev: revisionOf(theirs),
          head: theirs,
          head_by: "ben",
          head_at_ns: "1",
        },
      ],
    });
    expect(store.getState().sample?.annotations.get(CAR)?.record).toEqual(theirs);
    expect(store.getState().conflicts).toHaveLength(1);
    store.actions.keepMine(set.id);
    expect(sent[1]?.ops[0]).toMatchObject({ op: "update", base: revisionOf(theirs) });
    expect(store.getState().sample?.annotations.get(CAR)?.record.region).toEqual(box(1, 1, 9, 9));
    expect(store.getState().conflicts).toEqual([]);
  });
});

describe("linking", () => {
  it("offers only targets that the ontology allows", () => {
    store.actions.select([CAR_SPAN]);
    store.actions.startLink();
    expect(store.getState().allowedTargets).toEqual(new Set([CAR, MAN]));
  });

  it("links at once when one type fits, whichever end was picked first", () => {
    store.actions.startLink();
    store.actions.pick(CAR);
    store.actions.pick(CAR_SPAN);
    const [link] = [...(store.getState().sample?.links.values() ?? [])];
    expect(link?.record).toMatchObject({ type_id: "refers-to", source: { id: CAR_SPAN }, target: { id: CAR } });
    expect(store.getState().linking).toBeNull();
    expect(store.getState().notices.at(-1)).toMatchObject({ canUndo: true });
  });

  it("asks for the type when several fit, and steps back one stage at a time", () => {
    store.actions.select([MAN]);
    store.actions.startLink();
    store.actions.pick(CAR);
    expect(store.getState().linking?.typeIds).toEqual(["next-to", "holds"]);
    store.actions.stepBack();
    expect(store.getState().linking).toMatchObject({ source: MAN, target: null });
    store.actions.pick(CAR);
    store.actions.chooseLinkType(1);
    expect([...(store.getState().sample?.links.values() ?? [])].map(({ record }) => record.type_id)).toEqual(["holds"]);
  });

  it("repeats the last type without asking", () => {
    store.actions.createLink(MAN, CAR, "holds");
    store.actions.undo();
    store.actions.select([MAN]);
    store.actions.startLink(true);
    store.actions.pick(CAR);
    expect(store.getState().linking).toBeNull();
    expect(store.getState().sample?.links.size).toBe(1);
  });

  it("says so when nothing fits", () => {
    store.actions.select([CAR_SPAN]);
    store.actions.startLink();
    store.actions.pick(MAN_SPAN);
    expect(store.getState().notices.at(-1)?.tone).toBe("error");
    expect(store.getState().sample?.links.size).toBe(0);
  });

  it("lights the other end of a selected thing", () => {
    const id = store.actions.createLink(CAR_SPAN, CAR, "refers-to");
    store.actions.select([CAR]);
    expect(store.getState().linked).toEqual(new Set([CAR_SPAN, id]));
    store.actions.select([]);
    store.actions.setHover(CAR_SPAN);
    expect(store.getState().linked.has(CAR)).toBe(true);
  });
});

describe("suspects", () => {
  const cause = { end: "target", changed: ["region"], by: "ben", at_ns: "1", from_rev: "a", to_rev: "b" };

  function suspect(): Link {
    return {
      kind: "link",
      id: "00000000-0000-7000-8000-000000000031",
      sample: SAMPLE,
      layer: LAYER,
      type_id: "refers-to",
      source: { id: CAR_SPAN, judged: "0" },
      target: { id: CAR, judged: "1" },
      causes: [cause],
    };
  }

  it("end when a person confirms the link against what is there now", () => {
    store.feed.load(sampleView([suspect()]));
    expect(suspectsOf(store.getState().sample)).toHaveLength(1);
    store.actions.confirmLink(suspect().id);
    expect(suspectsOf(store.getState().sample)).toEqual([]);
    const judged = store.getState().sample?.links.get(suspect().id)?.record.target.judged;
    expect(judged).toBe(store.getState().sample?.annotations.get(CAR)?.rev);
  });

  it("cannot be confirmed while an end is missing", () => {
    store.feed.load(sampleView([suspect()]));
    store.actions.remove([CAR]);
    store.actions.confirmLink(suspect().id);
    expect(suspectsOf(store.getState().sample)).toHaveLength(1);
    expect(store.getState().notices.at(-1)?.tone).toBe("error");
  });

  it("that the server derives move what still waits to the new head", () => {
    const id = store.actions.createLink(CAR_SPAN, CAR, "refers-to");
    store.actions.updateRegion(CAR, box(3, 3, 9, 9));
    if (id === null) throw new Error("no link was made");
    store.actions.remove([id]);
    const [made, moved, removed] = sent;
    const link = made?.ops[0]?.op === "create" ? (made.ops[0].record as Link) : null;
    if (made === undefined || moved === undefined || removed === undefined || link === null)
      throw new Error("not sent");
    const waiting = [removed];
    store.feed.connect(
      () => {},
      (change) => waiting.splice(0, 1, ...waiting.map(change)),
    );
    store.feed.settle(made, heads(made, 2));
    const derived = { ...link, causes: [cause] };
    const outcome = heads(moved, 3);
    store.feed.settle(moved, {
      ...outcome,
      heads: [...(outcome.heads ?? []), { kind: "link", id, rev: revisionOf(derived), seq: 3, record: derived }],
    });
    expect(waiting[0]?.ops[0]).toMatchObject({ op: "delete", base: revisionOf(derived) });
    expect(store.getState().sample?.links.size).toBe(0);
  });
});

describe("undo", () => {
  it("takes back 200 random operations one by one, and redo brings them again", () => {
    const step = fc.record({ what: fc.nat({ max: 4 }), who: fc.nat({ max: 50 }), x: fc.integer({ min: 0, max: 99 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 200, maxLength: 200 }), (steps) => {
        store.feed.close();
        store.feed.setOntology(ONTOLOGY);
        store.feed.setLayers([{ kind: "layer", id: LAYER, name: "local", actor: "local" }], "local");
        store.feed.load(sampleView());
        const first = snapshot();
        for (const { what, who, x } of steps) {
          const ids = [...(store.getState().sample?.annotations.keys() ?? [])];
          const id = ids[who % Math.max(1, ids.length)];
          const other = ids[(who + 1) % Math.max(1, ids.length)];
          if (what === 0 || id === undefined || other === undefined) {
            store.actions.createAnnotation({ stream: IMAGE, region: box(x, x, x + 5, x + 5), classId: "car" });
          } else if (what === 1) store.actions.updateRegion(id, box(x, 0, x + 1, 9));
          else if (what === 2) store.actions.setClass([id], x % 2 === 0 ? "car" : "person");
          else if (what === 3) store.actions.remove([id]);
          else store.actions.createLink(id, other, "next-to");
        }
        const last = snapshot();
        const count = store.getState().undoStack.length;
        for (let left = count; left > 0; left -= 1) store.actions.undo();
        expect(snapshot()).toEqual(first);
        for (let left = count; left > 0; left -= 1) store.actions.redo();
        expect(snapshot()).toEqual(last);
      }),
      { numRuns: 5 },
    );
  });

  it("is a new change set that names the commit it takes back", () => {
    store.actions.updateRegion(CAR, box(1, 1, 9, 9));
    const [set] = sent;
    if (set === undefined) throw new Error("nothing was sent");
    store.feed.settle(set, heads(set, 7));
    store.actions.undo();
    expect(sent[1]).toMatchObject({ origin: "undo", undoes: 7 });
    expect(store.getState().sample?.annotations.get(CAR)?.record.region).toEqual(box(0, 0, 10, 10));
  });

  it("does not overwrite what someone else changed since", () => {
    store.actions.updateRegion(CAR, box(1, 1, 9, 9));
    const [set] = sent;
    if (set === undefined) throw new Error("nothing was sent");
    store.feed.settle(set, heads(set, 2));
    const view = sampleView();
    const theirs = annotation(CAR, IMAGE, "car", box(4, 4, 8, 8));
    const annotations = view.annotations.map((row) =>
      row.record.id === CAR ? { ...row, rev: revisionOf(theirs), record: theirs } : row,
    );
    store.feed.load({ ...view, seq: 3, annotations });
    store.actions.undo();
    expect(store.getState().sample?.annotations.get(CAR)?.record.region).toEqual(box(4, 4, 8, 8));
    expect(store.getState().notices.at(-1)?.tone).toBe("error");
  });
});
