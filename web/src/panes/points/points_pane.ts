/** A point cloud seen from an orbit and from above, with its cuboids. Each sweep holds until the next one. */
import { formatNs } from "../../base/ns";
import { IDENTITY, type RigidTransform, type Vec3, yawOf } from "../../base/rotation";
import { readTokens, type Tokens } from "../../base/tokens";
import { FrameTree } from "../../model/frames";
import type { CuboidShape } from "../../model/projection";
import type { Region, Stream } from "../../model/records";
import { withKeyFrame } from "../../model/tracks";
import { stepByKey, steppersOf } from "../../playhead/steppers";
import type { SampleData } from "../../store/sample";
import type { Pane, PaneContext } from "../pane";
import { annotationsOf } from "../shared/by_stream";
import { CanvasLayer, clientRect } from "../shared/canvas_layer";
import { lookOf } from "../shared/looks";
import { type Orbit, type Rect, seenFromTop, seenInOrbit, type TopView } from "./cameras";
import { CloudScene, type ColourBy } from "./cloud_scene";
import { cuboidFromTop, pointsInside } from "./cuboid_edit";
import { afterKey } from "./cuboid_keys";
import { drawCuboid, drawHandles, type Eye, screenBox } from "./draw_cuboids";
import { heightRange } from "./height_range";
import { PointGestures } from "./points_gestures";
import { regionOf, type ShownCuboid, shownCuboids } from "./shown_cuboids";
import { readingAt, readingCount, readingStart, type Sweep, Sweeps } from "./sweeps";

export class PointsPane implements Pane {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  readonly #root = document.createElement("div");
  readonly #canvas = document.createElement("canvas");
  readonly #layer: CanvasLayer;
  readonly #gestures: PointGestures;
  readonly #sweeps: Sweeps;
  readonly #cleanups: (() => void)[] = [];
  #tokens: Tokens | null = null;
  #scene: CloudScene | null = null;
  #sweep: Sweep | null = null;
  #reading = -1;
  #shownReading = -1;
  #colourBy: ColourBy = "height";
  #heights = { low_m: -2, high_m: 4 };
  #ghosts = true;
  #stale = true;
  #orbit: Orbit = { target_m: [8, 0, 0], yaw_rad: Math.PI, pitch_rad: 0.5, distance_m: 45 };
  #top: TopView = { x_m: 8, y_m: 0, px_per_m: 8 };
  #tree: { readonly of: SampleData; readonly tree: FrameTree } | null = null;
  #problem = "Loading the points…";
  #gone = false;

