/** The acts of history: look at a past state, compare, restore, take one commit back. Each edit is one undo step. */
import type { Commit, RecordDiff } from "../../model/changes";
import type { AnyRecord } from "../../model/records";
import { fromView, lookUp, type SampleData } from "../../store/sample";
import type { Past } from "../../store/workspace";
import { counted, timeOf } from "../words";
import type { Workbench } from "../workbench";
import { differences, ghostsOf, opsFor, restoreOps, takeBackOps } from "./differences";
import { dayOf } from "./groups";

/** Two states beside each other. */
export interface Comparison {
  readonly title: string;
  /** The state that is not in the panes, whose shapes are dashed. */
  readonly dashed: string;
  readonly records: readonly RecordDiff[];
}

/** "today 10:41, commit 12 by ana". */
export function momentWords(commit: Commit): string {
  return `${dayOf(commit.at_ns, Date.now()).toLowerCase()} ${timeOf(commit.at_ns)}, after commit ${commit.seq} by ${commit.actor}`;
}

export async function pastOf(bench: Workbench, commit: Commit): Promise<Past> {
  const view = await bench.api.sample(bench.sampleKey, commit.seq);
  return { data: fromView(view), title: `As it was ${momentWords(commit)}`, look: "visit", seq: commit.seq };
}

/** Shows the sample as it was after a commit, in place; the selection and the playhead stay. */
export async function look(bench: Workbench, commit: Commit): Promise<void> {
  const { actions } = bench.store;
  try {
    const past = await pastOf(bench, commit);
    actions.setGhosts([]);
    actions.showPast(past);
    bench.announce(`${past.title}, read only. Escape leads back to now`);
  } catch (error) {
    actions.notify(`This state could not be read: ${reasonOf(error)}`, { tone: "error" });
  }
}

export function backToNow(bench: Workbench): void {
  bench.store.actions.showPast(null);
  bench.store.actions.setGhosts([]);
  bench.announce("The present is shown");
}

/** From the state after `from` to the state that is shown: the present, or the past under the banner. */
export async function compare(bench: Workbench, from: Commit): Promise<Comparison | null> {
  const { actions } = bench.store;
  try {
    const before = await pastOf(bench, from);
    const { sample, past } = bench.store.getState();
    if (sample === null) return null;
    const isAhead = isLater(before.seq, past?.seq);
    const records = isAhead ? differences(sample, before.data) : differences(before.data, sample);
    actions.setGhosts(ghostsOf(records, isAhead ? "after" : "before"));
    const title = `Commit ${from.seq} beside ${past?.seq === undefined ? "now" : `commit ${past.seq}`}`;
    bench.announce(`${title}: ${differWords(records.length)}`);
    return { title, dashed: `commit ${from.seq}`, records };
  } catch (error) {
    actions.notify(`These states could not be compared: ${reasonOf(error)}`, { tone: "error" });
    return null;
  }
}

function isLater(seq: number | undefined, than: number | undefined): boolean {
  return seq !== undefined && than !== undefined && seq > than;
}

export function differWords(count: number): string {
  return count === 0 ? "nothing differs" : `${counted(count, "record")} ${count === 1 ? "differs" : "differ"}`;
}

/** The sample becomes again what `past` is. */
export function restoreSample(bench: Workbench, past: Past): void {
  const { actions } = bench.store;
  actions.showPast(null);
  actions.setGhosts([]);
  const { sample } = bench.store.getState();
  if (sample === null) return;
  const ops = restoreOps(past.data, sample);
  if (ops.length === 0) {
    actions.notify("The sample is as it was then already");
    return;
  }
  actions.edit(past.seq === undefined ? "Restore" : `Restore commit ${past.seq}`, ops, "restore");
  actions.notify(`Restored, ${counted(ops.length, "record")} changed`, { canUndo: true });
  bench.announce(`Restored: ${past.title}`);
}

/** One record becomes again what it was; null: it goes. */
export function restoreRecord(bench: Workbench, kind: AnyRecord["kind"], id: string, record: AnyRecord | null): void {
  const { actions } = bench.store;
  backToNow(bench);
  const { sample } = bench.store.getState();
  const ops = sample === null ? [] : opsFor(sample, [{ kind, id, record }]);
  if (ops.length === 0) {
    actions.notify("It is as it was then already");
    return;
  }
  actions.edit("Restore a record", ops, "restore");
  actions.notify("Restored", { canUndo: true });
}

/** Takes one commit back where nobody has changed its records since. */
export async function takeBack(bench: Workbench, commit: Commit): Promise<void> {
  const { actions } = bench.store;
  backToNow(bench);
  try {
    const sampleId = bench.store.getState().sample?.sample.record.id;
    if (sampleId === undefined) return;
    const { records } = await bench.api.diff(commit.seq - 1, commit.seq, sampleId);
    const own = new Set(commit.changes.filter((change) => !change.derived).map(({ id }) => id));
    const { sample } = bench.store.getState();
    if (sample === null) return;
    const changes = records.filter(({ id }) => own.has(id));
    const { ops, left } = takeBackOps(sample, changes);
    if (ops.length === 0) {
      actions.notify(
        left > 0 ? "Its records were changed since, so it was not taken back" : "There is nothing to take back",
      );
      return;
    }
    actions.edit(`Take back commit ${commit.seq}`, ops, "restore");
    const rest =
      left === 0 ? "" : `; ${counted(left, "record")} changed since ${left === 1 ? "was" : "were"} left alone`;
    actions.notify(`Taken back${rest}`, { canUndo: true });
  } catch (error) {
    actions.notify(`It could not be taken back: ${reasonOf(error)}`, { tone: "error" });
  }
}

/** The record in the state that is shown, if it is there. */
export function isShown(sample: SampleData | null, id: string): boolean {
  return sample !== null && lookUp(sample, id) !== undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
