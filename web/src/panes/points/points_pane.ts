/** A point cloud with its cuboids: an orbit, a map, and the three sides of the chosen cuboid. Each sweep is its own moment. */
import { formatNs } from "../../base/ns";
import { IDENTITY, type RigidTransform } from "../../base/rotation";
import { readTokens, type Tokens } from "../../base/tokens";
import type { CuboidShape } from "../../model/projection";
import type { Stream } from "../../model/records";
import { markText, NO_DATA, nounOf, type ReadingAt, readingAt } from "../../playhead/reading_at";
import { stepByKey, steppersOf } from "../../playhead/steppers";
import type { WorkspaceState } from "../../store/workspace";
import type { Pane, PaneContext } from "../pane";
import { annotationsOf } from "../shared/by_stream";
import { CanvasLayer, clientRect } from "../shared/canvas_layer";
import { ObjectList } from "../shared/object_list";
import { onTheme } from "../shared/on_theme";
import { framesOf } from "../shared/sample_frames";
import { type Moment, type ShownCuboid, shownCuboids } from "../shared/shown_cuboids";
import { labelOf } from "../shared/standing";
import { CloudScene } from "./cloud_scene";
import { CuboidActions } from "./cuboid_actions";
import { afterCommand } from "./cuboid_keys";
import { screenBox } from "./draw_cuboids";
import { drawView } from "./draw_view";
import { heightRange } from "./height_range";
import { viewsIn } from "./layout";
import { PointEyes } from "./point_eyes";
import { commandOf } from "./points_commands";
import { buildPointsDom, type PointsDom, write } from "./points_dom";
import { PointGestures } from "./points_gestures";
import { PointsPicture } from "./points_picture";
import { PointsSettings } from "./points_settings";
import { chosenText } from "./points_words";
import { riding } from "./riding";
import { SweepWindow } from "./sweep_window";
import { readingCount, readingStart } from "./sweeps";

export class PointsPane implements Pane {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  readonly #dom: PointsDom;
  readonly #layer: CanvasLayer;
  readonly #list: ObjectList;
  readonly #gestures: PointGestures;
  readonly #window: SweepWindow;
  readonly #actions: CuboidActions;
  readonly #settings: PointsSettings;
  readonly #picture = new PointsPicture();
  readonly #eyes = new PointEyes(() => this.#redrawPoints());
  readonly #cleanups: (() => void)[] = [];
  #tokens: Tokens | null = null;
  #scene: CloudScene | null = null;
  #mark: ReadingAt | null = null;
  #asked = -1;
  #shownReading = -1;
  #heights = { low_m: -2, high_m: 4 };
  #cuboidsFrom: readonly unknown[] = [];
  #shownCuboids: readonly ShownCuboid[] = [];
  #problem = "Loading the points…";
  #revealed = 0;
  #gone = false;

