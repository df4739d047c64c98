/** Review mode of a project: one item after another, also across samples. It outlives the sample that is open. */
import { goTo } from "../go_to";
import { go, pathOf } from "../route";
import { showSide } from "../side/side_tab";
import type { Workbench } from "../workbench";
import { type Judged, judgedState, neededFor, otherShapes } from "./before";
import {
  type Decision,
  nextItem,
  openItems,
  type Progress,
  progressOf,
  type QueueItem,
  type QueueSource,
  type Waiting,
  waitingIn,
} from "./queue";
import { SOURCES } from "./sources";

export interface ReviewState {
  readonly isOn: boolean;
  /** Single letters edit again, until review goes on. */
  readonly isPaused: boolean;
  readonly sources: ReadonlySet<string>;
  readonly at: QueueItem | null;
  readonly waiting: readonly Waiting[];
  readonly done: number;
  readonly passed: ReadonlySet<string>;
  /** What the suspect at hand was judged on; null while it is fetched, or when nothing is known. */
  readonly judged: Judged | null;
  /** Grows when the note is asked for; 0 when an item comes on. */
  readonly asksNote: number;
}

const OFF: ReviewState = {
  isOn: false,
  isPaused: false,
  sources: new Set(SOURCES.map(({ id }) => id)),
  at: null,
  waiting: [],
  done: 0,
  passed: new Set(),
  judged: null,
  asksNote: 0,
};

export class ReviewSession {
  readonly #listeners = new Set<() => void>();
  #state = OFF;

