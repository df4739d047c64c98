/** Synchronising one stream with the rest: hold it, mark the same event, look at the residuals, try, apply. */
import type { ClockMap, Stream } from "../../model/records";
import type { Playhead } from "../../playhead/playhead";
import { type AlignmentView, type AlignRequest, align, type Method } from "../../store/aligning";
import type { Api } from "../../store/api";
import type { WorkspaceStore } from "../../store/workspace";

/** The same event on both clocks: media time of the stream, time on the timeline. */
export interface Mark {
  readonly media_ns: number;
  readonly reference_ns: number;
}

export interface SyncState {
  readonly isOpen: boolean;
  readonly stream: string;
  /** Stream to listen to or compare with; "" when there is no other. */
  readonly reference: string;
  readonly isHeld: boolean;
  readonly marks: readonly Mark[];
  /** What is being computed, "" for nothing. */
  readonly busy: string;
  readonly proposal: AlignmentView | null;
  readonly isTrying: boolean;
  readonly problem: string;
}

const CLOSED: SyncState = {
  isOpen: false,
  stream: "",
  reference: "",
  isHeld: false,
  marks: [],
  busy: "",
  proposal: null,
  isTrying: false,
  problem: "",
};

export interface SyncParts {
  readonly store: WorkspaceStore;
  readonly playhead: Playhead;
  readonly api: Api;
  announce(text: string): void;
}