  constructor(stream: Stream, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
    this.#dom = buildPointsDom(stream.name);
    this.#layer = new CanvasLayer((canvas) => this.#draw(canvas));
    this.#list = new ObjectList(`Cuboids in ${stream.name}`, {
      onPick: (id) => context.store.actions.pick(id),
      onHover: (id) => context.store.actions.setHover(id),
    });
    this.#window = new SweepWindow({
      api: context.api,
      stream,
      paneFromSweep: (reading, frame, current) => this.#between(this.#frame(), current, frame, reading),
      changed: () => this.#onSweep(),
      failed: (error) => {
        this.#problem = `These points cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
        this.#layer.invalidate();
      },
    });
    this.#actions = new CuboidActions({
      context,
      stream,
      moment: () => this.#moment(),
      frame: () => this.#frame(),
      points: () => this.#window.current?.index ?? null,
      goTo: (reading) => this.#goTo(reading),
    });
    this.#settings = new PointsSettings(this.#dom.bar, {
      around: () => this.#window.around,
      setAround: (around) => this.#window.setAround(around),
      hasMany: () => readingCount(stream) > 1,
      changed: (said) => {
        context.announce(said);
        this.resize(this.#layer.width_px, this.#layer.height_px);
      },
    });
    this.#gestures = new PointGestures({
      context,
      canvas: this.#layer.canvas,
      eyes: this.#eyes,
      cuboids: () => this.#cuboids(),
      followed: () => this.#followed(),
      level: () => this.#heights.low_m,
      drawn: (seed) => this.#actions.create(seed),
      dragging: (shown, shape) => this.#publish(shown, shape),
      reshaped: (shown, shape) => this.#actions.reshape(shown, shape),
      redraw: () => this.#layer.invalidate(),
    });
  }

  mount(host: HTMLElement): void {
    const { root } = this.#dom;
    root.insertBefore(this.#layer.canvas, this.#dom.absent);
    root.append(this.#list.element);
    host.append(root);
    const steppers = steppersOf(this.#context.playhead);
    const stepper = {
      step: (count: number) => this.#goTo(this.#here() + count),
      stepKey: (way: 1 | -1) => this.#goTo(this.#nextKey(way)),
    };
    root.addEventListener("keydown", (event) => {
      if (!this.#key(event) && !stepByKey(steppers, event)) return;
      event.preventDefault();
      event.stopPropagation();
    });
    root.addEventListener("focusin", () => steppers.focus(stepper));
    this.#cleanups.push(
      onTheme(() => {
        this.#tokens = null;
        this.#redrawPoints();
      }),
      // A single sweep has nothing to step to: another pane answers.
      (this.#stream.readings?.length ?? 0) > 1 ? steppers.add(stepper) : () => {},
      this.#context.store.subscribe((state, before) => this.#onState(state, before)),
      this.#context.playhead.subscribe(() => this.#follow()),
    );
    void this.#begin();
    this.#follow();
  }

  async #begin(): Promise<void> {
    try {
      const three = await import("three");
      if (this.#gone) return;
      this.#scene = new CloudScene(three, this.#dom.points);
      this.resize(this.#layer.width_px, this.#layer.height_px);
    } catch (error) {
      this.#problem = `Points need WebGL: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.#layer.invalidate();
  }

  /** Which sweep answers at the playhead (rule T5). Without one nothing stale is shown. */
  #follow(): void {
    this.#mark = readingAt(this.#stream, this.#context.playhead);
    if (this.#mark !== null && this.#mark.index !== this.#asked) {
      this.#asked = this.#mark.index;
      void this.#window.show(this.#asked);
    }
    this.#layer.invalidate();
  }

  #onSweep(): void {
    const sweep = this.#window.current;
    if (this.#gone || sweep === null) return;
    if (this.#shownReading !== this.#asked) {
      this.#shownReading = this.#asked;
      this.#heights = heightRange(sweep.tiles);
    }
    this.#problem = sweep.header.count === 0 ? "This sweep has no points" : "";
    this.#redrawPoints();
  }

  #onState(state: WorkspaceState, before: WorkspaceState): void {
    if (state.sample?.calibrations !== before.sample?.calibrations) this.#window.replace();
    if (state.sample?.trajectories !== before.sample?.trajectories) this.#window.replace();
    if (state.reveal !== null && state.reveal !== before.reveal && state.reveal.turn !== this.#revealed) {
      this.#revealed = state.reveal.turn;
      this.#bringIntoView(state, state.reveal.id);
    }
    this.#layer.invalidate();
  }

  #bringIntoView(state: WorkspaceState, id: string): void {
    const annotation = state.sample?.annotations.get(id)?.record;
    if (annotation?.stream !== this.#stream.id) return;
    const { region } = annotation;
    const key = region.type === "track" ? region.key_frames.find((one) => one.shape !== null)?.at_ns : annotation.at_ns;
    const isHere = this.#cuboids().some((shown) => shown.annotation.id === id);
    if (!isHere && key != null) this.#context.playhead.seek(this.#context.playhead.toTimeline(this.#stream.id, key));
    const shown = this.#cuboids().find((cuboid) => cuboid.annotation.id === id);
    if (shown === undefined) return;
    this.#eyes.lookAt(shown.shape.centre_m);
  }

  /** The sweep at the playhead, be it loaded or not. */
  #here(): number {
    return Math.max(0, this.#mark?.index ?? this.#asked);
  }

  #redrawPoints(): void {
    this.#picture.invalidate();
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

  /** The neighbouring sweep with a key frame of the chosen track, else the neighbouring sweep. */
  #nextKey(way: 1 | -1): number {
    const here = this.#here();
    const region = this.#followed()?.annotation.region;
    const keys = region?.type === "track" ? region.key_frames.flatMap((key) => key.index ?? []) : [];
    const ahead = keys.filter((index) => (index - here) * way > 0).sort((a, b) => (a - b) * way);
    return ahead[0] ?? here + way;
  }

  #key(event: KeyboardEvent): boolean {
    const isControl = event.target instanceof HTMLElement && event.target.closest("button, select") !== null;
    if (isControl && ["Enter", " ", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(event.key))
      return false;
    if (event.key === "Escape") return this.#gestures.abandon();
    const command = commandOf(event);
    return command !== null && this.run(command.id);
  }

  run(commandId: string): boolean {
    const name = commandId.replace(/^points\./, "");
    const shown = this.#followed();
    const shape = shown === null ? null : afterCommand(shown.shape, name);
    if (shown !== null && shape !== null) {
      this.#actions.reshape(shown, shape);
      return true;
    }
    return (shown !== null && this.#onChosen(shown, name)) || this.#settings.run(name) || this.#onView(name);
  }

  #onChosen(shown: ShownCuboid, name: string): boolean {
    const actions: Readonly<Record<string, () => void>> = {
      fit: () => this.#actions.fit(shown),
      lock: () => this.#actions.toggleLock(shown),
      key: () => this.#actions.toggleKey(shown),
      pass_on: () => this.#actions.passOn(shown, 1),
      pass_back: () => this.#actions.passOn(shown, -1),
      absent: () => this.#actions.absent(shown),
    };
    actions[name]?.();
    return actions[name] !== undefined;
  }

  #onView(name: string): boolean {
    if (name === "place") return this.#place();
    if (name === "next" || name === "previous") return this.#walk(name === "next" ? 1 : -1);
    return this.#eyes.run(name);
  }

  /** The keyboard's way to a new cuboid: where the top view looks, fitted to what stands there. */
  #place(): boolean {
    if (this.#context.store.getState().tool !== "cuboid") return false;
    const { centre_m, up } = this.#eyes.flat("top");
    const half = Math.atan2(up[1], up[0]) / 2;
    this.#actions.create({
      centre_m: [centre_m[0], centre_m[1], this.#heights.low_m + 0.8],
      size_m: [5, 2.4, 1.6],
      rotation_wxyz: [Math.cos(half), 0, 0, Math.sin(half)],
    });
    return true;
  }

  #walk(step: 1 | -1): boolean {
    const { store, announce } = this.#context;
    const { selection } = store.getState();
    const ids = this.#cuboids().map(({ annotation }) => annotation.id);
    if (ids.length === 0) {
      announce("No cuboid on this sweep");
      return true;
    }
    const at = ids.findIndex((id) => selection.has(id));
    const next = ids[(at + step + ids.length + (at < 0 && step < 0 ? 1 : 0)) % ids.length];
    const annotation = this.#cuboids().find((shown) => shown.annotation.id === next)?.annotation;
    if (annotation === undefined) return true;
    store.actions.pick(annotation.id);
    announce(labelOf(store.getState(), annotation));
    return true;
  }

  #moment(): Moment {
    const index = Math.max(0, this.#shownReading);
    return { index, at_ns: readingStart(this.#stream, index) };
  }

  /** The frame of reference of what is drawn. */
  #frame(): string {
    return this.#window.current?.header.frame || this.#stream.frame || "";
  }

  /** `dst_from_src` between the times of two sweeps. */
  #between(dst: string, dst_reading: number, src: string, src_reading: number): RigidTransform | null {
    const { sample } = this.#context.store.getState();
    if (sample === null) return null;
    const [to, from] = [dst_reading, src_reading].map((reading) =>
      this.#context.playhead.toTimeline(this.#stream.id, readingStart(this.#stream, reading)),
    );
    return framesOf(sample).between(dst || this.#frame(), to ?? 0, src || this.#frame(), from ?? 0);
  }

  #paneFrom(frame: string): RigidTransform | null {
    const { index } = this.#moment();
    return frame === this.#frame() ? IDENTITY : this.#between(this.#frame(), index, frame, index);
  }

  /** Those of the sweep, worked out once for each state. */
  #cuboids(): readonly ShownCuboid[] {
    const { sample } = this.#context.store.getState();
    if (this.#mark === null || sample === null) return [];
    const moment = this.#moment();
    const at_ns = this.#context.playhead.toTimeline(this.#stream.id, moment.at_ns);
    const { annotations, calibrations, trajectories } = sample;
    const frame = this.#frame();
    const from = [annotations, calibrations, trajectories, moment.index, at_ns, frame, this.#settings.ghosts];
    if (from.every((part, index) => part === this.#cuboidsFrom[index])) return this.#shownCuboids;
    this.#cuboidsFrom = from;
    const shown = shownCuboids(
      annotationsOf(sample, this.#stream.id),
      moment,
      (other) => this.#paneFrom(other),
      (annotation) => this.#actions.objectAt(annotation, at_ns, frame),
    );
    this.#shownCuboids = this.#settings.ghosts ? shown : shown.filter((cuboid) => !cuboid.interpolated);
    return this.#shownCuboids;
  }

  /** The one chosen cuboid; while outlines are drawn the views show the ground. */
  #followed(): ShownCuboid | null {
    const { selection, tool } = this.#context.store.getState();
    if (tool === "cuboid") return null;
    const chosen = this.#cuboids().filter(({ annotation }) => selection.has(annotation.id));
    return chosen.length === 1 ? (chosen[0] ?? null) : null;
  }

  /** Shows a drag in progress to every pane; null takes it back. */
  #publish(shown: ShownCuboid, shape: CuboidShape | null): void {
    const region = shape === null ? null : this.#actions.regionFor(shown, shape);
    this.#context.store.actions.setDraft(region === null ? null : { ...shown.annotation, region });
  }

  #draw(canvas: CanvasRenderingContext2D): void {
    this.#tokens ??= readTokens(getComputedStyle(this.#dom.root));
    const tokens = this.#tokens;
    const state = this.#context.store.getState();
    const cuboids = this.#cuboids();
    const followed = this.#followed();
    if (!this.#gestures.isEditing) {
      if (this.#eyes.follow(followed)) this.#picture.invalidate();
    }
    this.#drawPoints(tokens, state, followed);
    for (const view of this.#eyes.views) {
      canvas.save();
      canvas.beginPath();
      canvas.rect(view.rect.x, view.rect.y, view.rect.width, view.rect.height);
      canvas.clip();
      drawView(canvas, tokens, {
        state,
        view,
        eye: this.#eyes.eye(view.id),
        cuboids,
        followed,
        preview: (shown) => this.#gestures.preview(shown),
        draft: this.#gestures.draft,
        px_per_m: view.id === "orbit" ? 1 : this.#eyes.flat(view.id).px_per_m,
      });
      canvas.restore();
    }
    this.#say(state, cuboids, followed);
  }

  #drawPoints(tokens: Tokens, state: WorkspaceState, followed: ShownCuboid | null): void {
    const scene = this.#scene;
    if (scene === null) return;
    this.#dom.points.style.visibility = this.#mark === null ? "hidden" : "";
    const { placed } = this.#window;
    const { colourBy, rides } = this.#settings;
    const isWhole = this.#picture.draw(scene, {
      tokens,
      window: this.#window,
      settings: this.#settings,
      heights: this.#heights,
      annotations: colourBy === "class" || rides ? state.sample?.annotations : null,
      followed,
      isEditing: this.#gestures.isEditing,
      views: this.#eyes.sceneViews(followed !== null),
      closeEye: this.#eyes.flat("top"),
      riding: () =>
        riding({
          placed,
          rides,
          byClass: colourBy === "class",
          state,
          stream: this.#stream,
          playhead: this.#context.playhead,
          actions: this.#actions,
          frame: this.#frame(),
        }),
    });
    if (!isWhole) this.#layer.invalidate();
    this.#dom.root.dataset["whole"] = String(isWhole && placed.length > 0);
  }

  #say(state: WorkspaceState, cuboids: readonly ShownCuboid[], followed: ShownCuboid | null): void {
    const { root, status, chosen, absent } = this.#dom;
    const count = readingCount(this.#stream);
    const scene = this.#window.placed.reduce((sum, { sweep }) => sum + sweep.header.count, 0);
    const around = this.#window.around > 0 ? ` in ${this.#window.placed.length} sweeps` : "";
    const missing = this.#window.missing > 0 ? ` (${this.#window.missing} without a pose)` : "";
    const parts = [this.#stream.name, markText(nounOf("point_cloud"), this.#mark)];
    if (this.#mark !== null) {
      if (count > 1) parts[1] = parts[1]?.replace(/ · /, ` of ${count} · `) ?? "";
      parts.push(formatNs(this.#moment().at_ns), `${scene.toLocaleString("en")} points${around}${missing}`);
    }
    write(status, (this.#problem === "" || this.#mark === null ? parts : [this.#problem]).join("  ·  "));
    absent.hidden = this.#mark !== null;
    write(absent, NO_DATA);
    const shape = followed === null ? null : this.#gestures.preview(followed);
    const inside = shape === null ? null : (this.#window.current?.index.countInside(shape) ?? 0);
    write(chosen, followed === null || shape === null ? "" : chosenText(followed, shape, inside ?? 0, this.#moment()));
    chosen.hidden = followed === null;
    this.#list.show(
      cuboids.map(({ annotation }) => ({ id: annotation.id, label: labelOf(state, annotation) })),
      state.selection,
    );
    const data = root.dataset;
    data["reading"] = this.#mark === null ? "" : String(this.#shownReading);
    data["version"] = String(state.version);
    data["views"] = this.#eyes.views.map(({ id }) => id).join(" ");
    data["sweeps"] = String(this.#window.placed.length);
    data["cuboids"] = String(cuboids.length);
    if (inside === null) delete data["pointsInBox"];
    else data["pointsInBox"] = String(inside);
  }

  resize(widthPx: number, heightPx: number): void {
    this.#eyes.place(widthPx > 0 && heightPx > 0 ? viewsIn(this.#settings.layout, widthPx, heightPx) : []);
    if (widthPx > 0 && heightPx > 0) this.#scene?.resize(widthPx, heightPx);
    const main = this.#eyes.views[0]?.rect;
    if (main !== undefined) {
      // What is said stands under the first view and leaves the others free.
      this.#dom.foot.style.maxWidth = `${main.width - 12}px`;
      this.#dom.foot.style.bottom = `${heightPx - main.y - main.height + 6}px`;
    }
    this.#picture.invalidate();
    this.#layer.resize(widthPx, heightPx);
  }

  anchorOf(annotationId: string): DOMRect | null {
    const shown = this.#cuboids().find(({ annotation }) => annotation.id === annotationId);
    const view = this.#eyes.views[0];
    const box = shown === undefined || view === undefined ? null : screenBox(shown.shape, this.#eyes.eye(view.id));
    if (view === undefined || box === null) return null;
    const { x, y, width, height } = view.rect;
    const [x0, x1] = [Math.max(x, box.x0), Math.min(x + width, box.x1)];
    const [y0, y1] = [Math.max(y, box.y0), Math.min(y + height, box.y1)];
    return x1 <= x0 || y1 <= y0 ? null : clientRect(this.#layer.canvas, x0, y0, x1, y1);
  }

  dispose(): void {
    this.#gone = true;
    this.#gestures.abandon();
    for (const cleanup of this.#cleanups) cleanup();
    this.#gestures.dispose();
    this.#scene?.dispose();
    this.#layer.dispose();
    this.#dom.root.remove();
  }
}
