/**
 * Points on the GPU: one draw call a tile, int16 steps kept as they are, all views on one canvas. What does not fit into
 * one frame is drawn over the next ones, so that a million points never stop the hand.
 */
import type * as Three from "three";
import { eyeOf, FIELD_OF_VIEW_RAD, NEAR_M, type Orbit, type Rect } from "./cameras";
import type { LoosePoints, PlacedSweep } from "./cloud";
import type { FlatView } from "./flat_views";
import { FRAGMENT, type ScenePalette, VERTEX } from "./point_shader";
import type { Sweep } from "./sweeps";

export const COLOURS = ["height", "intensity", "age", "class"] as const;
export type ColourBy = (typeof COLOURS)[number];

export type SceneView = {
  readonly rect: Rect;
  /** The loose points of a cuboid only, instead of everything. */
  readonly close: boolean;
} & ({ readonly orbit: Orbit } | { readonly flat: FlatView });

interface Uploaded {
  readonly points: readonly Three.Points[];
}

export class CloudScene {
  readonly #three: typeof Three;
  readonly #renderer: Three.WebGLRenderer;
  readonly #scene: Three.Scene;
  readonly #near: Three.Scene;
  readonly #perspective: Three.PerspectiveCamera;
  readonly #flat: Three.OrthographicCamera;
  readonly #material: Three.ShaderMaterial;
  readonly #rings: Three.Group;
  readonly #uploaded = new Map<Sweep, Uploaded>();
  #riding: Three.Points | null = null;
  #close: Three.Points | null = null;
  #shown: Three.Points[] = [];
  #total = 0;
  #height_px = 1;
  /** Which share of each cloud this picture has so far. */
  #drawn = 0;

