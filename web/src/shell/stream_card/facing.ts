/** Which stream the person faces: that of the pane whose title or inside was pressed last. */

export interface FacingState {
  /** A stream's id; "" before the first pane. */
  readonly stream: string;
  readonly isOpen: boolean;
}

export class Facing {
  readonly #listeners = new Set<() => void>();
  #state: FacingState = { stream: "", isOpen: true };

  get state(): FacingState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  turnTo(stream: string): void {
    if (stream !== this.#state.stream) this.#set({ stream });
  }

  setOpen(isOpen: boolean): void {
    if (isOpen !== this.#state.isOpen) this.#set({ isOpen });
  }

  toggle(): void {
    this.#set({ isOpen: !this.#state.isOpen });
  }

  #set(part: Partial<FacingState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener();
  }
}
