/** Whether panes draw the neighbouring key frames of a selected track: a choice of this window, not of the work. */

export class Ghosts {
  #on = true;
  readonly #listeners = new Set<() => void>();

  get on(): boolean {
    return this.#on;
  }

  toggle(): void {
    this.#on = !this.#on;
    for (const listener of [...this.#listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const choices = new WeakMap<object, Ghosts>();

export function ghostsOf(store: object): Ghosts {
  let ghosts = choices.get(store);
  if (ghosts === undefined) {
    ghosts = new Ghosts();
    choices.set(store, ghosts);
  }
  return ghosts;
}
