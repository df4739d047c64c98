/** Where each view of the pane looks: one orbit, and the flat views; moved by commands and by the pointer alike. */
import type { Vec3 } from "../../base/rotation";
import type { ShownCuboid } from "../shared/shown_cuboids";
import { nearedOrbit, type Orbit, pannedOrbit, type Rect, START, seenInOrbit, turnedOrbit } from "./cameras";
import type { SceneView } from "./cloud_scene";
import type { Eye } from "./draw_cuboids";
import { type FlatId, type FlatView, pannedFlat, seenFlat, zoomedFlat } from "./flat_views";
import { FlatEyes } from "./follow";
import type { Placed, ViewId } from "./layout";

/** Pixels to the right and down. */
type Shift = readonly [number, number];

const PANS: Readonly<Record<string, Shift>> = {
  pan_left: [40, 0],
  pan_right: [-40, 0],
  pan_up: [0, 40],
  pan_down: [0, -40],
};

const TURNS: Readonly<Record<string, Shift>> = {
  orbit_left: [-30, 0],
  orbit_right: [30, 0],
  orbit_up: [0, 20],
  orbit_down: [0, -20],
};

const NEARER: Readonly<Record<string, number>> = { nearer: 1.25, farther: 0.8 };

export class PointEyes {
  readonly #flat = new FlatEyes();
  readonly #changed: () => void;
  #orbit = START;
  #views: readonly Placed[] = [];

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get views(): readonly Placed[] {
    return this.#views;
  }

  place(views: readonly Placed[]): void {
    this.#views = views;
  }

  rectOf(id: ViewId): Rect | null {
    return this.#views.find((view) => view.id === id)?.rect ?? null;
  }

  get orbit(): Orbit {
    return this.#orbit;
  }

  set orbit(orbit: Orbit) {
    this.#orbit = orbit;
    this.#changed();
  }

  flat(id: FlatId): FlatView {
    return this.#flat.get(id);
  }

  setFlat(id: FlatId, view: FlatView): void {
    this.#flat.set(id, view);
    this.#changed();
  }

  /** Turns the flat views to a cuboid, or back to the map; true when one of them changed. */
  follow(shown: ShownCuboid | null): boolean {
    return this.#flat.follow(shown?.annotation.id ?? null, shown?.shape ?? null, this.#views);
  }

  /** Moves the orbit sideways, by pixels on the screen. */
  panOrbit(dx_px: number, dy_px: number): void {
    this.orbit = pannedOrbit(this.#orbit, dx_px, dy_px, this.rectOf("orbit")?.height ?? 600);
  }

  lookAt(place_m: Vec3): void {
    this.#flat.centreMap(place_m);
    this.orbit = { ...this.#orbit, target_m: place_m };
  }

  /** Carries out a command of the pane; false when it is about something else. */
  run(name: string): boolean {
    const [pan, turn, factor] = [PANS[name], TURNS[name], NEARER[name]];
    if (pan !== undefined) {
      this.#flat.set("top", pannedFlat(this.#flat.get("top"), ...pan));
      this.panOrbit(...pan);
    } else if (turn !== undefined) this.orbit = turnedOrbit(this.#orbit, ...turn);
    else if (factor !== undefined) this.#zoom(factor);
    else if (name === "home") {
      this.#flat.home();
      this.orbit = START;
    } else return false;
    return true;
  }

  #zoom(factor: number): void {
    const rect = this.rectOf("top");
    if (rect !== null) {
      const [x, y] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
      this.#flat.set("top", zoomedFlat(this.#flat.get("top"), rect, x, y, factor));
    }
    this.orbit = nearedOrbit(this.#orbit, 1 / factor);
  }

  /** Where a view shows a place, in pixels of the pane. */
  eye(id: ViewId): Eye {
    const rect = this.rectOf(id) ?? { x: 0, y: 0, width: 1, height: 1 };
    if (id !== "orbit") return (point_m: Vec3) => seenFlat(this.#flat.get(id), rect, point_m);
    return (point_m: Vec3) => {
      const seen = seenInOrbit(this.#orbit, rect, point_m);
      return seen === null ? null : [seen[0], seen[1]];
    };
  }

  /** What the points are drawn for; side and front stay empty while no cuboid is chosen. */
  sceneViews(isFollowing: boolean): readonly SceneView[] {
    return this.#views.flatMap(({ id, rect }): readonly SceneView[] => {
      if (id === "orbit") return [{ rect, close: false, orbit: this.#orbit }];
      if (!isFollowing && id !== "top") return [];
      return [{ rect, close: isFollowing, flat: this.#flat.get(id) }];
    });
  }
}
