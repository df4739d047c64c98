/** Who answers "one step on": the pane with the focused clock (a video's frames, a camera's pictures, a lidar's sweeps). */
import type { Stream } from "../model/records";
import type { Playhead } from "./playhead";
import { NO_DATA, nounOf } from "./reading_at";
import { anchorAt, anchorBeside, seekMedia, ticksOf } from "./ticks";

export interface Stepper {
  /** By a number of readings, backwards when negative. */
  step(count: number): void;
  /** To the next key picture in a direction. */
  stepKey(direction: 1 | -1): void;
  /** Where it stands, for who cannot see it: "frame 430". */
  say?(): string;
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

  say(): string {
    return this.#list[0]?.say?.() ?? "";
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

/** Steps through the readings of a stream, exactly from one to the next. */
export function readingStepper(playhead: Playhead, stream: Stream): Stepper {
  return {
    step: (count) => {
      const anchor = anchorBeside(playhead, stream, count);
      if (anchor !== null) seekMedia(playhead, stream.id, anchor.at_ns);
    },
    stepKey: (direction) => {
      const ticks = ticksOf(playhead, stream);
      const here = anchorBeside(playhead, stream, 0)?.index ?? 0;
      const keys = ticks?.key_frames ?? [];
      const next = direction > 0 ? keys.find((key) => key > here) : keys.findLast((key) => key < here);
      const at_ns = next === undefined ? undefined : ticks?.times_ns[next];
      if (at_ns !== undefined) seekMedia(playhead, stream.id, at_ns);
    },
    say: () => {
      const { index } = anchorAt(playhead, stream);
      return index === undefined ? `${stream.name}: ${NO_DATA}` : `${stream.name}: ${nounOf(stream.modality)} ${index}`;
    },
  };
}

/** Steps answer for a pane while it is mounted, and first once it has the focus. */
export function stepIn(root: HTMLElement, playhead: Playhead, stepper: Stepper): () => void {
  const steppers = steppersOf(playhead);
  const onFocus = () => steppers.focus(stepper);
  root.addEventListener("focusin", onFocus);
  root.addEventListener("pointerdown", onFocus);
  const leave = steppers.add(stepper);
  return () => {
    root.removeEventListener("focusin", onFocus);
    root.removeEventListener("pointerdown", onFocus);
    leave();
  };
}

/** The keys of stepping; true when the key was one of them and someone answered. */
export function stepByKey(steppers: Steppers, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.code === "Comma" || event.key === ",") return steppers.step(event.shiftKey ? -10 : -1);
  if (event.code === "Period" || event.key === ".") return steppers.step(event.shiftKey ? 10 : 1);
  return false;
}
