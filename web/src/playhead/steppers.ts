/** Who answers "one step on": the pane with the focused clock (a video's frames, a sweep's readings). */

export interface Stepper {
  /** By a number of readings, backwards when negative. */
  step(count: number): void;
  /** To the next key picture in a direction. */
  stepKey(direction: 1 | -1): void;
}

/** The stepper focused last answers; the one that came first does until then. */
export class Steppers {
  #list: Stepper[] = [];

  /** Returns what takes it away again. */
  add(stepper: Stepper): () => void {
    this.#list = [...this.#list, stepper];
    return () => {
      this.#list = this.#list.filter((other) => other !== stepper);
    };
  }

  focus(stepper: Stepper): void {
    if (this.#list.includes(stepper)) this.#list = [stepper, ...this.#list.filter((other) => other !== stepper)];
  }

  /** False when nobody can step. */
  step(count: number): boolean {
    this.#list[0]?.step(count);
    return this.#list.length > 0;
  }

  stepKey(direction: 1 | -1): boolean {
    this.#list[0]?.stepKey(direction);
    return this.#list.length > 0;
  }
}

const bySteppedPlayhead = new WeakMap<object, Steppers>();

export function steppersOf(playhead: object): Steppers {
  let steppers = bySteppedPlayhead.get(playhead);
  if (steppers === undefined) {
    steppers = new Steppers();
    bySteppedPlayhead.set(playhead, steppers);
  }
  return steppers;
}

/** The keys of stepping; true when the key was one of them and someone answered. */
export function stepByKey(steppers: Steppers, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  if (event.altKey) {
    if (event.key === "ArrowLeft") return steppers.stepKey(-1);
    return event.key === "ArrowRight" && steppers.stepKey(1);
  }
  if (event.code === "Comma" || event.key === ",") return steppers.step(event.shiftKey ? -10 : -1);
  if (event.code === "Period" || event.key === ".") return steppers.step(event.shiftKey ? 10 : 1);
  return false;
}
