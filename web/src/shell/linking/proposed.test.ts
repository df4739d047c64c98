import { beforeEach, describe, expect, it } from "vitest";
import type { Proposal } from "../../model/proposals";
import type { Link } from "../../model/records";
import { CAR, CAR_SPAN, LAYER, MAN, MAN_SPAN, ONTOLOGY, SAMPLE, sampleView } from "../../store/testing/sample";
import { createWorkspaceStore, type WorkspaceStore } from "../../store/workspace";
import { ProposalSession } from "./proposal_session";
import { standing } from "./proposed";

function suggestion(fingerprint: string, source: string, target: string, score: number): Proposal {
  const reason = "“car” names the class of Car in image";
  return { fingerprint, sample: SAMPLE, kind: "words", type_id: "refers-to", source, target, score, reason };
}

const MODEL_LINK: Link = {
  kind: "link",
  id: "00000000-0000-7000-8000-000000000201",
  sample: SAMPLE,
  layer: "model",
  type_id: "refers-to",
  source: { id: MAN_SPAN, judged: "x" },
  target: { id: CAR, judged: "x" },
  status: "proposed",
  score: 0.4,
};
const GOOD = suggestion("f1", CAR_SPAN, CAR, 0.9);
const POOR = suggestion("f2", MAN_SPAN, MAN, 0.3);

let store: WorkspaceStore;
let session: ProposalSession;
let asked: number;

beforeEach(async () => {
  store = createWorkspaceStore();
  store.feed.setOntology(ONTOLOGY);
  store.feed.setLayers([{ kind: "layer", id: LAYER, name: "local", actor: "local" }], "local");
  store.feed.load(sampleView([MODEL_LINK]));
  asked = 0;
  const ask = async () => {
    asked += 1;
    return [POOR, GOOD];
  };
  session = new ProposalSession({ store, ask, announce: () => {} });
  await session.refresh();
});

const shown = () => session.standing().map(({ fingerprint }) => fingerprint);

describe("proposals", () => {
  it("stand best first, those of models among them", () => {
    expect(shown()).toEqual(["f1", `proposed-link:${MODEL_LINK.id}`, "f2"]);
  });

  it("go when their link is made or an end is gone", () => {
    store.actions.createLink(CAR_SPAN, CAR, "refers-to");
    store.actions.remove([MAN]);
    expect(shown()).toEqual([`proposed-link:${MODEL_LINK.id}`]);
    expect(standing(null, [GOOD])).toEqual([]);
  });

  it("become a link of the person's own, with the score kept and the reason in the commit", async () => {
    await session.next();
    session.accept();
    const made = [...(store.getState().sample?.links.values() ?? [])].map(({ record }) => record).at(-1);
    expect(made).toMatchObject({ layer: LAYER, score: 0.9, source: { id: CAR_SPAN }, target: { id: CAR } });
    expect(made?.status).toBeUndefined();
    expect(store.getState().undoStack.at(-1)?.reason).toContain("Accept proposal");
    store.actions.undo();
    expect(shown()[0]).toBe("f1");
  });

  it("that a model made are accepted in place", async () => {
    await session.next();
    await session.next();
    session.accept();
    expect(store.getState().sample?.links.get(MODEL_LINK.id)?.record.status).toBeUndefined();
  });

  it("that are dismissed leave a verdict, and the next one comes", async () => {
    await session.next();
    session.dismiss();
    expect([...(store.getState().sample?.verdicts.values() ?? [])][0]?.record.fingerprint).toBe("f1");
    expect(session.current?.fingerprint).toBe(`proposed-link:${MODEL_LINK.id}`);
    store.actions.undo();
    expect(shown()[0]).toBe("f1");
  });

  it("are walked round, and asked for again only after a change", async () => {
    for (const expected of ["f1", `proposed-link:${MODEL_LINK.id}`, "f2", "f1"]) {
      await session.next();
      expect(session.current?.fingerprint).toBe(expected);
    }
    expect(asked).toBe(1);
    store.feed.load({ ...sampleView([MODEL_LINK]), seq: 2 });
    await session.next();
    expect(asked).toBe(2);
  });

  it("are taken from what is selected when none is in hand", () => {
    store.actions.select([MAN_SPAN]);
    session.accept();
    expect(store.getState().sample?.links.get(MODEL_LINK.id)?.record.status).toBeUndefined();
  });
});
