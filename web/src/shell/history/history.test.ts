import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change, Commit } from "../../model/changes";
import { revisionOf } from "../../model/revision";
import { applyOps, fromView, type SampleData } from "../../store/sample";
import { annotation, box, CAR, CAR_SPAN, IMAGE, MAN, ONTOLOGY, SAMPLE, sampleView } from "../../store/testing/sample";
import { createWorkspaceStore } from "../../store/workspace";
import { commitLines, differenceLines, regionLines } from "./change_words";
import { changedFields, differences, ghostsOf, opsFor, restoreOps, takeBackOps } from "./differences";
import { dayOf, sittings } from "./groups";

const MINUTE_NS = 60n * 1_000_000_000n;

function commit(seq: number, actor: string, minute: number, changes: readonly Change[] = []): Commit {
  const at_ns = (1_700_000_000n * 1_000_000_000n + BigInt(minute) * MINUTE_NS).toString();
  return { seq, id: `c${seq}`, actor, at_ns, origin: "edit", reason: "", changes };
}

function state() {
  const store = createWorkspaceStore();
  store.feed.setOntology(ONTOLOGY);
  store.feed.load(sampleView());
  return store.getState();
}

describe("sittings", () => {
  it("end with another person and with a pause", () => {
    const commits = [commit(5, "ben", 50), commit(4, "ana", 49), commit(3, "ana", 40), commit(2, "ana", 20)];
    const groups = sittings(commits).map((group) => [group.actor, group.commits.map(({ seq }) => seq)]);
    expect(groups).toEqual([
      ["ben", [5]],
      ["ana", [4, 3]],
      ["ana", [2]],
    ]);
  });

  it("say the day in words while it is near", () => {
    const now_ms = new Date(2026, 2, 10, 12).getTime();
    const at = (days: number) => (BigInt(new Date(2026, 2, 10 - days, 23).getTime()) * 1_000_000n).toString();
    expect([dayOf(at(0), now_ms), dayOf(at(1), now_ms)]).toEqual(["Today", "Yesterday"]);
    expect(dayOf(at(3), now_ms)).toContain("2026");
  });
});

describe("restoring", () => {
  const past = fromView(sampleView());
  const revisions = (data: SampleData) =>
    [...data.annotations.values()].map(({ record }) => `${record.id} ${revisionOf(record)}`).sort();

  it("brings back what was changed and deleted, and takes away what was made: the law holds for random edits", () => {
    const edit = fc.record({
      id: fc.constantFrom(CAR, MAN, CAR_SPAN, "new-1", "new-2"),
      kind: fc.constantFrom("move", "delete"),
      x: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        const present = edits.reduce(
          (data, { id, kind, x }) =>
            applyOps(
              data,
              opsFor(data, [
                {
                  kind: "annotation",
                  id,
                  record: kind === "delete" ? null : annotation(id, IMAGE, "car", box(x, 0, x + 9, 9)),
                },
              ]),
            ),
          past,
        );
        const restored = applyOps(present, restoreOps(past, present));
        expect(revisions(restored)).toEqual(revisions(past));
        expect(restoreOps(past, restored)).toEqual([]);
      }),
    );
  });

  it("takes a commit back, but leaves alone what was changed since", () => {
    const [mine, theirs] = [box(1, 1, 5, 5), box(2, 2, 6, 6)];
    const once = applyOps(
      past,
      opsFor(past, [
        { kind: "annotation", id: CAR, record: annotation(CAR, IMAGE, "car", mine) },
        { kind: "annotation", id: MAN, record: annotation(MAN, IMAGE, "person", mine) },
      ]),
    );
    const twice = applyOps(
      once,
      opsFor(once, [{ kind: "annotation", id: MAN, record: annotation(MAN, IMAGE, "person", theirs) }]),
    );
    const { ops, left } = takeBackOps(twice, differences(past, once));
    expect(left).toBe(1);
    const after = applyOps(twice, ops);
    expect(after.annotations.get(CAR)?.record.region).toEqual(box(0, 0, 10, 10));
    expect(after.annotations.get(MAN)?.record.region).toEqual(theirs);
  });

  it("draws as ghosts what is elsewhere or gone in the other state", () => {
    const now = applyOps(
      past,
      opsFor(past, [
        { kind: "annotation", id: CAR, record: annotation(CAR, IMAGE, "vehicle", box(0, 0, 10, 10)) },
        { kind: "annotation", id: MAN, record: null },
        { kind: "annotation", id: "new", record: annotation("new", IMAGE, "car", box(0, 0, 1, 1)) },
      ]),
    );
    const records = differences(past, now);
    expect(records).toHaveLength(3);
    expect(ghostsOf(records).map(({ id }) => id)).toEqual([MAN]);
    expect(ghostsOf(records, "after").map(({ id }) => id)).toEqual(["new"]);
  });
});

describe("changes in words", () => {
  const change = (id: string, part: Partial<Change>): Change => ({
    kind: "annotation",
    id,
    sample: SAMPLE,
    from_rev: "a",
    to_rev: "b",
    ...part,
  });

  it("say what a commit did, many of a sort in one line", () => {
    const lines = commitLines(
      state(),
      commit(1, "ana", 0, [
        change(CAR, { changed: ["region"] }),
        change("x", { from_rev: null }),
        change("y", { from_rev: null }),
        change("gone", { to_rev: null, kind: "link" }),
        change("l", { kind: "link", derived: true, changed: ["causes"] }),
      ]),
    );
    expect(lines).toEqual([
      "Changed place of Car box",
      "Made 2 annotations",
      "Deleted link",
      "1 link became suspect or sound",
    ]);
  });

  it("say how far a region moved", () => {
    expect(regionLines(box(0, 0, 10, 10), box(3, 4, 13, 14))).toEqual(["Moved 5 px"]);
    expect(regionLines(box(0, 0, 10, 10), box(0, 0, 20, 10))).toEqual(["Moved 5 px", "Size: 10 × 10 → 20 × 10 px"]);
    const span = (start_ns: number, end_ns: number) => ({ type: "time_span", start_ns, end_ns }) as const;
    expect(regionLines(span(0, 2e9), span(1.2e8, 2e9))).toEqual(["Starts 0.120 s later"]);
  });

  it("name classes as people do", () => {
    const before = annotation(CAR, IMAGE, "car", box(0, 0, 10, 10));
    const after = { ...before, class_id: "person", attributes: { colour: "red" } };
    const changed = changedFields(before, after);
    expect(differenceLines(state(), { kind: "annotation", id: CAR, before, after, changed })).toEqual([
      "Colour: none → red",
      "Class: Car → Person",
    ]);
  });
});
