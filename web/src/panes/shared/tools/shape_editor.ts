/** Edits the selected shape: handles and points by pointer, points and whole shape by key. One gesture, one change. */
import type { Tokens } from "../../../base/tokens";
import type { Annotation, Point, Shape } from "../../../model/records";
import { turnedTo } from "../../../model/shapes/rotated";
import {
  edgeNear,
  moved,
  pathsOf,
  pointAt,
  type Vertex,
  vertexNear,
  verticesOf,
  withoutVertex,
  withVertexAfter,
  withVertexAt,
  withVisibility,
} from "../../../model/shapes/vertices";
import { cursorOf, type Handle, handleNear, pulled, sidesOf, turnHandleOf } from "./handles";
import { snappedAt } from "./line_tool";
import { markHandle, markLine, markText } from "./marks";
import { type At, reachOf, SLIP_PX, type Surface } from "./surface";

interface Drag {
  readonly id: string;
  readonly start: Shape;
  readonly handle: Handle;
  readonly from: Point;
  readonly shape: Shape;
}

/** Handles of outlines with more points would hide the picture: points appear near the pointer only. */
const MOST_HANDLES = 400;

export class ShapeEditor {
  readonly #surface: Surface;
  #drag: Drag | null = null;
  /** What keys have changed and no key is down for any more: saved on release. */
  #nudged: { readonly id: string; readonly shape: Shape } | null = null;
  #active: { readonly id: string; readonly vertex: Vertex } | null = null;

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  /** The shape as the gesture under way would leave it. */
  get draft(): { readonly id: string; readonly shape: Shape } | null {
    return this.#drag ?? this.#nudged;
  }

  get isDragging(): boolean {
    return this.#drag !== null;
  }

  /** The only selected shape that is drawn here, while no link is made. */
  selected(): (Annotation & { readonly region: Shape }) | null {
    const { selection, linking } = this.#surface.context.store.getState();
    if (selection.size !== 1 || linking !== null) return null;
    const found = this.#surface.shown().find(({ id }) => selection.has(id));
    return found === undefined ? null : (found as Annotation & { readonly region: Shape });
  }

  /** Takes hold of a handle of the selected shape; false when there is none under the pointer. */
  press(at: At): boolean {
    const selected = this.selected();
    if (selected === null) return false;
    const handle = this.handleAt(at);
    if (handle === null) return false;
    if (handle.kind === "vertex") {
      this.#active = { id: selected.id, vertex: handle.vertex };
      if (at.alt) return this.removeVertex();
    } else this.#active = null;
    this.#start(selected, handle, at);
    return true;
  }

  /** The whole shape follows the pointer. */
  pressInside(annotation: Annotation, at: At): void {
    this.#active = null;
    const { region } = annotation;
    if (region.type === "mask" || !("type" in region)) return;
    this.#start(annotation as Annotation & { readonly region: Shape }, { kind: "move" }, at);
  }

