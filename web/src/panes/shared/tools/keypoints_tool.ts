/** Key points in the order of the class's skeleton: a click for each joint, some hidden, some left out. */
import type { Tokens } from "../../../base/tokens";
import type { Keypoint, Point } from "../../../model/records";
import { clamped } from "../../../model/shapes/rings";
import { bonesOf } from "../../../model/shapes/skeleton";
import { classesById, classesFor } from "../../../store/ontology";
import { snappedAt } from "./line_tool";
import { markHandle, markLine, markText } from "./marks";
import { toolChoicesOf } from "./options";
import type { At, PictureTool, Surface } from "./surface";

/** The joints of a class or of the nearest class above it that has some; empty: any number of points. */
export function skeletonOf(surface: Surface): readonly string[] {
  const { ontology, activeClass } = surface.context.store.getState();
  if (ontology === null) return [];
  const known = classesById(ontology);
  const fitting = classesFor(ontology, "keypoints");
  let at = fitting.find((entry) => entry.id === activeClass) ?? fitting[0];
  for (let step = 0; at !== undefined && step < known.size; step += 1) {
    if (at.skeleton?.length) return at.skeleton;
    at = at.parent == null ? undefined : known.get(at.parent);
  }
  return [];
}

export class KeypointsTool implements PictureTool {
  readonly cursor = "crosshair";
  readonly holds = null;
  readonly #surface: Surface;
  #points: readonly Keypoint[] = [];
  #pointer: Point | null = null;

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  get isBusy(): boolean {
    return this.#points.length > 0;
  }

  down(at: At): void {
    const choices = toolChoicesOf(this.#surface.context.store);
    const [x_px, y_px] = snappedAt(this.#surface, at).point;
    this.#add({ name: this.#nextName(), x_px, y_px, visibility: choices.now.nextIsHidden || at.alt ? 1 : 2 });
    choices.set({ nextIsHidden: false });
  }

  move(at: At): void {
    this.#pointer = clamped([at.x, at.y], this.#surface.size);
    this.#surface.redraw();
  }

  up(): void {}

  /** The joints that are left are absent. */
  finish(): void {
    const skeleton = skeletonOf(this.#surface);
    if (!this.#points.some(({ visibility }) => visibility > 0)) return;
    const absent = skeleton.slice(this.#points.length).map((name) => ({ name, x_px: 0, y_px: 0, visibility: 0 }));
    const points = [...this.#points, ...absent];
    const count = points.filter(({ visibility }) => visibility > 0).length;
    this.cancel();
    this.#surface.create({ type: "keypoints", points }, `${count} key points placed`);
  }

  takeBack(): boolean {
    if (this.#points.length === 0) return false;
    this.#points = this.#points.slice(0, -1);
    this.#surface.context.announce(`Next: ${this.#nextName()}`);
    this.#surface.redraw();
    return true;
  }

  cancel(): void {
    this.#points = [];
    this.#surface.redraw();
  }

  run(command: string): boolean {
    if (command !== "joint.absent") return false;
    if (skeletonOf(this.#surface).length === 0) return false;
    this.#add({ name: this.#nextName(), x_px: 0, y_px: 0, visibility: 0 });
    return true;
  }

  draw(context: CanvasRenderingContext2D, tokens: Tokens): void {
    const surface = this.#surface;
    const skeleton = skeletonOf(surface);
    const seen = (place: number) => {
      const joint = this.#points[place];
      return joint === undefined || joint.visibility === 0 ? null : ([joint.x_px, joint.y_px] as const);
    };
    for (const [a, b] of bonesOf(skeleton)) {
      const [from, to] = [seen(a), seen(b)];
      if (from !== null && to !== null) markLine(context, surface, tokens, [from, to], { colour: tokens.accent });
    }
    this.#points.forEach((joint, place) => {
      const at = seen(place);
      if (at !== null) markHandle(context, surface, tokens, at, { shape: "circle", isHollow: joint.visibility === 1 });
    });
    if (this.#pointer === null) return;
    const { nextIsHidden } = toolChoicesOf(surface.context.store).now;
    const progress = skeleton.length === 0 ? "" : ` ${this.#points.length + 1}/${skeleton.length}`;
    markText(
      context,
      surface,
      tokens,
      this.#pointer,
      `${this.#nextName()}${progress}${nextIsHidden ? " · hidden" : ""}`,
    );
  }

  #nextName(): string {
    return skeletonOf(this.#surface)[this.#points.length] ?? String(this.#points.length + 1);
  }

  #add(joint: Keypoint): void {
    this.#points = [...this.#points, joint];
    const skeleton = skeletonOf(this.#surface);
    if (skeleton.length > 0 && this.#points.length >= skeleton.length) this.finish();
    else this.#surface.context.announce(`Next: ${this.#nextName()}`);
    this.#surface.redraw();
  }
}
