/** Whether panes draw the neighbouring key frames of a selected track: a choice of this window, not of the work. */
import type { Shape, Track } from "../../model/records";

/** The key frames before and after a reading that stands for [from_ns, to_ns): where the thing came from and goes. */
export function neighboursOf(track: Track, from_ns: number, to_ns: number): readonly Shape[] {
  const before = track.key_frames.findLast((key) => key.at_ns < from_ns);
  const after = track.key_frames.find((key) => key.at_ns >= to_ns);
  return [before, after].flatMap((key) => key?.shape ?? []);
}

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
