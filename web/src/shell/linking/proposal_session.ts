/** Working through proposals: one in hand, accepted or dismissed with a key, then the next. */
import { newId } from "../../base/ids";
import type { Proposal } from "../../model/proposals";
import type { WorkspaceStore } from "../../store/workspace";
import { type Proposed, standing } from "./proposed";

export interface ProposalParts {
  readonly store: WorkspaceStore;
  /** The server's suggestions for a sample. */
  ask(sample: string): Promise<readonly Proposal[]>;
  announce(text: string): void;
}

export class ProposalSession {
  readonly #parts: ProposalParts;
  readonly #listeners = new Set<() => void>();
  #suggested: readonly Proposal[] = [];
  #askedFor = "";
  #revision = 0;
  #current: string | null = null;
  #known: { readonly sample: unknown; readonly suggested: unknown; readonly rows: readonly Proposed[] } | null = null;

  constructor(parts: ProposalParts) {
    this.#parts = parts;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Best first; the same array until something changes. */
  standing(): readonly Proposed[] {
    const { sample } = this.#parts.store.getState();
    if (this.#known?.sample !== sample || this.#known.suggested !== this.#suggested) {
      this.#known = { sample, suggested: this.#suggested, rows: standing(sample, this.#suggested) };
    }
    return this.#known.rows;
  }

  get current(): Proposed | null {
    return this.standing().find(({ fingerprint }) => fingerprint === this.#current) ?? null;
  }

  /** Asks again where the sample has changed since. A failure leaves what is known: proposals are a help, no work. */
  async refresh(): Promise<void> {
    const { sample } = this.#parts.store.getState();
    if (sample === null) return;
    const state = `${sample.sample.record.id}@${sample.seq}`;
    if (state === this.#askedFor) return;
    try {
      const suggested = await this.#parts.ask(sample.sample.record.id);
      this.#askedFor = state;
      this.#suggested = suggested;
    } catch {
      return;
    }
    this.#changed();
  }

  /** Takes the next one in hand: selects its ends and brings them into view. */
  async next(): Promise<void> {
    await this.refresh();
    this.#step();
  }

  focus(fingerprint: string | null): void {
    this.#current = fingerprint;
    const one = this.current;
    if (one !== null) {
      const { actions } = this.#parts.store;
      actions.select([one.source, one.target]);
      actions.reveal(one.source);
      actions.reveal(one.target);
      this.#parts.announce(`Proposal: ${one.reason}`);
    }
    this.#changed();
  }

  accept(): void {
    const [one, isInHand] = this.#chosen();
    if (one === null) return;
    const after = this.#after(one);
    const { actions } = this.#parts.store;
    if (one.link !== null) actions.acceptLink(one.link);
    else {
      const reason = `Accept proposal: ${one.reason}`.slice(0, 400);
      actions.createLink(one.source, one.target, one.type_id, {
        reason,
        ...(one.score === null ? {} : { score: one.score }),
      });
    }
    if (isInHand) this.focus(after);
    this.#changed();
  }

  dismiss(): void {
    const [one, isInHand] = this.#chosen();
    const { sample } = this.#parts.store.getState();
    if (one === null || sample === null) return;
    const after = this.#after(one);
    const { actions } = this.#parts.store;
    actions.edit("Dismiss proposal", [
      {
        op: "create",
        record: {
          kind: "verdict",
          id: newId(),
          sample: sample.sample.record.id,
          fingerprint: one.fingerprint,
          decision: "not_an_error",
          reason: `Proposal dismissed: ${one.reason}`.slice(0, 400),
        },
      },
    ]);
    actions.notify("Proposal dismissed", { canUndo: true });
    if (isInHand) this.focus(after);
    this.#changed();
  }

  /** The one in hand, else the best one at something that is selected. */
  #chosen(): readonly [Proposed | null, boolean] {
    const inHand = this.current;
    if (inHand !== null) return [inHand, true];
    const { selection } = this.#parts.store.getState();
    const found = this.standing().find(
      (one) => selection.has(one.source) || selection.has(one.target) || (one.link !== null && selection.has(one.link)),
    );
    if (found === undefined) this.#parts.store.actions.notify("No proposal is in hand: take the next one with ;");
    return [found ?? null, false];
  }

  #step(): void {
    const rows = this.standing();
    const at = rows.findIndex(({ fingerprint }) => fingerprint === this.#current);
    const next = rows[(at + 1) % Math.max(1, rows.length)];
    if (next === undefined) this.#parts.store.actions.notify("No link is proposed");
    this.focus(next?.fingerprint ?? null);
  }

  /** Who comes after one that is about to go; null at the end of the list. */
  #after(one: Proposed): string | null {
    const rows = this.standing();
    const at = rows.findIndex(({ fingerprint }) => fingerprint === one.fingerprint);
    return rows[at + 1]?.fingerprint ?? null;
  }

  /** Grows with every change of the session's own. */
  get revision(): number {
    return this.#revision;
  }

  #changed(): void {
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
  }
}
