import { beforeEach, describe, expect, it } from "vitest";
import type { ChangeSet } from "../model/changes";
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

function open(links: readonly Link[] = []): void {
  store = createWorkspaceStore();
  sent = [];
  store.feed.connect(
    (set) => sent.push(set),
    () => {},
  );
  store.feed.setOntology(ONTOLOGY);
  store.feed.setLayers([{ kind: "layer", id: LAYER, name: "local", actor: "local" }], "local");
  store.feed.load(sampleView(links));
}

function suspectLink(id: string, source: string, target: string): Link {
  const cause = { end: "target", changed: ["region"], by: "ana", at_ns: "1", from_rev: "a", to_rev: "b" } as const;
  return {
    kind: "link",
    id,
    sample: SAMPLE,
    layer: LAYER,
    type_id: "refers-to",
    source: { id: source, judged: "old" },
    target: { id: target, judged: "old" },
    causes: [cause],
  };
}

beforeEach(() => open());

describe("many to one", () => {
  it("links all that is selected to one target in one change set", () => {
    store.actions.select([CAR_SPAN, MAN_SPAN]);
    store.actions.startLink();
    expect([...(store.getState().allowedTargets ?? [])].sort()).toEqual([CAR, MAN]);
    store.actions.pick(CAR);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.ops.map((op) => op.op === "create" && (op.record as Link).source.id)).toEqual([CAR_SPAN, MAN_SPAN]);
    store.actions.undo();
    expect(store.getState().sample?.links.size).toBe(0);
  });

  it("offers only types that fit every source", () => {
    store.actions.select([MAN, CAR_SPAN]);
    store.actions.startLink();
    expect(store.getState().allowedTargets).toEqual(new Set());
    store.actions.pick(CAR);
    expect(sent).toHaveLength(0);
    expect(store.getState().notices.at(-1)?.tone).toBe("error");
  });

  it("gathers more sources with a toggling click before the target", () => {
    store.actions.startLink();
    store.actions.pick(CAR_SPAN);
    store.actions.pick(MAN_SPAN, { toggle: true });
    expect(store.getState().linking?.sources).toEqual([CAR_SPAN, MAN_SPAN]);
    store.actions.pick(MAN);
    expect(store.getState().sample?.links.size).toBe(2);
  });

  it("makes only the links that are not there yet", () => {
    store.actions.createLink(CAR_SPAN, CAR, "refers-to");
    const ids = store.actions.createLinks([CAR_SPAN, MAN_SPAN], CAR, "refers-to");
    expect(ids).toHaveLength(2);
    expect(store.getState().sample?.links.size).toBe(2);
  });
});

describe("confirming many", () => {
  const first = "00000000-0000-7000-8000-000000000101";
  const second = "00000000-0000-7000-8000-000000000102";
  beforeEach(() => open([suspectLink(first, CAR_SPAN, CAR), suspectLink(second, MAN_SPAN, MAN)]));

  it("sends a change set for each link and takes all back with one undo", () => {
    store.actions.confirmLinks([first, second]);
    expect(sent.map((set) => set.ops.length)).toEqual([1, 1]);
    expect(suspectsOf(store.getState().sample)).toHaveLength(0);
    expect(store.getState().notices.filter((notice) => notice.canUndo)).toHaveLength(1);
    store.actions.undo();
    expect(suspectsOf(store.getState().sample)).toHaveLength(2);
    store.actions.redo();
    expect(suspectsOf(store.getState().sample)).toHaveLength(0);
  });

  it("judges both ends at their heads", () => {
    store.actions.confirmLinks([first]);
    const link = store.getState().sample?.links.get(first)?.record;
    expect(link?.target.judged).toBe(revisionOf(annotation(CAR, IMAGE, "car", box(0, 0, 10, 10))));
  });

  it("keeps the undo step of the others when one is refused", () => {
    store.actions.confirmLinks([first, second]);
    const [refused] = sent;
    if (refused === undefined) throw new Error("nothing was sent");
    const head = suspectLink(first, CAR_SPAN, MAN);
    const stale = {
      kind: "link",
      id: first,
      base_rev: null,
      base: null,
      head_rev: revisionOf(head),
      head,
      head_by: "ana",
      head_at_ns: "2",
    } as const;
    store.feed.settle(refused, { id: refused.id, state: "stale", stale: [stale] });
    store.actions.undo();
    const links = store.getState().sample?.links;
    expect(links?.get(first)?.record.target.id).toBe(MAN);
    expect(links?.get(second)?.record.causes).toHaveLength(1);
  });

  it("leaves links with a missing end and says so", () => {
    store.actions.remove([CAR]);
    store.actions.confirmLinks([first, second]);
    expect(suspectsOf(store.getState().sample).map(({ record }) => record.id)).toEqual([first]);
    expect(store.getState().notices.at(-1)?.tone).toBe("error");
  });
});