  constructor(three: typeof Three, canvas: HTMLCanvasElement) {
    this.#three = three;
    this.#renderer = new three.WebGLRenderer({ canvas, antialias: false, alpha: true, preserveDrawingBuffer: true });
    this.#renderer.autoClear = false;
    this.#renderer.setScissorTest(true);
    this.#scene = new three.Scene();
    this.#near = new three.Scene();
    this.#perspective = new three.PerspectiveCamera((FIELD_OF_VIEW_RAD * 180) / Math.PI, 1, NEAR_M, 2000);
    this.#perspective.up.set(0, 0, 1);
    this.#flat = new three.OrthographicCamera(-1, 1, 1, -1, 0.1, 4000);
    this.#material = new three.ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: {
        size: { value: 2 },
        mode: { value: 0 },
        shift: { value: 0 },
        reach: { value: 1 },
        heights: { value: new three.Vector2(-2, 4) },
        low: { value: new three.Color() },
        middle: { value: new three.Color() },
        high: { value: new three.Color() },
        plain: { value: new three.Color() },
        classes: { value: Array.from({ length: 8 }, () => new three.Color()) },
      },
    });
    this.#rings = this.#makeRings();
    this.#scene.add(this.#rings);
  }

  /** Rings every 10 m on the ground, to judge distances. */
  #makeRings(): Three.Group {
    const three = this.#three;
    const group = new three.Group();
    const material = new three.LineBasicMaterial({ color: 0x3a424c });
    for (let radius = 10; radius <= 80; radius += 10) {
      const points = Array.from({ length: 97 }, (_, step) => {
        const angle = (step / 96) * 2 * Math.PI;
        return new three.Vector3(Math.cos(angle) * radius, Math.sin(angle) * radius, 0);
      });
      group.add(new three.Line(new three.BufferGeometry().setFromPoints(points), material));
    }
    return group;
  }

  get total(): number {
    return this.#total;
  }

  /** `marksOf` colours by class and hides what is drawn elsewhere; null where a sweep has none. */
  setSweeps(placed: readonly PlacedSweep[], marksOf: (reading: number) => Uint8Array | null): void {
    const wanted = new Set(placed.map(({ sweep }) => sweep));
    for (const [sweep, { points }] of this.#uploaded) {
      this.#scene.remove(...points);
      if (wanted.has(sweep)) continue;
      for (const one of points) one.geometry.dispose();
      this.#uploaded.delete(sweep);
    }
    this.#shown = [];
    this.#total = 0;
    for (const { sweep, pane_from_sweep, away, reading } of placed) {
      const uploaded = this.#uploaded.get(sweep) ?? this.#upload(sweep);
      const { rotation_wxyz: q, translation_m: t } = pane_from_sweep;
      const place = new this.#three.Matrix4().compose(
        new this.#three.Vector3(...t),
        new this.#three.Quaternion(q[1], q[2], q[3], q[0]),
        new this.#three.Vector3(1, 1, 1),
      );
      const marks = marksOf(reading);
      let from = 0;
      uploaded.points.forEach((points, index) => {
        const tile = sweep.tiles[index];
        if (tile === undefined) return;
        const own = new this.#three.Matrix4().makeScale(tile.scale_m, tile.scale_m, tile.scale_m);
        own.setPosition(...tile.offset_m);
        points.matrix.multiplyMatrices(place, own);
        points.userData["away"] = away;
        this.#mark(points, tile.count, marks, from);
        from += tile.count;
        this.#scene.add(points);
        this.#shown.push(points);
      });
      this.#total += sweep.header.count;
    }
  }

  #mark(points: Three.Points, count: number, marks: Uint8Array | null, from: number): void {
    const attribute = points.geometry.getAttribute("mark") as Three.BufferAttribute;
    const bytes = attribute.array as Uint8Array;
    if (marks === null) {
      if (points.userData["marked"] !== true) return;
      bytes.fill(0);
    } else bytes.set(marks.subarray(from, from + count));
    points.userData["marked"] = marks !== null;
    attribute.needsUpdate = true;
  }

  #upload(sweep: Sweep): Uploaded {
    const three = this.#three;
    const points = sweep.tiles.map((tile) => {
      const geometry = new three.BufferGeometry();
      geometry.setAttribute("position", new three.BufferAttribute(tile.steps, 3));
      geometry.setAttribute("intensity", new three.BufferAttribute(tile.intensity, 1, true));
      geometry.setAttribute("mark", new three.BufferAttribute(new Uint8Array(tile.count), 1));
      return this.#points(geometry);
    });
    const made = { points };
    this.#uploaded.set(sweep, made);
    return made;
  }

  #points(geometry: Three.BufferGeometry): Three.Points {
    const points = new this.#three.Points(geometry, this.#material);
    points.frustumCulled = false;
    points.matrixAutoUpdate = false;
    points.onBeforeRender = () => {
      const { shift } = this.#material.uniforms;
      if (shift !== undefined) shift.value = Number(points.userData["away"] ?? 0);
      this.#material.uniformsNeedUpdate = true;
    };
    return points;
  }

  #loose(points: LoosePoints): Three.Points {
    const three = this.#three;
    const geometry = new three.BufferGeometry();
    geometry.setAttribute("position", new three.BufferAttribute(points.places_m, 3));
    geometry.setAttribute("intensity", new three.BufferAttribute(points.intensity, 1, true));
    geometry.setAttribute("mark", new three.BufferAttribute(points.marks, 1));
    geometry.setAttribute("away", new three.BufferAttribute(points.away, 1));
    return this.#points(geometry);
  }

  /** Points that ride on their object: drawn with the others. */
  setRiding(points: LoosePoints | null): void {
    this.#riding = this.#replaced(this.#scene, this.#riding, points);
  }

  /** The points of the cuboid that the flat views show. */
  setClose(points: LoosePoints | null): void {
    this.#close = this.#replaced(this.#near, this.#close, points);
  }

  #replaced(scene: Three.Scene, old: Three.Points | null, points: LoosePoints | null): Three.Points | null {
    if (old !== null) {
      scene.remove(old);
      old.geometry.dispose();
    }
    if (points === null || points.intensity.length === 0) return null;
    const made = this.#loose(points);
    scene.add(made);
    return made;
  }

  setColours(by: ColourBy, low_m: number, high_m: number, reach: number, palette: ScenePalette): void {
    const uniforms = this.#material.uniforms;
    const set = (name: string, value: unknown) => {
      const uniform = uniforms[name];
      if (uniform !== undefined) uniform.value = value;
    };
    set("mode", COLOURS.indexOf(by));
    set("reach", Math.max(1, reach));
    set("heights", new this.#three.Vector2(low_m, high_m));
    for (const name of ["low", "middle", "high", "plain"] as const) set(name, this.#colour(palette[name]));
    set(
      "classes",
      palette.classes.slice(0, 8).map((colour) => this.#colour(colour)),
    );
    for (const ring of this.#rings.children) {
      ((ring as Three.Line).material as Three.LineBasicMaterial).color.set(palette.line);
    }
    this.#rings.position.z = low_m;
  }

  /** As it stands in the style sheet: the shader writes to the screen without conversion. */
  #colour(css: string): Three.Color {
    return new this.#three.Color().setStyle(css, this.#three.LinearSRGBColorSpace);
  }

  resize(width_px: number, height_px: number): void {
    this.#height_px = height_px;
    this.#renderer.setPixelRatio(Math.min(2, globalThis.devicePixelRatio || 1));
    this.#renderer.setSize(width_px, height_px, false);
  }

  /** A new picture: the next `draw` begins it. */
  restart(): void {
    this.#drawn = 0;
  }

  /** Draws about `budget` more points over all views; true when the picture is whole. */
  draw(views: readonly SceneView[], budget: number): boolean {
    const begins = this.#drawn === 0;
    const wide = views.filter((view) => !view.close).length;
    const share = this.#total === 0 || wide === 0 ? 1 : budget / (this.#total * wide);
    const [from, to] = [this.#drawn, Math.min(1, this.#drawn + share)];
    for (const points of this.#shown) {
      const count = points.geometry.getAttribute("position").count;
      const first = Math.floor(from * count);
      points.geometry.setDrawRange(first, Math.floor(to * count) - first);
    }
    // All of the canvas at once: views that show nothing now are wiped, too.
    if (begins) {
      this.#renderer.setScissorTest(false);
      this.#renderer.setClearColor(0x000000, 0);
      this.#renderer.clear();
      this.#renderer.setScissorTest(true);
    }
    this.#rings.visible = begins;
    if (this.#riding !== null) this.#riding.visible = begins;
    for (const view of views) {
      if (!view.close || begins) this.#renderIn(view);
    }
    this.#drawn = to;
    return to >= 1;
  }

  #renderIn(view: SceneView): void {
    const { rect } = view;
    if (rect.width <= 0 || rect.height <= 0) return;
    const from_bottom = this.#height_px - rect.y - rect.height;
    this.#renderer.setViewport(rect.x, from_bottom, rect.width, rect.height);
    this.#renderer.setScissor(rect.x, from_bottom, rect.width, rect.height);
    const camera = "orbit" in view ? this.#towards(view.orbit, rect) : this.#onto(view.flat, rect);
    const { size } = this.#material.uniforms;
    if (size !== undefined) size.value = (view.close ? 2.6 : 1.9) * this.#renderer.getPixelRatio();
    this.#renderer.render(view.close ? this.#near : this.#scene, camera);
  }

  #towards(orbit: Orbit, rect: Rect): Three.Camera {
    this.#perspective.position.set(...eyeOf(orbit));
    this.#perspective.lookAt(...orbit.target_m);
    this.#perspective.aspect = rect.width / Math.max(1, rect.height);
    this.#perspective.updateProjectionMatrix();
    return this.#perspective;
  }

  #onto({ centre_m, right, up, px_per_m }: FlatView, rect: Rect): Three.Camera {
    const [half_x, half_y] = [rect.width / 2 / px_per_m, rect.height / 2 / px_per_m];
    Object.assign(this.#flat, { left: -half_x, right: half_x, top: half_y, bottom: -half_y });
    // Towards the eye: right x up.
    const out = [
      right[1] * up[2] - right[2] * up[1],
      right[2] * up[0] - right[0] * up[2],
      right[0] * up[1] - right[1] * up[0],
    ] as const;
    this.#flat.up.set(...up);
    this.#flat.position.set(centre_m[0] + out[0] * 2000, centre_m[1] + out[1] * 2000, centre_m[2] + out[2] * 2000);
    this.#flat.lookAt(...centre_m);
    this.#flat.updateProjectionMatrix();
    return this.#flat;
  }

  dispose(): void {
    for (const { points } of this.#uploaded.values()) for (const one of points) one.geometry.dispose();
    this.setRiding(null);
    this.setClose(null);
    this.#material.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }
}
