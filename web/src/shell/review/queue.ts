/** The queue of review: what a source puts into it, and how far one is. Pure. A new kind of work is one more source. */
import type { SampleSummary } from "../../model/changes";
import type { WorkspaceState, WorkspaceStore } from "../../store/workspace";
import type { IconName } from "../icons";

export type Decision = "accept" | "reject";

export interface QueueItem {
  /** Stays the same as long as it is the same work. */
  readonly key: string;
  readonly source: string;
  readonly title: string;
  /** What is selected and shown with it. */
  readonly ids: readonly string[];
  /** The stream and its media time where it is, when it has one. */
  readonly at?: { readonly stream: string; readonly at_ns: number } | null;
}

/** What became of a verdict: given, a reason is asked for first, or refused. */
export type Settled = "done" | "needs_note" | "refused";

/** A kind of work: suspects, findings, samples; disagreements and gold items come as further ones. */
export interface QueueSource {
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  /** What the letters A and R do. */
  readonly verdicts: Readonly<Record<Decision, string>>;
  /** How many of them a sample has that is not open. */
  countOf(summary: SampleSummary): number;
  /** Those of the open sample, in the order in which they are worked through. */
  itemsOf(state: WorkspaceState): readonly QueueItem[];
  settle(store: WorkspaceStore, item: QueueItem, decision: Decision, note: string): Settled;
}

/** A sample that waits, with how many items it had when it was counted. */
export interface Waiting {
  readonly key: string;
  readonly count: number;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export function openItems(
  sources: readonly QueueSource[],
  state: WorkspaceState,
  passed: ReadonlySet<string>,
): readonly QueueItem[] {
  if (state.sample === null) return [];
  return sources.flatMap((source) => source.itemsOf(state)).filter(({ key }) => !passed.has(key));
}

/** `done` verdicts and skips so far; what is open here and in the samples that wait makes up the rest. */
export function progressOf(done: number, openHere: number, waiting: readonly Waiting[]): Progress {
  return { done, total: done + openHere + waiting.reduce((sum, { count }) => sum + count, 0) };
}

/** The one after `key`, else the first: what was there is settled by then. `before` is the list in which `key` stood. */
export function nextItem(
  before: readonly QueueItem[],
  open: readonly QueueItem[],
  key: string | null,
): QueueItem | null {
  const place = before.findIndex((item) => item.key === key);
  const later = new Set(before.slice(place + 1).map((item) => item.key));
  return open.find((item) => item.key !== key && later.has(item.key)) ?? open.find((item) => item.key !== key) ?? null;
}

/** Samples of a project that have something for these sources, without the one that is open. */
export function waitingIn(
  summaries: readonly SampleSummary[],
  sources: readonly QueueSource[],
  openKey: string,
): readonly Waiting[] {
  return summaries
    .map((summary) => ({ key: summary.key, count: sources.reduce((sum, source) => sum + source.countOf(summary), 0) }))
    .filter(({ key, count }) => count > 0 && key !== openKey);
}
