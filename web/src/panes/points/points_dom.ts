/** The elements of a point pane: points below, cuboids above them, a bar with what may be switched, and what is shown. */

export interface PointsDom {
  readonly root: HTMLElement;
  readonly points: HTMLCanvasElement;
  readonly bar: HTMLElement;
  readonly foot: HTMLElement;
  readonly status: HTMLElement;
  readonly chosen: HTMLElement;
  readonly absent: HTMLElement;
}

export function buildPointsDom(name: string): PointsDom {
  const root = element("div", "points-pane");
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", `Points ${name}`);
  const bar = element("div", "points-bar");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", `View of ${name}`);
  const foot = element("div", "points-foot");
  const [chosen, status] = [element("div", "points-chosen"), element("div", "points-status")];
  const absent = element("div", "points-absent");
  absent.hidden = true;
  foot.append(chosen, status);
  const points = document.createElement("canvas");
  points.className = "points-canvas";
  root.append(points, absent, foot, bar);
  return { root, points, bar, foot, status, chosen, absent };
}

export function element(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

/** A button of the bar; its text and state follow later. */
export function barButton(bar: HTMLElement, title: string, run: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.title = title;
  button.setAttribute("aria-label", title);
  button.addEventListener("click", run);
  bar.append(button);
  return button;
}

/** Writes only what changed: screen readers and layout notice every write. */
export function write(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