  constructor(stream: Stream, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
    this.#sweeps = new Sweeps(context.api, stream);
    this.#layer = new CanvasLayer((canvas) => this.#draw(canvas));
    this.#gestures = new PointGestures({
      context,
      canvas: this.#layer.canvas,
      cuboids: () => this.#cuboids(),
      rects: () => this.#rects(),
      orbit: () => this.#orbit,
      setOrbit: (orbit) => {
        this.#orbit = orbit;
        this.#redrawPoints();
      },
      top: () => this.#top,
      setTop: (top) => {
        this.#top = top;
        this.#redrawPoints();
      },
      eyes: () => this.#eyes(),
      drawn: (from_m, to_m) => this.#create(from_m, to_m),
      reshaped: (shown, shape) => this.#reshape(shown, shape),
      redraw: () => this.#layer.invalidate(),
    });
  }

  mount(host: HTMLElement): void {
    const root = this.#root;
    root.tabIndex = 0;
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", `Points ${this.#stream.name}`);
    root.style.cssText =
      "position:relative;width:100%;height:100%;overflow:hidden;background:var(--bg-0);outline-offset:-2px";
    this.#canvas.style.cssText = "position:absolute;inset:0;width:100%;height:100%";
    root.append(this.#canvas, this.#layer.canvas);
    host.append(root);
    this.#tokens = readTokens(getComputedStyle(root));
    const steppers = steppersOf(this.#context.playhead);
    const stepper = {
      step: (count: number) => this.#goTo(Math.max(0, this.#reading) + count),
      stepKey: (way: 1 | -1) => this.#goTo(this.#reading + way),
    };
    root.addEventListener("keydown", (event) => {
      if (!this.#key(event) && !stepByKey(steppers, event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    root.addEventListener("focusin", () => steppers.focus(stepper));
    this.#cleanups.push(
      steppers.add(stepper),
      this.#context.store.subscribe(() => this.#layer.invalidate()),
      this.#context.playhead.subscribe(() => this.#follow()),
    );
    void this.#begin();
    this.#follow();
  }

  async #begin(): Promise<void> {
    try {
      const three = await import("three");
      if (this.#gone) return;
      this.#scene = new CloudScene(three, this.#canvas);
      this.resize(this.#layer.width_px, this.#layer.height_px);
      if (this.#sweep !== null) this.#scene.setSweep(this.#sweep);
      this.#stale = true;
    } catch (error) {
      this.#problem = `Points need WebGL: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#layer.invalidate();
  }

  #follow(): void {
    const { playhead } = this.#context;
    const reading = readingAt(this.#stream, playhead.toMedia(this.#stream.id, playhead.state.timelineNs));
    if (reading === this.#reading) return;
    this.#reading = reading;
    void this.#load(reading);
  }

  /** Points are drawn again only when they or an eye changed; cuboids on top of them whenever the state does. */
  #redrawPoints(): void {
    this.#stale = true;
    this.#layer.invalidate();
  }

  async #load(reading: number): Promise<void> {
    try {
      const sweep = await this.#sweeps.get(reading);
      if (this.#gone || reading !== this.#reading) return;
      this.#sweep = sweep;
      this.#shownReading = reading;
      this.#heights = heightRange(sweep.tiles);
      this.#scene?.setSweep(sweep);
      this.#stale = true;
      this.#problem = "";
      // The next one is likely wanted next.
      if (reading + 1 < readingCount(this.#stream)) this.#sweeps.get(reading + 1).catch(() => {});
    } catch (error) {
      this.#problem = `These points cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#layer.invalidate();
  }

  #goTo(reading: number): void {
    const { playhead } = this.#context;
    const index = Math.max(0, Math.min(readingCount(this.#stream) - 1, reading));
    playhead.pause();
    const at_ns = readingStart(this.#stream, index);
    let timeline_ns: number = playhead.toTimeline(this.#stream.id, at_ns);
    // The clock map rounds down both ways: make sure that the sweep itself is reached.
    if (playhead.toMedia(this.#stream.id, timeline_ns) < at_ns) timeline_ns += 1;
    playhead.seek(timeline_ns);
  }

  #key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "x") {
      this.#colourBy = this.#colourBy === "height" ? "intensity" : "height";
      this.#redrawPoints();
      return true;
    }
    if (event.key === "i") {
      this.#ghosts = !this.#ghosts;
      this.#layer.invalidate();
      return true;
    }
    const shown = this.#selected();
    const next = shown === null ? null : afterKey(shown.shape, event, this.#sweep?.tiles ?? []);
    if (shown === null || next === null) return false;
    if (next !== shown.shape) this.#reshape(shown, next);
    return true;
  }

  #moment(): { readonly index: number; readonly at_ns: number } {
    const index = Math.max(0, this.#shownReading);
    return { index, at_ns: readingStart(this.#stream, index) };
  }

  /** The frame of reference of what is drawn. */
  #frame(): string {
    return this.#sweep?.header.frame || this.#stream.frame || "";
  }

  #paneFrom(frame: string): RigidTransform | null {
    const { sample } = this.#context.store.getState();
    if (frame === this.#frame() || sample === null) return IDENTITY;
    if (this.#tree?.of.calibrations !== sample.calibrations || this.#tree.of.trajectories !== sample.trajectories) {
      const calibrations = [...sample.calibrations.values()].map(({ record }) => record);
      const trajectories = [...sample.trajectories.values()].map(({ record }) => record);
      this.#tree = { of: sample, tree: new FrameTree(calibrations, trajectories) };
    }
    const at_ns = this.#context.playhead.toTimeline(this.#stream.id, this.#moment().at_ns);
    return this.#tree.tree.between(this.#frame(), at_ns, frame, at_ns);
  }

  #cuboids(): readonly ShownCuboid[] {
    const own = annotationsOf(this.#context.store.getState().sample, this.#stream.id);
    const shown = shownCuboids(own, this.#moment(), (frame) => this.#paneFrom(frame));
    return this.#ghosts ? shown : shown.filter((cuboid) => !cuboid.interpolated);
  }

  #selected(): ShownCuboid | null {
    const { selection } = this.#context.store.getState();
    return this.#cuboids().find(({ annotation }) => selection.has(annotation.id)) ?? null;
  }

  #create(from_m: readonly [number, number], to_m: readonly [number, number]): void {
    if (Math.hypot(to_m[0] - from_m[0], to_m[1] - from_m[1]) < 0.2) return;
    const { store, announce } = this.#context;
    const { index, at_ns } = this.#moment();
    const last = this.#selected();
    const yaw = last === null ? 0 : yawOf(last.shape.rotation_wxyz);
    const shape = cuboidFromTop(from_m, to_m, yaw, this.#sweep?.tiles ?? [], this.#heights.low_m);
    const region = regionOf(shape, this.#frame(), IDENTITY);
    store.actions.createAnnotation({ stream: this.#stream.id, region, at_ns, index });
    announce(`Cuboid drawn around ${pointsInside(shape, this.#sweep?.tiles ?? [])} points`);
  }

  #reshape(shown: ShownCuboid, shape: CuboidShape): void {
    const { index, at_ns } = this.#moment();
    const cuboid = regionOf(shape, shown.frame, shown.pane_from_frame);
    let region: Region = cuboid;
    const old = shown.annotation.region;
    if (old.type === "track") {
      const key = old.key_frames.find((candidate) => candidate.at_ns === at_ns);
      region = withKeyFrame(old, { ...key, at_ns, index, shape: cuboid });
    }
    this.#context.store.actions.updateRegion(shown.annotation.id, region);
  }

  #rects(): { readonly orbit: Rect; readonly top: Rect } {
    const { width_px: width, height_px: height } = this.#layer;
    const split = Math.round(width * 0.6);
    return {
      orbit: { x: 0, y: 0, width: split - 1, height },
      top: { x: split, y: 0, width: width - split, height },
    };
  }

  #eyes(): { readonly orbit: Eye; readonly top: Eye } {
    const { orbit, top } = this.#rects();
    return {
      orbit: (point_m: Vec3) => {
        const seen = seenInOrbit(this.#orbit, orbit, point_m);
        return seen === null ? null : [seen[0], seen[1]];
      },
      top: (point_m: Vec3) => seenFromTop(this.#top, top, point_m),
    };
  }

  #draw(canvas: CanvasRenderingContext2D): void {
    const tokens = this.#tokens;
    if (tokens === null) return;
    const rects = this.#rects();
    if (this.#stale && this.#scene !== null) {
      this.#stale = false;
      this.#scene.setColours(this.#colourBy, this.#heights.low_m, this.#heights.high_m);
      this.#scene.render(this.#orbit, rects.orbit, this.#top, rects.top);
    }
    const eyes = this.#eyes();
    const state = this.#context.store.getState();
    const cuboids = this.#cuboids();
    const labelled = cuboids.length <= 40;
    for (const [rect, eye] of [
      [rects.orbit, eyes.orbit],
      [rects.top, eyes.top],
    ] as const) {
      canvas.save();
      canvas.beginPath();
      canvas.rect(rect.x, rect.y, rect.width, rect.height);
      canvas.clip();
      for (const shown of cuboids) {
        const look = lookOf(state, tokens, shown.annotation);
        const shape = this.#gestures.preview(shown);
        drawCuboid(canvas, tokens, eye, shape, look, shown.interpolated, labelled && rect === rects.orbit);
        if (look.selected && rect === rects.top) drawHandles(canvas, tokens, eye, shape);
      }
      canvas.restore();
    }
    this.#drawDraft(canvas, tokens, eyes.top);
    canvas.fillStyle = tokens.line;
    canvas.fillRect(rects.top.x - 1, 0, 1, rects.top.height);
    this.#drawStatus(canvas, tokens, rects.top);
    this.#root.dataset["reading"] = String(this.#shownReading);
    this.#root.dataset["version"] = String(state.version);
  }

  #drawDraft(canvas: CanvasRenderingContext2D, tokens: Tokens, eye: Eye): void {
    const draft = this.#gestures.draft;
    if (draft === null) return;
    const [from, to] = [eye([...draft.from_m, 0]), eye([...draft.to_m, 0])];
    if (from === null || to === null) return;
    canvas.save();
    canvas.strokeStyle = tokens.accent;
    canvas.lineWidth = 2;
    canvas.setLineDash([5, 3]);
    canvas.strokeRect(from[0], from[1], to[0] - from[0], to[1] - from[1]);
    canvas.restore();
  }

  #drawStatus(canvas: CanvasRenderingContext2D, tokens: Tokens, top: Rect): void {
    const { index, at_ns } = this.#moment();
    const count = readingCount(this.#stream);
    const points = this.#sweep?.header.count.toLocaleString("en") ?? "0";
    const lines =
      this.#problem === ""
        ? [
            `${this.#stream.name}  sweep ${index}/${count - 1}  ${formatNs(at_ns)}  ${points} points  by ${this.#colourBy}`,
          ]
        : [this.#problem];
    const shown = this.#selected();
    if (shown !== null) {
      const shape = this.#gestures.preview(shown);
      const inside = pointsInside(shape, this.#sweep?.tiles ?? []);
      const yaw = ((yawOf(shape.rotation_wxyz) * 180) / Math.PI).toFixed(1);
      lines.push(`points in box ${inside}  yaw ${yaw}°  ${shape.size_m.map((part) => part.toFixed(2)).join(" × ")} m`);
      this.#root.dataset["pointsInBox"] = String(inside);
    } else delete this.#root.dataset["pointsInBox"];
    canvas.font = `11px ${tokens.font}`;
    canvas.textBaseline = "middle";
    lines.reverse().forEach((text, row) => {
      const y = this.#layer.height_px - 16 - row * 18;
      canvas.fillStyle = `${tokens.background[0]}d0`;
      canvas.fillRect(6, y - 8, canvas.measureText(text).width + 10, 16);
      canvas.fillStyle = tokens.foreground[1];
      canvas.fillText(text, 11, y);
    });
    canvas.fillStyle = tokens.foreground[2];
    canvas.fillText("Top", top.x + 8, 12);
  }

  resize(widthPx: number, heightPx: number): void {
    if (widthPx > 0 && heightPx > 0) this.#scene?.resize(widthPx, heightPx);
    this.#stale = true;
    this.#layer.resize(widthPx, heightPx);
  }

  anchorOf(annotationId: string): DOMRect | null {
    const shown = this.#cuboids().find(({ annotation }) => annotation.id === annotationId);
    const box = shown === undefined ? null : screenBox(shown.shape, this.#eyes().orbit);
    const { orbit } = this.#rects();
    if (box === null || box.x1 < 0 || box.x0 > orbit.width || box.y1 < 0 || box.y0 > orbit.height) return null;
    return clientRect(this.#layer.canvas, box.x0, box.y0, Math.min(box.x1, orbit.width), box.y1);
  }

  dispose(): void {
    this.#gone = true;
    for (const cleanup of this.#cleanups) cleanup();
    this.#gestures.dispose();
    this.#scene?.dispose();
    this.#layer.dispose();
    this.#root.remove();
  }
}
