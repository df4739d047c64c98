import { describe, expect, it } from "vitest";
import { type Stepper, Steppers, stepByKey } from "./steppers";

function recorder(): Stepper & { readonly seen: string[] } {
  const seen: string[] = [];
  return { seen, step: (count) => seen.push(`step ${count}`), stepKey: (direction) => seen.push(`key ${direction}`) };
}

const key = (rest: Partial<KeyboardEvent>) =>
  ({ key: "", code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...rest }) as KeyboardEvent;

describe("steppers", () => {
  it("asks the one that was focused last", () => {
    const [a, b] = [recorder(), recorder()];
    const steppers = new Steppers();
    steppers.add(a);
    const leave = steppers.add(b);
    steppers.step(1);
    steppers.focus(b);
    steppers.step(-1);
    leave();
    steppers.stepKey(1);
    expect(a.seen).toEqual(["step 1", "key 1"]);
    expect(b.seen).toEqual(["step -1"]);
  });

  it("says when nobody answers, and leaves other keys alone", () => {
    const steppers = new Steppers();
    expect(stepByKey(steppers, key({ key: "." }))).toBe(false);
    const a = recorder();
    steppers.add(a);
    expect(stepByKey(steppers, key({ key: "<", code: "Comma", shiftKey: true }))).toBe(true);
    expect(stepByKey(steppers, key({ key: "ArrowRight", altKey: true }))).toBe(true);
    expect(stepByKey(steppers, key({ key: ".", ctrlKey: true }))).toBe(false);
    expect(stepByKey(steppers, key({ key: "x" }))).toBe(false);
    expect(a.seen).toEqual(["step -10", "key 1"]);
  });
});
