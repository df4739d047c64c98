/** Sends waiting change sets in order, one at a time, and tries again while the server is away. */
import type { ChangeSet, Outcome } from "../model/changes";
import { ApiError } from "./api";
import type { OutboxStorage, Waiting } from "./outbox";

export interface SyncState {
  readonly state: "saved" | "sending" | "offline";
  readonly waiting: number;
}

export interface SenderPorts {
  readonly project: string;
  readonly storage: OutboxStorage;
  send(changeSet: ChangeSet): Promise<Outcome>;
  /** Called once for each change set, in order, after it left the outbox. */
  onOutcome(changeSet: ChangeSet, outcome: Outcome): void;
  onState(state: SyncState): void;
  /** Calls back after a delay; returns what cancels it. */
  later(work: () => void, delayMs: number): () => void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

export class Sender {
  readonly #ports: SenderPorts;
  #queue: Waiting[] = [];
  #place = 0;
  #busy = false;
  #failures = 0;
  #cancelRetry: (() => void) | null = null;
  #stopped = false;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
  }

  get waiting(): readonly ChangeSet[] {
    return this.#queue.map((entry) => entry.changeSet);
  }

  /** Takes up what an earlier page left behind. Call it before the first push. */
  async restore(): Promise<readonly ChangeSet[]> {
    this.#stopped = false;
    const left = await this.#ports.storage.all(this.#ports.project);
    const known = new Set(this.#queue.map((entry) => entry.changeSet.id));
    this.#queue = [...left.filter((entry) => !known.has(entry.changeSet.id)), ...this.#queue];
    this.#place = Math.max(this.#place, ...this.#queue.map((entry) => entry.place + 1));
    this.#report();
    void this.#drain();
    return this.waiting;
  }

  push(changeSet: ChangeSet): void {
    const entry = { project: this.#ports.project, place: this.#place, changeSet };
    this.#place += 1;
    this.#queue.push(entry);
    void this.#ports.storage.put(entry);
    this.#report();
    void this.#drain();
  }

  /** Rewrites change sets that still wait, for example because the record they build on got a new revision. */
  rewrite(change: (changeSet: ChangeSet) => ChangeSet): void {
    this.#queue = this.#queue.map((entry) => {
      const changeSet = change(entry.changeSet);
      if (changeSet === entry.changeSet) return entry;
      const next = { ...entry, changeSet };
      void this.#ports.storage.put(next);
      return next;
    });
  }

  /** Tries at once, for example because the browser says it is online again. */
  retryNow(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    void this.#drain();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry?.();
  }

  #report(): void {
    const waiting = this.#queue.length;
    const state = waiting === 0 ? "saved" : this.#failures > 0 ? "offline" : "sending";
    this.#ports.onState({ state, waiting });
  }

  async #drain(): Promise<void> {
    if (this.#busy || this.#cancelRetry !== null) return;
    this.#busy = true;
    try {
      for (let head = this.#queue[0]; head !== undefined && !this.#stopped; head = this.#queue[0]) {
        await this.#ports.storage.put(head);
        const outcome = await this.#attempt(this.#queue[0]?.changeSet ?? head.changeSet);
        if (outcome === null) return;
        await this.#ports.storage.remove(head.changeSet.id);
        const sent = this.#queue.shift();
        this.#failures = 0;
        if (sent !== undefined) this.#ports.onOutcome(sent.changeSet, outcome);
        this.#report();
      }
    } finally {
      this.#busy = false;
    }
  }

  /** null: the server was away, a retry is planned. */
  async #attempt(changeSet: ChangeSet): Promise<Outcome | null> {
    try {
      return await this.#ports.send(changeSet);
    } catch (error) {
      if (error instanceof ApiError && !error.isTemporary) {
        return { id: changeSet.id, state: "invalid", errors: [error.body] };
      }
      this.#failures += 1;
      const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(this.#failures - 1, 10));
      this.#cancelRetry = this.#ports.later(() => {
        this.#cancelRetry = null;
        void this.#drain();
      }, delay);
      this.#report();
      return null;
    }
  }
}
