/** One audio stream sounds at a time: the one whose pane was used last. */

export class SoundFocus {
  #holder: object | null = null;
  readonly #listeners = new Set<() => void>();

  /** Takes the sound; without `force` only when nobody has it. */
  take(holder: object, force: boolean): void {
    if (this.#holder === holder || (this.#holder !== null && !force)) return;
    this.#holder = holder;
    for (const listener of [...this.#listeners]) listener();
  }

  release(holder: object): void {
    if (this.#holder === holder) this.#holder = null;
  }

  has(holder: object): boolean {
    return this.#holder === holder;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const focuses = new WeakMap<object, SoundFocus>();

export function soundFocusOf(playhead: object): SoundFocus {
  let focus = focuses.get(playhead);
  if (focus === undefined) {
    focus = new SoundFocus();
    focuses.set(playhead, focus);
  }
  return focus;
}
