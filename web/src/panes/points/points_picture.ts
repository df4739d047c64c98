/** The picture of the points: made again only when they, an eye or a colour changed, and filled up while it rests. */
import type { Tokens } from "../../base/tokens";
import type { ShownCuboid } from "../shared/shown_cuboids";
import { pointsIn, withRoom } from "./cloud";
import type { CloudScene, SceneView } from "./cloud_scene";
import { FrameBudget } from "./frame_budget";
import { paletteOf } from "./point_shader";
import type { PointsSettings } from "./points_settings";
import { type Riding, STILL } from "./riding";
import type { SweepWindow } from "./sweep_window";

/** A picture at rest is whole after about so many frames for each view, on a machine however slow. */
const REST_FRAMES = 8;
/** Nothing has moved for so long: it rests. */
const REST_MS = 250;

export interface PictureParts {
  readonly tokens: Tokens;
  readonly window: SweepWindow;
  readonly settings: PointsSettings;
  readonly heights: { readonly low_m: number; readonly high_m: number };
  /** What colours by class and riding points are made from; null when neither is asked for. */
  readonly annotations: unknown;
  readonly followed: ShownCuboid | null;
  readonly isEditing: boolean;
  readonly views: readonly SceneView[];
  /** What the close views look at: they are filled again when it changes. */
  readonly closeEye: unknown;
  riding(): Riding;
}

export class PointsPicture {
  readonly #budget = new FrameBudget();
  #sceneFrom: readonly unknown[] = [];
  #closeFrom: readonly unknown[] = [];
  #riding: Riding = STILL;
  #stale = true;
  #whole = false;
  #begun_ms = 0;

  invalidate(): void {
    this.#stale = true;
  }

  /** Draws what one frame can take; false when there is more to draw. */
  draw(scene: CloudScene, parts: PictureParts): boolean {
    this.#fill(scene, parts);
    const now_ms = performance.now();
    if (this.#stale) {
      scene.restart();
      this.#begun_ms = now_ms;
    } else if (this.#whole) return true;
    this.#stale = false;
    // While something moves every frame begins anew, with what one frame can take; at rest the picture fills up.
    const rests = now_ms - this.#begun_ms > REST_MS;
    const budget = rests ? Math.max(this.#budget.points, scene.total / REST_FRAMES) : this.#budget.points;
    this.#whole = scene.draw(parts.views, budget);
    if (rests || this.#whole) this.#budget.rest();
    else this.#budget.frame(now_ms);
    return this.#whole;
  }

  #fill(scene: CloudScene, parts: PictureParts): void {
    const { tokens, window, settings, heights, annotations, followed } = parts;
    const { placed } = window;
    const from = [placed, settings.colourBy, settings.rides, annotations, tokens, heights];
    if (from.some((part, index) => part !== this.#sceneFrom[index])) {
      this.#sceneFrom = from;
      this.#riding = parts.riding();
      scene.setSweeps(placed, this.#riding.marksOf);
      scene.setRiding(this.#riding.points);
      scene.setColours(settings.colourBy, heights.low_m, heights.high_m, window.around, paletteOf(tokens));
      this.#stale = true;
    }
    const { marksOf, points } = this.#riding;
    const close = [marksOf, followed === null ? null : parts.closeEye, followed?.annotation.id, placed];
    if (close.some((part, index) => part !== this.#closeFrom[index]) && !parts.isEditing) {
      this.#closeFrom = close;
      scene.setClose(followed === null ? null : pointsIn(placed, withRoom(followed.shape), marksOf, points));
      this.#stale = true;
    }
  }
}
