/** What can be done with things: each is one change set and one undo step, and is said aloud. */
import { newId } from "../../base/ids";
import { goTo } from "../go_to";
import { counted, nameOf } from "../words";
import type { Workbench } from "../workbench";
import { conformOps, gatherOps, mergeOps, pointOps } from "./entity_edits";
import { fitOf } from "./entity_rows";

export function selectedEntities(bench: Workbench): readonly string[] {
  const { sample, selection } = bench.store.getState();
  return [...selection].filter((id) => sample?.entities.has(id));
}

export function selectedAnnotations(bench: Workbench): readonly string[] {
  const { sample, selection } = bench.store.getState();
  return [...selection].filter((id) => sample?.annotations.has(id));
}

/** The things selected become the first of them. */
export function mergeSelected(bench: Workbench): void {
  const { store } = bench;
  const ids = selectedEntities(bench);
  const [kept] = ids;
  const { sample } = store.getState();
  if (sample === null || kept === undefined || ids.length < 2) {
    store.actions.notify("Select two or more entities in the list, then merge them");
    return;
  }
  const into = nameOf(store.getState(), kept);
  store.actions.edit(`Merge ${ids.length} entities`, mergeOps(sample, ids));
  store.actions.select([kept]);
  said(bench, `Merged ${ids.length} entities into ${into}${fitWords(bench, kept)}`);
}

/** The selected annotations become mentions of one thing: of the thing selected beside them, else of a new one. */
export function gatherSelected(bench: Workbench): void {
  const { store } = bench;
  const { sample, ontology, layers, actor } = store.getState();
  const mentions = selectedAnnotations(bench);
  const [first] = mentions;
  const [thing = onlyEntityOf(bench, mentions), another] = selectedEntities(bench);
  if (sample === null || first === undefined) {
    store.actions.notify("Select annotations first: they become mentions of one entity");
    return;
  }
  if (another !== undefined) {
    store.actions.notify("More than one entity is selected: merge them first");
    return;
  }
  if (thing !== undefined) {
    store.actions.edit("Add mentions", pointOps(sample, mentions, thing));
    said(
      bench,
      `${counted(mentions.length, "mention")} of ${nameOf(store.getState(), thing)}${fitWords(bench, thing)}`,
    );
    store.actions.select([thing]);
    return;
  }
  const own = [...layers.values()].find(
    (layer) => layer.actor === actor && (layer.layer_kind ?? "person") === "person",
  );
  const layer = own?.id ?? sample.annotations.get(first)?.record.layer ?? "";
  const quote = mentions.map((id) => sample.annotations.get(id)?.record.region).find((at) => at?.type === "text_span");
  const made = { id: newId(), layer, ...(quote?.type === "text_span" ? { name: quote.quote } : {}) };
  store.actions.edit("Make an entity", gatherOps(sample, ontology, mentions, made));
  said(bench, `Made an entity with ${counted(mentions.length, "mention")}${fitWords(bench, made.id)}`);
  store.actions.select([made.id]);
}

/** The one entity that some of the annotations speak of already, while others speak of none. */
function onlyEntityOf(bench: Workbench, ids: readonly string[]): string | undefined {
  const { sample } = bench.store.getState();
  const entities = ids.map((id) => sample?.annotations.get(id)?.record.entity ?? null);
  const known = new Set(entities.filter((entity) => entity !== null));
  return known.size === 1 && entities.includes(null) ? [...known][0] : undefined;
}

/** The selected mentions leave their things and become one of their own. */
export function splitSelected(bench: Workbench): void {
  const { store } = bench;
  const { sample, ontology } = store.getState();
  if (sample === null) return;
  const mentions = selectedAnnotations(bench).filter((id) => sample.annotations.get(id)?.record.entity != null);
  const [first] = mentions;
  const from = sample.entities.get(sample.annotations.get(first ?? "")?.record.entity ?? "")?.record;
  if (from === undefined) {
    store.actions.notify("Select a mention of an entity first: it is taken out into a new one");
    return;
  }
  const made = { id: newId(), layer: from.layer };
  store.actions.edit("Split an entity", gatherOps(sample, ontology, mentions, made));
  said(bench, `Took ${counted(mentions.length, "mention")} out of ${from.name || "the entity"}`);
  goTo(bench, [made.id]);
}

export function renameEntity(bench: Workbench, id: string, name: string): void {
  const { store } = bench;
  const record = store.getState().sample?.entities.get(id)?.record;
  if (record === undefined || (record.name ?? "") === name) return;
  const { name: _before, ...rest } = record;
  store.actions.update("Rename an entity", [name === "" ? rest : { ...rest, name }]);
  bench.announce(name === "" ? "The name is gone" : `Renamed to ${name}`);
}

export function changeClass(bench: Workbench, ids: readonly string[], classId: string): void {
  bench.store.actions.setClass(ids, classId);
  const [id] = ids;
  const fits = id === undefined ? "" : fitWords(bench, id);
  if (fits !== "") said(bench, `Class changed${fits}`);
}

/** Gives mentions the class of their thing. */
export function conform(bench: Workbench, id: string, mentionIds: readonly string[]): void {
  const { sample } = bench.store.getState();
  const entity = sample?.entities.get(id)?.record;
  if (sample === null || entity === undefined) return;
  bench.store.actions.edit("Give mentions the class of their entity", conformOps(sample, entity.class_id, mentionIds));
  said(bench, `${counted(mentionIds.length, "mention")} took the class of the entity`);
}

/** Mentions of a thing that goes stay, as mentions of nothing. */
export function removeEntities(bench: Workbench, ids: readonly string[]): void {
  const { store } = bench;
  const { sample } = store.getState();
  if (sample === null || ids.length === 0) return;
  const gone = new Set(ids);
  const mentions = [...sample.annotations.values()].filter(({ record }) => gone.has(record.entity ?? ""));
  store.actions.edit("Delete an entity", [
    ...pointOps(
      sample,
      mentions.map(({ record }) => record.id),
      null,
    ),
    ...ids.flatMap((id) => {
      const head = sample.entities.get(id);
      return head === undefined ? [] : [{ op: "delete" as const, kind: "entity" as const, id, base: head.rev }];
    }),
  ]);
  said(bench, `Deleted ${counted(ids.length, "entity")}; the mentions stay`);
}

/** "; 2 mentions contradict its class", empty when all conform. */
function fitWords(bench: Workbench, id: string): string {
  const { sample, ontology } = bench.store.getState();
  const entity = sample?.entities.get(id)?.record;
  if (sample === null || entity === undefined) return "";
  const mentions = [...sample.annotations.values()].flatMap(({ record }) => (record.entity === id ? [record] : []));
  const { coarser, contrary } = fitOf(ontology, entity.class_id, mentions);
  return [
    contrary.length === 0 ? "" : `; ${counted(contrary.length, "mention")} of another class`,
    coarser.length === 0 ? "" : `; ${counted(coarser.length, "mention")} of a coarser class`,
  ].join("");
}

function said(bench: Workbench, text: string): void {
  bench.store.actions.notify(text, { canUndo: true });
}
