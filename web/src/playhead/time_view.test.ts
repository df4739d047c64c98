import { describe, expect, it, vi } from "vitest";
import { TimeView, timeViewOf } from "./time_view";

function viewOf(to_ns: number): TimeView {
  const view = new TimeView();
  view.setBounds({ from_ns: 0, to_ns });
  return view;
}

describe("time view", () => {
  it("shows all of new bounds as long as nobody zoomed", () => {
    const view = viewOf(10e9);
    expect(view.window).toEqual({ from_ns: 0, to_ns: 10e9 });
    view.zoom(5e9, 0.5);
    view.setBounds({ from_ns: 0, to_ns: 20e9 });
    expect(view.window).toEqual({ from_ns: 2.5e9, to_ns: 7.5e9 });
  });

  it("keeps the instant under the pointer in place while zooming", () => {
    const view = viewOf(10e9);
    view.zoom(2e9, 0.25);
    const { from_ns, to_ns } = view.window;
    expect((2e9 - from_ns) / (to_ns - from_ns)).toBeCloseTo(0.2, 9);
  });

  it("never leaves the bounds and never shows less than the shortest", () => {
    const view = viewOf(10e9);
    view.zoom(10e9, 1e-12);
    expect(view.window.to_ns).toBe(10e9);
    expect(view.window.to_ns - view.window.from_ns).toBeGreaterThan(300_000);
    view.pan(-99e9);
    expect(view.window.from_ns).toBe(0);
  });

  it("turns the page only when the instant is out of sight", () => {
    const view = viewOf(100e9);
    view.show({ from_ns: 0, to_ns: 10e9 });
    const heard = vi.fn();
    view.subscribe(heard);
    view.reveal(9e9);
    expect(heard).not.toHaveBeenCalled();
    view.reveal(10e9);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(view.window.from_ns).toBe(9.5e9);
  });

  it("is one for everybody who has the same playhead", () => {
    const playhead = {};
    expect(timeViewOf(playhead)).toBe(timeViewOf(playhead));
    expect(timeViewOf({})).not.toBe(timeViewOf(playhead));
  });
});