  get state(): ReviewState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #set(part: Partial<ReviewState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener();
  }

  get chosen(): readonly QueueSource[] {
    return SOURCES.filter(({ id }) => this.#state.sources.has(id));
  }

  open(bench: Workbench): readonly QueueItem[] {
    return openItems(this.chosen, bench.store.getState(), this.#state.passed);
  }

  progress(bench: Workbench): Progress {
    return progressOf(this.#state.done, this.open(bench).length, this.#state.waiting);
  }

  /** Begins with the open sample and counts what waits in the others. */
  async start(bench: Workbench): Promise<void> {
    this.#set({ ...OFF, isOn: true, sources: this.#state.sources });
    showSide("review");
    this.arrive(bench);
    await this.#count(bench);
  }

  async #count(bench: Workbench): Promise<void> {
    const summaries = [];
    let after: string | undefined;
    try {
      do {
        const page = await bench.api.samples({ limit: 500, after });
        summaries.push(...page.items);
        after = page.next ?? undefined;
      } while (after !== undefined);
    } catch {
      bench.store.actions.notify("What waits in other samples could not be counted", { tone: "error" });
      return;
    }
    if (!this.#state.isOn) return;
    this.#set({ waiting: waitingIn(summaries, this.chosen, bench.sampleKey) });
    if (this.#state.at === null) this.#onward(bench, [], null);
  }

  stop(bench: Workbench): void {
    this.#leaveItem(bench);
    this.#set({ isOn: false, isPaused: false, at: null, judged: null });
    bench.store.actions.setReviewing(false);
    bench.announce("Review is over");
  }

  toggle(bench: Workbench): void {
    if (!this.#state.isOn) void this.start(bench);
    else if (this.#state.isPaused) this.arrive(bench);
    else this.stop(bench);
  }

  chooseSource(bench: Workbench, id: string, isOn: boolean): void {
    const sources = new Set(this.#state.sources);
    if (isOn) sources.add(id);
    else sources.delete(id);
    this.#set({ sources });
    if (this.#state.isOn) void this.start(bench);
  }

  /** A sample is open while review goes on: its first item, or on to the next sample. */
  arrive(bench: Workbench): void {
    if (!this.#state.isOn || bench.store.getState().sample === null) return;
    bench.store.actions.setReviewing(true);
    this.#set({ isPaused: false, waiting: this.#state.waiting.filter(({ key }) => key !== bench.sampleKey) });
    const open = this.open(bench);
    const again = open.find(({ key }) => key === this.#state.at?.key) ?? open[0];
    if (again === undefined) this.#onward(bench, [], null);
    else this.show(bench, again);
  }

  show(bench: Workbench, item: QueueItem): void {
    this.#leaveItem(bench);
    this.#set({ at: item, judged: null, asksNote: 0 });
    if (item.at != null) bench.playhead.seek(bench.playhead.toTimeline(item.at.stream, item.at.at_ns));
    goTo(bench, item.ids);
    const { done, total } = this.progress(bench);
    bench.announce(`${done + 1} of ${total}: ${item.title}`);
    if (item.source === "suspects") void this.#fetchJudged(bench, item);
  }

  async #fetchJudged(bench: Workbench, item: QueueItem): Promise<void> {
    const { sample } = bench.store.getState();
    const link = sample?.links.get(item.ids[0] ?? "")?.record;
    if (sample === null || link === undefined) return;
    const past = await Promise.all(
      neededFor(sample, link).map(async (id) => [id, (await bench.api.revisions(id)).items] as const),
    ).catch(() => null);
    const { sample: now, past: inPast } = bench.store.getState();
    if (past === null || now === null || inPast !== null || this.#state.at?.key !== item.key) return;
    const judged = judgedState(now, link, new Map(past));
    this.#set({ judged });
    bench.store.actions.setGhosts(otherShapes(judged.records, "now"));
  }

  /** The judged state and the present one by turns. */
  blink(bench: Workbench): void {
    const { judged } = this.#state;
    const { actions } = bench.store;
    if (bench.store.getState().past !== null) {
      actions.showPast(null);
      actions.setGhosts(judged === null ? [] : otherShapes(judged.records, "now"));
      bench.announce("Now");
      return;
    }
    if (judged === null) {
      actions.notify("There is no earlier state to compare with");
      return;
    }
    actions.showPast({ data: judged.before, title: "Before: as it was judged", look: "blink" });
    actions.setGhosts(otherShapes(judged.records, "before"));
    bench.announce("Before: as it was judged");
  }

  verdict(bench: Workbench, decision: Decision, note = ""): void {
    const item = this.#state.at;
    const source = SOURCES.find(({ id }) => id === item?.source);
    if (item === null || source === undefined) {
      bench.store.actions.notify("The queue is empty");
      return;
    }
    bench.store.actions.showPast(null);
    const before = this.open(bench);
    const settled = source.settle(bench.store, item, decision, note.trim());
    if (settled === "needs_note") this.askNote(bench);
    if (settled !== "done") return;
    this.#set({ done: this.#state.done + 1 });
    this.#onward(bench, before, item.key);
  }

  skip(bench: Workbench): void {
    const item = this.#state.at;
    if (item === null) return;
    const before = this.open(bench);
    this.#set({ done: this.#state.done + 1, passed: new Set([...this.#state.passed, item.key]) });
    this.#onward(bench, before, item.key);
  }

  /** Out of review for a moment: the letters draw and link again, with the item selected. */
  edit(bench: Workbench): void {
    const item = this.#state.at;
    this.#leaveItem(bench);
    this.#set({ isPaused: true });
    bench.store.actions.setReviewing(false);
    if (item !== null) goTo(bench, item.ids);
    bench.announce("Editing. Shift+V goes on with the review");
  }

  askNote(bench: Workbench): void {
    showSide("review");
    this.#set({ asksNote: this.#state.asksNote + 1 });
    bench.announce("Write a note, then Enter");
  }

  #leaveItem(bench: Workbench): void {
    bench.store.actions.showPast(null);
    bench.store.actions.setGhosts([]);
  }

  #onward(bench: Workbench, before: readonly QueueItem[], key: string | null): void {
    const next = nextItem(before, this.open(bench), key);
    if (next !== null) {
      this.show(bench, next);
      return;
    }
    this.#leaveItem(bench);
    this.#set({ at: null, judged: null });
    const [sample, ...rest] = this.#state.waiting;
    if (sample === undefined) {
      bench.announce("The queue is empty");
      return;
    }
    this.#set({ waiting: rest });
    showSide("review");
    bench.announce(`Next sample: ${sample.key}`);
    go(pathOf({ page: "sample", project: bench.project, sample: sample.key }));
  }
}

const sessions = new Map<string, ReviewSession>();

export function reviewOf(project: string): ReviewSession {
  const known = sessions.get(project) ?? new ReviewSession();
  sessions.set(project, known);
  return known;
}
