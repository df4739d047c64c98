/** Edits of annotations, entities and the sample: each one gesture, one undo step. */
import { newId } from "../base/ids";
import type { Op } from "../model/changes";
import type { Annotation, AnyRecord, Region, SampleState } from "../model/records";
import type { NewAnnotation, WorkspaceActions } from "./actions";
import type { Core } from "./core";
import { classesFor } from "./ontology";

type Names = "createAnnotation" | "updateRegion" | "setClass" | "remove" | "setSampleState";

export function editing(core: Core): Pick<WorkspaceActions, Names> {
  function createAnnotation(made: NewAnnotation): string {
    const { sample, ontology, activeClass } = core.state;
    const id = newId();
    if (sample === null || core.isInPast()) return id;
    const allowed = classesFor(ontology, made.region.type);
    const active = allowed.find((entry) => entry.id === activeClass) ?? allowed[0];
    const classId = made.classId ?? active?.id ?? activeClass;
    const { layer, ops } = core.ownLayer();
    const record: Annotation = {
      kind: "annotation",
      id,
      sample: sample.sample.record.id,
      stream: made.stream,
      layer,
      class_id: classId,
      region: made.region,
      ...(made.at_ns === undefined ? {} : { at_ns: made.at_ns }),
      ...(made.index === undefined ? {} : { index: made.index }),
      ...(made.text === undefined ? {} : { text: made.text }),
    };
    core.edit(`Draw ${made.region.type.replace("_", " ")}`, [...ops, { op: "create", record }]);
    core.set({ selection: new Set([id]) });
    return id;
  }

  function updateRegion(id: string, region: Region): void {
    const head = core.state.sample?.annotations.get(id);
    if (head !== undefined) core.update("Change region", [{ ...head.record, region }]);
  }

  function setClass(ids: Iterable<string>, classId: string): void {
    const { sample } = core.state;
    if (sample === null) return;
    const records: AnyRecord[] = [];
    for (const id of ids) {
      const record = sample.annotations.get(id)?.record ?? sample.entities.get(id)?.record;
      if (record !== undefined && record.class_id !== classId) records.push({ ...record, class_id: classId });
    }
    core.update("Change class", records);
    core.set({ activeClass: classId });
  }

  function remove(ids: Iterable<string>): void {
    const { sample } = core.state;
    if (sample === null) return;
    const ops: Op[] = [];
    for (const id of ids) {
      const head = sample.annotations.get(id) ?? sample.links.get(id) ?? sample.entities.get(id);
      if (head !== undefined) ops.push({ op: "delete", kind: head.record.kind, id, base: head.rev });
    }
    if (ops.length === 0) return;
    core.edit("Delete", ops);
    core.notify(ops.length === 1 ? "Deleted" : `Deleted ${ops.length}`, { canUndo: true });
  }

  function setSampleState(state: SampleState): void {
    const { sample } = core.state;
    if (sample !== null) core.update("Change the sample's state", [{ ...sample.sample.record, state }]);
  }

  return { createAnnotation, updateRegion, setClass, remove, setSampleState };
}
