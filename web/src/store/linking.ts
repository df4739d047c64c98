/** Links: picking their ends, choosing a type, and judging them again. */
import { newId } from "../base/ids";
import type { Op } from "../model/changes";
import type { Link } from "../model/records";
import type { LinkNote, WorkspaceActions } from "./actions";
import type { Core } from "./core";
import { isSuspect, linksOf } from "./derive";
import { endFacts, type LinkChoice, linkChoices, typesJoining } from "./ontology";
import { lookUp, type SampleData } from "./sample";
import { selecting } from "./selecting";
import { EMPTY } from "./state";

type Names =
  | "pick"
  | "startLink"
  | "chooseLinkType"
  | "stepBack"
  | "createLink"
  | "createLinks"
  | "confirmLink"
  | "confirmLinks"
  | "linkFrom"
  | "acceptLink"
  | "retargetLink";

export function linking(core: Core): Pick<WorkspaceActions, Names> {
  let lastType: string | null = null;
  const { select } = selecting(core);

  function pick(id: string | null, options: { readonly toggle?: boolean } = {}): void {
    const { linking } = core.state;
    if (linking === null) {
      select(id === null ? [] : [id], options);
      return;
    }
    if (id === null || linking.target !== null) return;
    if (linking.source === null) begin([id], linking.only);
    else if (options.toggle && !linking.sources.includes(id)) begin([...linking.sources, id], linking.only);
    else pickTarget(linking.sources, id, linking.only);
  }

  /** Link mode with these sources: every target is one that a single link type may join to all of them. */
  function begin(sources: readonly string[], only: string | null): void {
    core.set({
      linking: { source: sources[0] ?? null, sources, target: null, typeIds: [], only },
      ...(sources.length > 0 ? { selection: new Set(sources) } : {}),
      tool: "select",
    });
  }

  function pickTarget(sources: readonly string[], target: string, only: string | null): void {
    const fitting = sources.includes(target) ? [] : typesFor(sources, target, only);
    const [first] = fitting;
    if (first === undefined) core.notify("No link type joins these", { tone: "error" });
    else if (fitting.length === 1) createLinks(sources, target, first);
    else core.set({ linking: { source: sources[0] ?? null, sources, target, typeIds: fitting, only } });
  }

  /** Ids of the types that may join every source to the target. */
  function typesFor(sources: readonly string[], target: string, only: string | null): readonly string[] {
    const { sample, ontology } = core.state;
    return sample === null || ontology === null ? [] : typesJoining(ontology, sample, sources, target, only);
  }

  function choices(source: string, target: string): readonly LinkChoice[] {
    const { sample, ontology } = core.state;
    if (sample === null || ontology === null) return [];
    const [from, to] = [endFacts(sample, source), endFacts(sample, target)];
    return from === null || to === null ? [] : linkChoices(ontology, from, to);
  }

  function startLink(repeat = false): void {
    const { sample, selection } = core.state;
    const sources = [...selection].filter((id) => sample !== null && endFacts(sample, id) !== null);
    begin(sources.length === selection.size ? sources : [], repeat ? lastType : null);
  }

  /** Link mode from these things, whatever is selected: a drag from their handle. */
  function linkFrom(sources: readonly string[]): void {
    begin(sources, null);
  }

  function chooseLinkType(index: number): void {
    const { linking } = core.state;
    const typeId = linking?.typeIds[index];
    if (linking != null && linking.target !== null && typeId !== undefined) {
      createLinks(linking.sources, linking.target, typeId);
    }
  }

  function stepBack(): boolean {
    const { linking, past, tool, selection } = core.state;
    if (past !== null) core.showPast(null);
    else if (linking?.target != null) core.set({ linking: { ...linking, target: null, typeIds: [] } });
    else if (linking !== null) core.set({ linking: null });
    else if (tool !== "select") core.set({ tool: "select" });
    else if (selection.size > 0) core.set({ selection: EMPTY });
    else return false;
    return true;
  }

  function createLink(source: string, target: string, typeId: string, note: LinkNote = {}): string | null {
    return createLinks([source], target, typeId, note)[0] ?? null;
  }

  /** One gesture, a link for each source; the ids, those of links that were there already included. */
  function createLinks(
    sources: readonly string[],
    target: string,
    typeId: string,
    note: LinkNote = {},
  ): readonly string[] {
    const { sample } = core.state;
    if (sample === null || core.isInPast()) return [];
    const { layer, ops } = core.ownLayer();
    const made: Link[] = [];
    const known: string[] = [];
    let name = typeId;
    for (const source of sources) {
      const choice = choices(source, target).find((entry) => entry.type.id === typeId);
      if (choice === undefined) continue;
      name = choice.type.name;
      const [first, second] = choice.reversed ? [target, source] : [source, target];
      const same = linksOf(sample, first).find(
        ({ record }) => record.type_id === typeId && record.source.id === first && record.target.id === second,
      );
      if (same !== undefined) known.push(same.record.id);
      else {
        made.push({
          kind: "link",
          id: newId(),
          sample: sample.sample.record.id,
          layer,
          type_id: typeId,
          source: endAt(sample, first),
          target: endAt(sample, second),
          ...(note.score === undefined ? {} : { score: note.score }),
        });
      }
    }
    if (made.length === 0 && known.length === 0) return [];
    lastType = typeId;
    if (made.length === 0) {
      core.set({ linking: null, selection: new Set(known) });
      core.notify("These are already linked so");
      return known;
    }
    core.set({ linking: null });
    const creates = made.map((record): Op => ({ op: "create", record }));
    core.edit(note.reason ?? `Link ${typeId}`, [...ops, ...creates]);
    core.notify(made.length === 1 ? `Linked, ${name}` : `Linked ${made.length}, ${name}`, { canUndo: true });
    return [...made.map((record) => record.id), ...known];
  }

  function confirmLink(id: string): void {
    confirmLinks([id]);
  }

  /** Each link in a change set of its own, so that a refused one holds up no other; one step of undo takes all back. */
  function confirmLinks(ids: Iterable<string>): void {
    const { sample } = core.state;
    if (sample === null) return;
    const suspects = [...ids].flatMap((id) => sample.links.get(id) ?? []).filter(({ record }) => isSuspect(record));
    const whole = suspects.filter(({ record }) =>
      [record.source, record.target].every((end) => lookUp(sample, end.id) !== undefined),
    );
    core.editEach(
      "Confirm link",
      whole.map(({ rev, record }): readonly Op[] => {
        const { causes: _judgedAnew, ...rest } = record;
        const ends = { source: endAt(sample, record.source.id), target: endAt(sample, record.target.id) };
        return [{ op: "update", record: { ...rest, ...ends }, base: rev }];
      }),
    );
    if (whole.length > 0) {
      core.notify(whole.length === 1 ? "Link confirmed" : `${whole.length} links confirmed`, { canUndo: true });
    }
    const left = suspects.length - whole.length;
    if (left === 1) core.notify("One end is gone: retarget or retract the link", { tone: "error" });
    if (left > 1) core.notify(`${left} links have an end that is gone: retarget or retract them`, { tone: "error" });
  }

  function acceptLink(id: string): void {
    const { sample } = core.state;
    const link = sample?.links.get(id)?.record;
    if (sample === null || link?.status !== "proposed") return;
    const { causes: _judgedAnew, status: _proposed, ...rest } = link;
    const ends = { source: endAt(sample, link.source.id), target: endAt(sample, link.target.id) };
    core.update("Accept proposed link", [{ ...rest, ...ends }]);
    core.notify("Link accepted", { canUndo: true });
  }

  function retargetLink(id: string, end: "source" | "target", to: string): void {
    const { sample, ontology } = core.state;
    const link = sample?.links.get(id)?.record;
    if (sample === null || ontology === null || link === undefined) return;
    const other = end === "source" ? link.target.id : link.source.id;
    const [first, second] = end === "source" ? [to, other] : [other, to];
    const fits = choices(first, second).some((entry) => entry.type.id === link.type_id && !entry.reversed);
    if (!fits) {
      core.notify("This link type may not join these two", { tone: "error" });
      return;
    }
    const { causes: _judgedAnew, ...rest } = link;
    core.update("Retarget link", [{ ...rest, source: endAt(sample, first), target: endAt(sample, second) }]);
    core.notify("Link retargeted", { canUndo: true });
  }

  return {
    pick,
    startLink,
    linkFrom,
    chooseLinkType,
    stepBack,
    createLink,
    createLinks,
    confirmLink,
    confirmLinks,
    acceptLink,
    retargetLink,
  };
}

function endAt(sample: SampleData, id: string): Link["source"] {
  const judged = lookUp(sample, id)?.rev ?? "";
  return sample.entities.has(id) ? { id, judged, kind: "entity" } : { id, judged };
}