  #start({ id, region }: Annotation & { readonly region: Shape }, handle: Handle, at: At): void {
    this.#drag = { id, start: region, handle, from: [at.x, at.y], shape: region };
    this.#surface.redraw();
  }

  move(at: At): void {
    const drag = this.#drag;
    if (drag === null) return;
    const isPoint = drag.handle.kind === "vertex" || drag.handle.kind === "edge";
    const slipped = Math.hypot(at.x - drag.from[0], at.y - drag.from[1]) > reachOf(this.#surface, SLIP_PX);
    // A press on an edge that moves nothing leaves it as it is.
    if (drag.handle.kind === "edge" && !slipped && drag.shape === drag.start) return;
    const to = isPoint ? snappedAt(this.#surface, at, drag.id).point : ([at.x, at.y] as const);
    const pull = { from: drag.from, to, shift: at.shift, size: this.#surface.size };
    this.#drag = { ...drag, shape: pulled(drag.start, drag.handle, pull) };
    this.#surface.redraw();
  }

  up(): void {
    const drag = this.#drag;
    this.#drag = null;
    if (drag === null) return;
    if (drag.handle.kind === "edge" && drag.shape !== drag.start) {
      const { path, point } = drag.handle.after;
      this.#active = { id: drag.id, vertex: { path, point: point + 1 } };
    }
    if (JSON.stringify(drag.shape) !== JSON.stringify(drag.start)) this.#surface.reshape(drag.id, drag.shape);
    this.#surface.redraw();
  }

  /** Gives up the drag or lets go of the point; false when there was neither. */
  cancel(): boolean {
    const had = this.#drag !== null || this.#nudged !== null || this.#active !== null;
    this.#drag = this.#nudged = this.#active = null;
    if (had) this.#surface.redraw();
    return had;
  }

  handleAt(at: At): Handle | null {
    const selected = this.selected();
    if (selected === null) return null;
    return handleNear(selected.region, at.x, at.y, reachOf(this.#surface), this.#surface.view.scale);
  }

  cursorAt(at: At): string | null {
    const selected = this.selected();
    const handle = this.#drag?.handle ?? this.handleAt(at);
    return selected === null || handle === null ? null : cursorOf(handle, selected.region);
  }

  /** A point of its own on the edge that was clicked twice. */
  insertAt(at: At): boolean {
    const selected = this.selected();
    if (selected === null) return false;
    const reach = reachOf(this.#surface);
    if (vertexNear(selected.region, at.x, at.y, reach) !== null) return false;
    const edge = edgeNear(selected.region, at.x, at.y, reach);
    if (edge === null) return false;
    this.#surface.reshape(selected.id, withVertexAfter(selected.region, edge.after, edge.point));
    this.#active = { id: selected.id, vertex: { path: edge.after.path, point: edge.after.point + 1 } };
    this.#surface.context.announce("Point added");
    return true;
  }

  // By key

  get activeVertex(): Vertex | null {
    const selected = this.selected();
    const active = this.#active;
    if (selected === null || active === null || active.id !== selected.id) return null;
    return pointAt(this.#shapeOf(selected), active.vertex) === null ? null : active.vertex;
  }

  /** To the next point, or the one before; false behind the last one, so that the focus can go on. */
  walk(step: 1 | -1): boolean {
    const selected = this.selected();
    if (selected === null) return false;
    const all = verticesOf(selected.region);
    const at = this.activeVertex;
    const place = at === null ? -1 : all.findIndex(({ path, point }) => path === at.path && point === at.point);
    const next = all[at === null && step < 0 ? all.length - 1 : place + step];
    this.#active = next === undefined ? null : { id: selected.id, vertex: next };
    this.#surface.redraw();
    if (next === undefined) return false;
    const { region } = selected;
    const name = region.type === "keypoints" ? (region.points[next.point]?.name ?? "") : "Point";
    const [x, y] = pointAt(region, next) ?? [0, 0];
    this.#surface.context.announce(`${name} ${place + step + 1} of ${all.length}, at ${x.toFixed(0)}, ${y.toFixed(0)}`);
    return true;
  }

  /** The point, or the whole shape, goes a little further; saved by `release`. */
  nudge(dx: number, dy: number): boolean {
    return this.#change((shape) => {
      const vertex = this.activeVertex;
      const point = vertex === null ? null : pointAt(shape, vertex);
      if (vertex === null || point === null) return moved(shape, dx, dy, this.#surface.size);
      return withVertexAt(
        shape,
        vertex,
        snappedAt(this.#surface, { x: point[0] + dx, y: point[1] + dy, shift: false, alt: false }).point,
      );
    });
  }

  turn(angle_rad: number): boolean {
    return this.#change((shape) =>
      shape.type === "rotated_box" ? turnedTo(shape, shape.angle_rad + angle_rad) : shape,
    );
  }

  /** The keys are up again: what they did is one change. */
  release(): void {
    const nudged = this.#nudged;
    this.#nudged = null;
    if (nudged !== null) this.#surface.reshape(nudged.id, nudged.shape);
  }

  removeVertex(): boolean {
    const selected = this.selected();
    const vertex = this.activeVertex;
    if (selected === null || vertex === null) return false;
    const rest = withoutVertex(selected.region, vertex);
    this.#active = null;
    if (rest === null) this.#surface.context.store.actions.remove([selected.id]);
    else this.#surface.reshape(selected.id, rest);
    this.#surface.context.announce("Point removed");
    return true;
  }

  /** The active joint: seen becomes hidden, hidden becomes seen. */
  toggleHidden(): boolean {
    const selected = this.selected();
    const vertex = this.activeVertex;
    if (selected?.region.type !== "keypoints" || vertex === null) return false;
    const hidden = selected.region.points[vertex.point]?.visibility === 1;
    this.#surface.reshape(selected.id, withVisibility(selected.region, vertex.point, hidden ? 2 : 1));
    this.#surface.context.announce(hidden ? "Joint visible" : "Joint hidden");
    return true;
  }

  #shapeOf(selected: Annotation & { readonly region: Shape }): Shape {
    return this.draft?.id === selected.id ? this.draft.shape : selected.region;
  }

  #change(change: (shape: Shape) => Shape): boolean {
    const selected = this.selected();
    if (selected === null || selected.region.type === "mask") return false;
    const before = this.#shapeOf(selected);
    const shape = change(before);
    if (shape === before) return false;
    this.#nudged = { id: selected.id, shape };
    this.#surface.redraw();
    return true;
  }

  draw(context: CanvasRenderingContext2D, tokens: Tokens, pointer: At | null): void {
    const selected = this.selected();
    if (selected === null) return;
    const surface = this.#surface;
    const shape = this.#shapeOf(selected);
    if (shape.type === "box" || shape.type === "rotated_box") {
      for (const { at } of sidesOf(shape)) markHandle(context, surface, tokens, at);
      if (shape.type !== "rotated_box") return;
      const handle = turnHandleOf(shape, surface.view.scale);
      const top = sidesOf(shape)[1]?.at ?? handle;
      markLine(context, surface, tokens, [top, handle], { colour: tokens.accent });
      const isTurning = this.#drag?.handle.kind === "turn";
      markHandle(context, surface, tokens, handle, { shape: "circle", radius: 5, isActive: isTurning });
      if (isTurning || this.#nudged !== null) {
        markText(context, surface, tokens, handle, `${((shape.angle_rad * 180) / Math.PI).toFixed(1)}°`);
      }
      return;
    }
    const active = this.activeVertex;
    const isMany = verticesOf(shape).length > MOST_HANDLES;
    const reach = reachOf(surface, 80);
    pathsOf(shape).forEach(({ points }, path) => {
      points.forEach((point, place) => {
        const joint = shape.type === "keypoints" ? shape.points[place] : undefined;
        if (joint?.visibility === 0) return;
        if (isMany && (pointer === null || Math.hypot(pointer.x - point[0], pointer.y - point[1]) > reach)) return;
        const isActive = active?.path === path && active.point === place;
        const form = shape.type === "keypoints" ? "circle" : "square";
        markHandle(context, surface, tokens, point, { shape: form, isActive, isHollow: joint?.visibility === 1 });
        if (joint !== undefined && isActive) {
          markText(context, surface, tokens, point, `${joint.name}${joint.visibility === 1 ? " · hidden" : ""}`);
        }
      });
    });
  }
}
