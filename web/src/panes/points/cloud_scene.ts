/** Points on the GPU: one draw call a tile, int16 steps kept as they are, two views of one canvas. */
import type * as Three from "three";
import { eyeOf, FIELD_OF_VIEW_RAD, NEAR_M, type Orbit, type Rect, type TopView } from "./cameras";
import type { Sweep } from "./sweeps";

export type ColourBy = "height" | "intensity";

const VERTEX = `
attribute float intensity;
uniform float size;
uniform float byIntensity;
uniform vec2 heights;
varying float share;
void main() {
  vec4 world = modelMatrix * vec4(position, 1.0);
  float height = clamp((world.z - heights.x) / max(0.01, heights.y - heights.x), 0.0, 1.0);
  share = mix(height, sqrt(intensity), byIntensity);
  gl_Position = projectionMatrix * viewMatrix * world;
  gl_PointSize = size;
}`;

const FRAGMENT = `
varying float share;
void main() {
  vec3 low = vec3(0.16, 0.33, 0.62);
  vec3 middle = vec3(0.16, 0.72, 0.62);
  vec3 high = vec3(0.96, 0.87, 0.42);
  vec3 colour = share < 0.5 ? mix(low, middle, share * 2.0) : mix(middle, high, share * 2.0 - 1.0);
  gl_FragColor = vec4(colour, 1.0);
}`;

export class CloudScene {
  readonly #three: typeof Three;
  readonly #renderer: Three.WebGLRenderer;
  readonly #scene: Three.Scene;
  readonly #orbit: Three.PerspectiveCamera;
  readonly #top: Three.OrthographicCamera;
  readonly #material: Three.ShaderMaterial;
  readonly #clouds: Three.Group;
  #height_px = 1;

  constructor(three: typeof Three, canvas: HTMLCanvasElement) {
    this.#three = three;
    this.#renderer = new three.WebGLRenderer({ canvas, antialias: false, alpha: true, preserveDrawingBuffer: true });
    this.#renderer.autoClear = false;
    this.#scene = new three.Scene();
    this.#orbit = new three.PerspectiveCamera((FIELD_OF_VIEW_RAD * 180) / Math.PI, 1, NEAR_M, 2000);
    this.#orbit.up.set(0, 0, 1);
    this.#top = new three.OrthographicCamera(-1, 1, 1, -1, 0.1, 4000);
    this.#top.up.set(1, 0, 0);
    this.#material = new three.ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { size: { value: 2 }, byIntensity: { value: 0 }, heights: { value: new three.Vector2(-2, 4) } },
    });
    this.#clouds = new three.Group();
    this.#scene.add(this.#clouds, this.#grid());
  }

  /** Rings every 10 m on the ground, to judge distances. */
  #grid(): Three.Object3D {
    const three = this.#three;
    const group = new three.Group();
    const material = new three.LineBasicMaterial({ color: 0x3a424c });
    for (let radius = 10; radius <= 80; radius += 10) {
      const points = Array.from({ length: 97 }, (_, step) => {
        const angle = (step / 96) * 2 * Math.PI;
        return new three.Vector3(Math.cos(angle) * radius, Math.sin(angle) * radius, -1.8);
      });
      group.add(new three.Line(new three.BufferGeometry().setFromPoints(points), material));
    }
    return group;
  }

  setSweep(sweep: Sweep): void {
    const three = this.#three;
    this.#dropClouds();
    for (const tile of sweep.tiles) {
      const geometry = new three.BufferGeometry();
      geometry.setAttribute("position", new three.BufferAttribute(tile.steps, 3));
      geometry.setAttribute("intensity", new three.BufferAttribute(tile.intensity, 1, true));
      const points = new three.Points(geometry, this.#material);
      points.scale.setScalar(tile.scale_m);
      points.position.set(...tile.offset_m);
      points.frustumCulled = false;
      this.#clouds.add(points);
    }
  }

  /** The heights that get the ends of the colour scale, metres. */
  setColours(by: ColourBy, low_m: number, high_m: number): void {
    const { byIntensity, heights } = this.#material.uniforms;
    if (byIntensity !== undefined) byIntensity.value = by === "intensity" ? 1 : 0;
    if (heights !== undefined) (heights.value as Three.Vector2).set(low_m, high_m);
  }

  resize(width_px: number, height_px: number): void {
    this.#height_px = height_px;
    this.#renderer.setPixelRatio(Math.min(2, globalThis.devicePixelRatio || 1));
    this.#renderer.setSize(width_px, height_px, false);
  }

  render(orbit: Orbit, orbitRect: Rect, top: TopView, topRect: Rect): void {
    this.#renderer.setScissorTest(true);
    this.#orbit.position.set(...eyeOf(orbit));
    this.#orbit.lookAt(...orbit.target_m);
    this.#orbit.aspect = orbitRect.width / Math.max(1, orbitRect.height);
    this.#orbit.updateProjectionMatrix();
    this.#renderIn(orbitRect, this.#orbit);
    const [half_x, half_y] = [topRect.width / 2 / top.px_per_m, topRect.height / 2 / top.px_per_m];
    Object.assign(this.#top, { left: -half_x, right: half_x, top: half_y, bottom: -half_y });
    this.#top.position.set(top.x_m, top.y_m, 2000);
    this.#top.lookAt(top.x_m, top.y_m, 0);
    this.#top.updateProjectionMatrix();
    this.#renderIn(topRect, this.#top);
  }

  #renderIn(rect: Rect, camera: Three.Camera): void {
    if (rect.width <= 0 || rect.height <= 0) return;
    const from_bottom = this.#height_px - rect.y - rect.height;
    this.#renderer.setViewport(rect.x, from_bottom, rect.width, rect.height);
    this.#renderer.setScissor(rect.x, from_bottom, rect.width, rect.height);
    this.#renderer.clear();
    this.#renderer.render(this.#scene, camera);
  }

  #dropClouds(): void {
    for (const child of [...this.#clouds.children]) {
      (child as Three.Points).geometry.dispose();
      this.#clouds.remove(child);
    }
  }

  dispose(): void {
    this.#dropClouds();
    this.#material.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }
}
