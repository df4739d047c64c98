/** The flat views: a map of the ground while nothing is chosen, the three sides of the chosen cuboid otherwise. */
import type { Vec3 } from "../../base/rotation";
import { type CuboidShape, cuboidCorners } from "../../model/projection";
import type { Rect } from "./cameras";
import { type FlatId, type FlatView, MAP, seenFlat, viewOf } from "./flat_views";
import type { Placed } from "./layout";

export class FlatEyes {
  #map: FlatView = MAP;
  #followed: { readonly id: string; readonly turn: CuboidShape["rotation_wxyz"] } | null = null;
  #views: Partial<Record<FlatId, FlatView>> = {};

  /** `top` is the map while nothing is followed. */
  get(id: FlatId): FlatView {
    return (this.#followed === null ? undefined : this.#views[id]) ?? this.#map;
  }

  set(id: FlatId, view: FlatView): void {
    if (this.#followed === null) this.#map = view;
    else this.#views = { ...this.#views, [id]: view };
  }

  centreMap(place_m: Vec3): void {
    this.#map = { ...this.#map, centre_m: place_m };
  }

  home(): void {
    this.#map = MAP;
    this.#followed = null;
  }

  /**
   * Turns to a cuboid, or back to the map (null). A view that shows it whole stays where it is, so that a nudge moves
   * the cuboid and not the points; true when something changed.
   */
  follow(id: string | null, shape: CuboidShape | null, views: readonly Placed[]): boolean {
    if (id === null || shape === null) {
      const was = this.#followed !== null;
      this.#followed = null;
      return was;
    }
    const isSame = this.#followed?.id === id;
    const isTurned = !isSame || !sameTurn(this.#followed?.turn, shape.rotation_wxyz);
    const next: Partial<Record<FlatId, FlatView>> = {};
    let changed = isTurned;
    for (const { id: view, rect } of views) {
      if (view === "orbit") continue;
      const old = this.#views[view];
      const fresh = viewOf(shape, view, rect);
      if (!isSame || old === undefined) next[view] = fresh;
      else if (!isTurned && isWhole(old, rect, shape)) next[view] = old;
      // Turned or out of sight: seen along its axes again, no nearer and no further than before.
      else
        next[view] = {
          ...fresh,
          px_per_m: isWhole({ ...fresh, px_per_m: old.px_per_m }, rect, shape) ? old.px_per_m : fresh.px_per_m,
        };
      changed ||= next[view] !== old;
    }
    this.#followed = { id, turn: shape.rotation_wxyz };
    this.#views = next;
    return changed;
  }
}

function sameTurn(a: CuboidShape["rotation_wxyz"] | undefined, b: CuboidShape["rotation_wxyz"]): boolean {
  return a?.every((part, axis) => Math.abs(part - (b[axis] ?? 0)) < 1e-9) ?? false;
}

function isWhole(view: FlatView, rect: Rect, shape: CuboidShape): boolean {
  return cuboidCorners(shape).every((corner) => {
    const [x, y] = seenFlat(view, rect, corner);
    return x >= rect.x + 4 && x <= rect.x + rect.width - 4 && y >= rect.y + 4 && y <= rect.y + rect.height - 4;
  });
}
