/** Links: picking their ends, choosing a type, and judging them again. */
import { newId } from "../base/ids";
import type { Link } from "../model/records";
import type { WorkspaceActions } from "./actions";
import type { Core } from "./core";
import { isSuspect, linksOf } from "./derive";
import { endFacts, type LinkChoice, linkChoices } from "./ontology";
import { lookUp, type SampleData } from "./sample";
import { selecting } from "./selecting";
import { EMPTY } from "./state";

type Names =
  | "pick"
  | "startLink"
  | "chooseLinkType"
  | "stepBack"
  | "createLink"
  | "confirmLink"
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
    if (linking.source === null) core.set({ linking: { ...linking, source: id }, selection: new Set([id]) });
    else pickTarget(linking.source, id, linking.only);
  }

  function pickTarget(source: string, target: string, only: string | null): void {
    const fitting = choices(source, target).filter((choice) => only === null || choice.type.id === only);
    if (source === target || fitting.length === 0) {
      core.notify("No link type joins these two", { tone: "error" });
    } else if (fitting.length === 1 && fitting[0] !== undefined) {
      createLink(source, target, fitting[0].type.id);
    } else {
      core.set({ linking: { source, target, typeIds: fitting.map((choice) => choice.type.id), only } });
    }
  }

  function choices(source: string, target: string): readonly LinkChoice[] {
    const { sample, ontology } = core.state;
    if (sample === null || ontology === null) return [];
    const [from, to] = [endFacts(sample, source), endFacts(sample, target)];
    return from === null || to === null ? [] : linkChoices(ontology, from, to);
  }

  function startLink(repeat = false): void {
    const { sample, selection } = core.state;
    const [chosen] = selection;
    const only = repeat ? lastType : null;
    const fits = selection.size === 1 && chosen !== undefined && sample !== null && endFacts(sample, chosen) !== null;
    core.set({ linking: { source: fits ? chosen : null, target: null, typeIds: [], only }, tool: "select" });
  }

  function chooseLinkType(index: number): void {
    const { linking } = core.state;
    const typeId = linking?.typeIds[index];
    if (linking?.source != null && linking.target !== null && typeId !== undefined) {
      createLink(linking.source, linking.target, typeId);
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

  function createLink(source: string, target: string, typeId: string): string | null {
    const { sample } = core.state;
    const choice = choices(source, target).find((entry) => entry.type.id === typeId);
    if (sample === null || choice === undefined || core.isInPast()) return null;
    const [first, second] = choice.reversed ? [target, source] : [source, target];
    const same = linksOf(sample, first).find(
      ({ record }) => record.type_id === typeId && record.source.id === first && record.target.id === second,
    );
    if (same !== undefined) {
      core.set({ linking: null, selection: new Set([same.record.id]) });
      core.notify("These two are already linked so");
      return same.record.id;
    }
    const { layer, ops } = core.ownLayer();
    const record: Link = {
      kind: "link",
      id: newId(),
      sample: sample.sample.record.id,
      layer,
      type_id: typeId,
      source: endAt(sample, first),
      target: endAt(sample, second),
    };
    lastType = typeId;
    core.set({ linking: null });
    core.edit(`Link ${typeId}`, [...ops, { op: "create", record }]);
    core.notify(`Linked, ${choice.type.name}`, { canUndo: true });
    return record.id;
  }

  function confirmLink(id: string): void {
    const { sample } = core.state;
    const link = sample?.links.get(id)?.record;
    if (sample === null || link === undefined || !isSuspect(link)) return;
    const missing = [link.source, link.target].some((end) => lookUp(sample, end.id) === undefined);
    if (missing) {
      core.notify("One end is gone: retarget or retract the link", { tone: "error" });
      return;
    }
    const { causes: _judgedAnew, ...rest } = link;
    const source = endAt(sample, link.source.id);
    core.update("Confirm link", [{ ...rest, source, target: endAt(sample, link.target.id) }]);
    core.notify("Link confirmed", { canUndo: true });
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

  return { pick, startLink, chooseLinkType, stepBack, createLink, confirmLink, acceptLink, retargetLink };
}

function endAt(sample: SampleData, id: string): Link["source"] {
  const judged = lookUp(sample, id)?.rev ?? "";
  return sample.entities.has(id) ? { id, judged, kind: "entity" } : { id, judged };
}