export class SyncSession {
  readonly #parts: SyncParts;
  readonly #listeners = new Set<() => void>();
  #state = CLOSED;
  #asked = 0;

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  get state(): SyncState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Streams that have a time of their own. */
  get streams(): readonly Stream[] {
    const streams = [...(this.#parts.store.getState().sample?.streams.values() ?? [])].map(({ record }) => record);
    return streams.filter(({ modality, readings }) => modality !== "text" && (modality !== "image" || readings));
  }

  /** Opens on the stream of the selection when there is one, else on the second stream: the first leads. */
  open(): void {
    const { sample, selection } = this.#parts.store.getState();
    const streams = this.streams;
    if (streams.length < 2) {
      this.#parts.store.actions.notify("This sample has no two streams to synchronise");
      return;
    }
    const [id] = selection;
    const chosen = streams.find((stream) => stream.id === sample?.annotations.get(id ?? "")?.record.stream);
    this.#set({ ...CLOSED, isOpen: true });
    this.chooseStream((chosen ?? streams[1])?.id ?? "");
  }

  close(): void {
    this.#follow();
    this.#asked += 1;
    this.#set(CLOSED);
  }

  chooseStream(stream: string): void {
    this.#follow();
    const other = this.#bestReference(stream);
    this.#set({ stream, reference: other, isHeld: false, marks: [], proposal: null, isTrying: false, problem: "" });
  }

  chooseReference(reference: string): void {
    this.#set({ reference, proposal: null, isTrying: false });
    this.#show();
  }

  /** Something of the same kind says most; else any other stream. */
  #bestReference(stream: string): string {
    const all = this.streams;
    const mine = all.find(({ id }) => id === stream);
    const others = all.filter(({ id }) => id !== stream);
    return (others.find(({ modality }) => modality === mine?.modality) ?? others[0])?.id ?? "";
  }

  /** Holds the stream where it is, so that the cursor can look for the same event elsewhere; or lets it go. */
  toggleHold(): void {
    const { playhead } = this.#parts;
    const { stream, isHeld } = this.#state;
    if (isHeld) this.#set({ isHeld: false });
    else {
      const heldNs = playhead.toMedia(stream, playhead.state.timelineNs);
      this.#set({ isHeld: true, isTrying: false });
      playhead.setOverride(stream, { heldNs });
      this.#parts.announce("Held. Move the cursor to the same event, then mark it");
      return;
    }
    this.#show();
  }

  /** Moves the held stream by readings of its own. */
  step(count: number): void {
    this.shift(count * this.#periodNs());
  }

  shift(by_ns: number): void {
    const { playhead } = this.#parts;
    const { stream, isHeld } = this.#state;
    if (!isHeld) this.toggleHold();
    const heldNs = playhead.toMedia(stream, playhead.state.timelineNs) + by_ns;
    playhead.setOverride(stream, { heldNs });
    this.#set({});
  }

  /** The stream shows at the cursor what the others show: remember both times. */
  mark(): void {
    const { playhead } = this.#parts;
    const { stream, marks } = this.#state;
    const reference_ns = playhead.state.timelineNs;
    const mark = { media_ns: playhead.toMedia(stream, reference_ns), reference_ns };
    const kept = marks.filter((other) => other.media_ns !== mark.media_ns);
    this.#set({ marks: [...kept, mark].sort((a, b) => a.media_ns - b.media_ns), isHeld: false });
    this.#parts.announce(`Marked ${kept.length + 1}`);
    this.#show();
    void this.find("anchors");
  }

  unmark(mark: Mark): void {
    const marks = this.#state.marks.filter((other) => other !== mark);
    this.#set({ marks });
    if (marks.length > 0) void this.find("anchors");
    else this.#propose(null);
  }

  /** Asks the server; what was asked before is forgotten. */
  async find(method: Method): Promise<void> {
    const { store, api, announce } = this.#parts;
    const { stream, reference, marks } = this.#state;
    const sample = store.getState().sample?.sample.record;
    if (sample === undefined) return;
    this.#asked += 1;
    const ticket = this.#asked;
    const request: AlignRequest =
      method === "anchors"
        ? {
            stream,
            reference: "",
            method,
            anchors: marks.map((mark, index) => ({ ...mark, name: `mark ${index + 1}` })),
          }
        : { stream, reference, method };
    this.#set({ busy: method === "anchors" ? "Fitting the marks…" : "Looking for common signals…", problem: "" });
    try {
      const proposal = await align(api, sample.id, request);
      if (ticket !== this.#asked) return;
      this.#set({ busy: "" });
      this.#propose(proposal);
      announce(proposal.outcome === "estimate" ? `Found, grade ${proposal.grade}` : `Nothing found: ${proposal.why}`);
    } catch (error) {
      if (ticket !== this.#asked) return;
      this.#set({ busy: "", problem: error instanceof Error ? error.message : String(error) });
    }
  }

  cancel(): void {
    this.#asked += 1;
    this.#set({ busy: "" });
  }

  /** Shows the sample as it would be, without writing anything. */
  toggleTry(): void {
    this.#set({ isTrying: !this.#state.isTrying, isHeld: false });
    this.#show();
  }

  /** One change set: undo takes it back. */
  apply(): void {
    const { proposal, stream } = this.#state;
    const map = proposal?.clock_map;
    if (map == null) return;
    const { store } = this.#parts;
    const name = this.streams.find(({ id }) => id === stream)?.name ?? "stream";
    const base = proposal?.base ?? null;
    store.actions.edit(`Synchronise ${name}`, [
      base === null ? { op: "create", record: map } : { op: "update", record: map, base },
    ]);
    store.actions.notify(`${name} was synchronised`, { canUndo: true });
    this.close();
  }

  /** The clock map that is in force; undefined for a stream that is on the timeline as it is. */
  present(): ClockMap | undefined {
    const maps = this.#parts.store.getState().sample?.clockMaps.values() ?? [];
    return [...maps].map(({ record }) => record).find(({ stream }) => stream === this.#state.stream);
  }

  #propose(proposal: AlignmentView | null): void {
    this.#set({ proposal, isTrying: this.#state.isTrying && proposal?.clock_map != null });
    this.#show();
  }

  /** Lets the panes see what is held or tried. */
  #show(): void {
    const { stream, isHeld, isTrying, proposal } = this.#state;
    if (isHeld) return;
    const segments = proposal?.clock_map?.segments;
    this.#parts.playhead.setOverride(stream, isTrying && segments !== undefined ? { segments } : null);
  }

  #follow(): void {
    if (this.#state.stream !== "") this.#parts.playhead.setOverride(this.#state.stream, null);
  }

  /** One reading of the stream; 10 ms where it has none. */
  #periodNs(): number {
    const stream = this.streams.find(({ id }) => id === this.#state.stream);
    const rate = stream?.facts?.rate;
    if (stream?.timing?.period_ns != null) return stream.timing.period_ns;
    return rate != null && stream?.modality !== "audio" ? Math.round((1e9 * rate.den) / rate.num) : 10_000_000;
  }

  #set(part: Partial<SyncState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener();
  }
}
