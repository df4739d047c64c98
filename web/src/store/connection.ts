/** Brings store and server together: loads a sample, sends what waits, follows live events. */
import type { ChangeSet, CommitEvent, SampleView } from "../model/changes";
import { type Api, ApiError } from "./api";
import type { OutboxStorage } from "./outbox";
import { Sender } from "./sender";
import type { WorkspaceStore } from "./workspace";

/** The part of EventSource that is needed. */
export interface EventFeed {
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface ConnectionPorts {
  readonly store: WorkspaceStore;
  readonly api: Api;
  readonly storage: OutboxStorage;
  openEvents(url: string): EventFeed;
  later(work: () => void, delayMs: number): () => void;
}

const FRESH_TRIES = 3;

export class Connection {
  readonly #ports: ConnectionPorts;
  readonly #sender: Sender;
  readonly #ownSets = new Set<string>();
  #events: EventFeed | null = null;
  #key: string | null = null;
  #loadedSeq = 0;
  #refreshing: Promise<void> | null = null;

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
    const { store, api } = ports;
    this.#sender = new Sender({
      project: api.project,
      storage: ports.storage,
      send: async (changeSet) => {
        const { outcomes } = await api.send([changeSet]);
        const [outcome] = outcomes;
        if (outcome === undefined) throw new ApiError(500, noOutcome());
        return outcome;
      },
      onOutcome: (changeSet, outcome) => store.feed.settle(changeSet, outcome),
      onState: (sync) => store.feed.setSync(sync),
      later: ports.later,
    });
    store.feed.connect(
      (changeSet: ChangeSet) => {
        this.#ownSets.add(changeSet.id);
        this.#sender.push(changeSet);
      },
      (change) => this.#sender.rewrite(change),
    );
  }

  /** Shows a sample; what an earlier page could not send is sent first of all. */
  async open(key: string): Promise<void> {
    const { store, api } = this.#ports;
    this.#key = key;
    for (const set of await this.#sender.restore()) this.#ownSets.add(set.id);
    const [session, layers, ontology, view] = await Promise.all([
      api.session(),
      api.layers(),
      api.ontology(),
      api.sample(key),
    ]);
    if (this.#key !== key) return;
    store.feed.setLayers(
      layers.items.map((row) => row.record),
      session.actor,
    );
    store.feed.setOntology(ontology.record);
    this.#load(view);
    this.#follow(view.seq);
  }

  retryNow(): void {
    this.#sender.retryNow();
  }

  close(): void {
    this.#key = null;
    this.#events?.close();
    this.#sender.stop();
    this.#ports.store.feed.close();
  }

  #load(view: SampleView): void {
    this.#loadedSeq = view.seq;
    this.#ports.store.feed.load(view, this.#sender.waiting);
  }

  #follow(after: number): void {
    this.#events?.close();
    const events = this.#ports.openEvents(this.#ports.api.eventsUrl(after));
    this.#events = events;
    events.addEventListener("commit", ({ data }) => this.#onCommit(JSON.parse(data) as CommitEvent));
    events.addEventListener("findings", ({ data }) => {
      const { sample } = JSON.parse(data) as { sample: string };
      if (sample === this.#sampleId) void this.#refreshFindings(sample);
    });
    events.addEventListener("open", () => this.#sender.retryNow());
  }

  get #sampleId(): string | undefined {
    return this.#ports.store.getState().sample?.sample.record.id;
  }

  #onCommit(event: CommitEvent): void {
    const here = this.#sampleId !== undefined && event.samples.includes(this.#sampleId);
    if (event.kinds.includes("ontology")) void this.#refreshOntology();
    if (!here || this.#ownSets.has(event.commit) || event.seq <= this.#loadedSeq) return;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
  }

  /** Reads again until the answer is not older than what was acknowledged meanwhile. */
  async #refresh(): Promise<void> {
    const key = this.#key;
    for (let turn = 0; turn < FRESH_TRIES && key !== null; turn += 1) {
      const view = await this.#ports.api.sample(key).catch(() => null);
      if (view === null || this.#key !== key) return;
      if (view.seq >= (this.#ports.store.getState().sample?.seq ?? 0)) {
        this.#load(view);
        return;
      }
    }
  }

  async #refreshOntology(): Promise<void> {
    const ontology = await this.#ports.api.ontology().catch(() => null);
    if (ontology !== null) this.#ports.store.feed.setOntology(ontology.record);
  }

  async #refreshFindings(sample: string): Promise<void> {
    const page = await this.#ports.api.findings(sample).catch(() => null);
    if (page !== null && sample === this.#sampleId) this.#ports.store.feed.setFindings(page.items);
  }
}

function noOutcome() {
  return { code: "no_outcome", message: "The server answered without an outcome", where: "", hint: "" };
}
