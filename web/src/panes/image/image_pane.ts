/** A picture with its regions: a still layer that is kept, a lively one above it, and the tools that draw on both. */
import { readTokens, type Tokens } from "../../base/tokens";
import type { Annotation, Shape, Stream } from "../../model/records";
import { nounOf, readingAt } from "../../playhead/reading_at";
import { readingStepper, stepIn } from "../../playhead/steppers";
import type { WorkspaceState } from "../../store/workspace";
import type { Pane, PaneContext } from "../pane";
import { continueTrack, type ShownReading, withShape } from "../shared/continue_track";
import { ghostsOf, neighboursOf } from "../shared/ghosts";
import { ObjectList } from "../shared/object_list";
import { onTheme } from "../shared/on_theme";
import { ProjectedLayer } from "../shared/projected_layer";
import { boundsOf } from "../shared/shapes";
import { labelOf, standingOf } from "../shared/standing";
import { TimeBadge } from "../shared/time_badge";
import { toolChoicesOf } from "../shared/tools/options";
import type { Surface } from "../shared/tools/surface";
import { fitView, type View } from "../shared/view";
import { drawGhost, drawLabel, drawShape, type ShapeLook } from "./draw";
import { drawMany } from "./draw_many";
import { PictureGestures } from "./picture_gestures";
import { PictureScene } from "./scene";
import { StillLayer } from "./still_layer";

/** A sample that lasts less has single pictures only: nothing to say about their time. */
const SHORTEST_NS = 1_000_000;
const CUBOID_REACH = 7;

export class ImagePane implements Pane {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  readonly #still = document.createElement("canvas");
  readonly #lively = document.createElement("canvas");
  readonly #list: ObjectList;
  readonly #badge: TimeBadge;
  readonly #projected: ProjectedLayer;
  readonly #scene: PictureScene;
  readonly #layer = new StillLayer(() => this.#redraw());
  readonly #gestures: PictureGestures;
  readonly #picture = new Image();
  readonly #leave = new AbortController();
  #host: HTMLElement | null = null;
  #tokens: Tokens | null = null;
  #view: View = { scale: 1, x: 0, y: 0 };
  #isFitted = true;
  #size = { widthPx: 0, heightPx: 0 };
  #reading = -1;
  #missing = false;
  #listedFrom: readonly unknown[] = [];
  #frame: number | null = null;
  #revealed = 0;

  constructor(stream: Stream, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
    this.#badge = new TimeBadge(stream.name);
    this.#projected = new ProjectedLayer(stream, context);
    this.#scene = new PictureScene(stream);
    this.#list = new ObjectList(`Objects in ${stream.name}`, {
      onPick: (id) => context.store.actions.pick(id),
      onHover: (id) => context.store.actions.setHover(id),
    });
    this.#gestures = new PictureGestures(this.#lively, this.#surface(), {
      setView: (view) => this.#setView(view),
      refit: () => this.#refit(),
      hit: (x, y, reach) => {
        if (this.#missing) return null;
        return this.#collected().hit(x, y, reach, context.store.getState().allowedTargets);
      },
      otherAt: (x, y) => this.#projected.under(this.#moment, x, y, CUBOID_REACH / this.#view.scale),
    });
  }

  mount(host: HTMLElement): void {
    this.#host = host;
    host.classList.add("image-pane");
    this.#lively.tabIndex = -1;
    this.#lively.setAttribute("role", "application");
    this.#lively.setAttribute("aria-label", `Picture ${this.#stream.name}: arrows move, Tab goes from point to point`);
    host.append(this.#still, this.#lively, this.#list.element, this.#badge.element);
    this.#picture.addEventListener("load", () => {
      performance.mark(`pane:image:${this.#stream.name}:ready`);
      if (this.#isFitted) this.#fit();
      this.#redraw();
    });
    this.#picture.addEventListener("error", () => {
      host.dataset["problem"] = `The picture of ${this.#stream.name} could not be loaded`;
    });
    const { signal } = this.#leave;
    const { store, playhead } = this.#context;
    const stops = [
      store.subscribe((state, before) => this.#onState(state, before)),
      playhead.subscribe(() => this.#showReading()),
      ghostsOf(store).subscribe(() => this.#redraw()),
      toolChoicesOf(store).subscribe(() => this.#redraw()),
      // A single picture has nothing to step to: another pane answers.
      (this.#stream.readings?.length ?? 0) > 1
        ? stepIn(host, playhead, readingStepper(playhead, this.#stream))
        : () => {},
      onTheme(() => {
        this.#tokens = null;
        this.#redraw();
      }),
      () => this.#layer.dispose(),
    ];
    signal.addEventListener("abort", () => {
      for (const stop of stops) stop();
    });
    this.#gestures.listen(signal);
    this.#showReading();
    this.#redraw();
  }

  resize(widthPx: number, heightPx: number): void {
    this.#size = { widthPx, heightPx };
    for (const canvas of [this.#still, this.#lively]) {
      canvas.width = Math.max(1, Math.round(widthPx * devicePixelRatio));
      canvas.height = Math.max(1, Math.round(heightPx * devicePixelRatio));
    }
    if (this.#isFitted) this.#fit();
    this.#redraw();
  }

  anchorOf(annotationId: string): DOMRect | null {
    if (this.#missing) return null;
    const annotation = this.#collected().find(annotationId);
    return annotation === undefined ? null : this.#rectOf(annotation);
  }

  placeOf(annotation: Annotation): DOMRect | null {
    const shown = this.#missing ? null : this.#scene.asShown(annotation, this.#moment);
    return shown === null ? null : this.#rectOf(shown);
  }

  #rectOf(annotation: Annotation): DOMRect | null {
    const bounds = boundsOf(annotation.region);
    if (bounds === null) return null;
    const origin = this.#lively.getBoundingClientRect();
    const { scale, x, y } = this.#view;
    return new DOMRect(
      origin.x + bounds.x0 * scale + x,
      origin.y + bounds.y0 * scale + y,
      (bounds.x1 - bounds.x0) * scale,
      (bounds.y1 - bounds.y0) * scale,
    );
  }

  run(commandId: string): boolean {
    return this.#gestures.run(commandId);
  }

  dispose(): void {
    this.#leave.abort();
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#host?.replaceChildren();
  }

  /** What the tools are lent. */
  #surface(): Surface {
    const pane = this;
    return {
      context: this.#context,
      stream: this.#stream,
      get size() {
        return pane.#pictureSize;
      },
      get view() {
        return pane.#view;
      },
      shown: () => (this.#missing ? [] : this.#collected().shown),
      near: (x, y, reach) => this.#collected().within({ x0: x - reach, y0: y - reach, x1: x + reach, y1: y + reach }),
      create: (shape, said) => this.#create(shape, said),
      reshape: (id, shape) => this.#reshape(id, shape),
      redraw: () => this.#redraw(),
    };
  }

  /** What belongs on the picture now, drawn yet or not: a gesture may come before the next turn of drawing. */
  #collected(): PictureScene {
    this.#scene.collect(this.#context.store.getState().sample?.annotations, this.#moment);
    return this.#scene;
  }

  #create(shape: Shape, said: string): void {
    const reading = this.#stream.readings?.[this.#reading];
    const isMoving = (this.#stream.readings?.length ?? 0) > 1 && reading !== undefined;
    const continues = isMoving && shape.type === "box";
    if (continues && continueTrack(this.#context, this.#stream.id, shape, this.#shownReading())) return;
    this.#context.store.actions.createAnnotation({
      stream: this.#stream.id,
      region: shape,
      ...(isMoving ? { at_ns: reading.at_ns, index: this.#reading } : {}),
    });
    this.#context.announce(said);
  }

  #reshape(id: string, shape: Shape): void {
    const region = this.#context.store.getState().sample?.annotations.get(id)?.record.region;
    if (region !== undefined) {
      this.#context.store.actions.updateRegion(id, withShape(region, shape, this.#shownReading()));
    }
  }

  get #pictureSize() {
    const { width_px, height_px } = this.#stream.facts ?? {};
    return {
      widthPx: width_px ?? (this.#picture.naturalWidth || 1),
      heightPx: height_px ?? (this.#picture.naturalHeight || 1),
    };
  }

  #setView(view: View): void {
    this.#view = view;
    this.#isFitted = false;
    this.#redraw();
  }

  #refit(): void {
    this.#isFitted = true;
    this.#fit();
    this.#redraw();
  }

  #fit(): void {
    const { widthPx, heightPx } = this.#pictureSize;
    this.#view = fitView(widthPx, heightPx, this.#size.widthPx, this.#size.heightPx);
  }

  get #moment() {
    const index = Math.max(0, this.#reading);
    return { index, at_ns: this.#stream.readings?.[index]?.at_ns ?? this.#stream.facts?.start_ns ?? 0 };
  }

  /** A picture stands for its own instant only. */
  #shownReading(): ShownReading {
    const { index, at_ns } = this.#moment;
    return { index, at_ns, end_ns: at_ns + 1 };
  }

  /** The reading that answers at the playhead; the picture of another time is not shown as if it did (rule T5). */
  #showReading(): void {
    const { playhead, api } = this.#context;
    const mark = readingAt(this.#stream, playhead);
    const { startNs, endNs } = playhead.state;
    if (endNs - startNs < SHORTEST_NS) this.#badge.clear();
    else this.#badge.show(nounOf("image"), mark);
    const missing = mark === null;
    if (missing !== this.#missing) {
      this.#missing = missing;
      this.#redraw();
    }
    if (mark === null || mark.index === this.#reading) return;
    this.#reading = mark.index;
    this.#picture.src = api.streamUrl(this.#stream.id, "picture", { reading: mark.index });
    this.#redraw();
  }

  #onState(state: WorkspaceState, before: WorkspaceState): void {
    if (state.reveal !== null && state.reveal.turn !== this.#revealed && state.reveal !== before.reveal) {
      this.#revealed = state.reveal.turn;
      this.#bringIntoView(state.reveal.id);
    }
    if (state.tool !== before.tool || (state.linking === null) !== (before.linking === null)) this.#gestures.cancel();
    this.#redraw();
  }

  #bringIntoView(id: string): void {
    const annotation = this.#context.store.getState().sample?.annotations.get(id)?.record;
    if (annotation?.stream !== this.#stream.id) return;
    if (annotation.at_ns != null) {
      this.#context.playhead.seek(this.#context.playhead.toTimeline(this.#stream.id, annotation.at_ns));
    }
    const bounds = boundsOf(annotation.region);
    if (bounds === null) return;
    const { widthPx, heightPx } = this.#size;
    const { scale, x, y } = this.#view;
    const isSeen =
      bounds.x0 * scale + x >= 0 &&
      bounds.y0 * scale + y >= 0 &&
      bounds.x1 * scale + x <= widthPx &&
      bounds.y1 * scale + y <= heightPx;
    if (isSeen) return;
    const [centreX, centreY] = [((bounds.x0 + bounds.x1) / 2) * scale, ((bounds.y0 + bounds.y1) / 2) * scale];
    this.#setView({ ...this.#view, x: widthPx / 2 - centreX, y: heightPx / 2 - centreY });
  }

  // Drawing: once a turn, whatever asked for it

  #redraw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  #draw(): void {
    const host = this.#host;
    const [still, lively] = [this.#still.getContext("2d"), this.#lively.getContext("2d")];
    if (host === null || still === null || lively === null) return;
    const state = this.#context.store.getState();
    this.#tokens ??= readTokens(getComputedStyle(host));
    const tokens = this.#tokens;
    host.dataset["missing"] = String(this.#missing);
    this.#wipe(still);
    this.#wipe(lively);
    if (this.#missing) {
      this.#list.show([], state.selection);
      this.#listedFrom = [];
      host.dataset["version"] = String(state.version);
      return;
    }
    this.#collected();
    this.#drawStill(still, state, tokens);
    this.#listObjects(state);
    this.#drawLively(lively, state, tokens, host);
    host.dataset["version"] = String(state.version);
  }

  /** Everything as it is at rest; drawn again only when something else than selection and hover changed. */
  #drawStill(context: CanvasRenderingContext2D, state: WorkspaceState, tokens: Tokens): void {
    const held = this.#gestures.holds;
    const isLoaded = this.#picture.complete && this.#picture.naturalWidth > 0;
    const { ontology, allowedTargets } = state;
    const [entities, links] = [state.sample?.entities, state.sample?.links];
    const parts = [
      this.#scene.turn,
      entities,
      links,
      ontology,
      allowedTargets,
      tokens,
      this.#picture.src,
      isLoaded,
      held,
    ];
    this.#layer.show(context, this.#view, this.#size, parts, (sheet, view, { widthPx, heightPx }) => {
      this.#drawPicture(sheet, view);
      const seen = this.#scene.within({
        x0: -view.x / view.scale,
        y0: -view.y / view.scale,
        x1: (widthPx - view.x) / view.scale,
        y1: (heightPx - view.y) / view.scale,
      });
      const looks = seen.flatMap((annotation): ShapeLook[] => {
        if (annotation.id === held) return [];
        const look = this.#lookOf(state, annotation, tokens);
        return [{ ...look, isSelected: false, isHovered: false, isLinked: false }];
      });
      drawMany(sheet, looks, view, tokens);
    });
  }

  #drawLively(context: CanvasRenderingContext2D, state: WorkspaceState, tokens: Tokens, host: HTMLElement): void {
    const { scale, x, y } = this.#view;
    const seen = this.#projected.draw(context, tokens, (px, py) => [px * scale + x, py * scale + y], this.#moment);
    host.dataset["cuboids"] = String(seen);
    const lit = [...state.linked, ...state.selection, ...(state.hover === null ? [] : [state.hover])];
    const held = this.#gestures.heldByTool;
    const lifted = [...new Set(lit)].flatMap((id) => {
      const annotation = id === held ? undefined : this.#scene.find(id);
      return annotation === undefined ? [] : [this.#lookOf(state, annotation, tokens)];
    });
    this.#drawGhosts(context, state, tokens);
    for (const look of lifted) drawShape(context, look, this.#view, tokens);
    for (const look of lifted) drawLabel(context, look, this.#view, tokens);
    this.#gestures.draw(context, tokens);
  }

  /** The neighbouring key frames of selected tracks. */
  #drawGhosts(context: CanvasRenderingContext2D, state: WorkspaceState, tokens: Tokens): void {
    if (!ghostsOf(this.#context.store).on) return;
    const { at_ns } = this.#moment;
    for (const id of state.selection) {
      const record = state.sample?.annotations.get(id)?.record;
      if (record?.stream !== this.#stream.id || record.region.type !== "track") continue;
      const colour = tokens.classes[standingOf(state, record).colour] ?? tokens.accent;
      for (const shape of neighboursOf(record.region, at_ns, at_ns + 1)) drawGhost(context, shape, colour, this.#view);
    }
  }

  #listObjects(state: WorkspaceState): void {
    const from = [this.#scene.turn, state.selection, state.ontology, state.sample?.entities];
    if (from.every((part, place) => part === this.#listedFrom[place])) return;
    this.#listedFrom = from;
    this.#list.show(
      this.#scene.shown.map((annotation) => ({ id: annotation.id, label: labelOf(state, annotation) })),
      state.selection,
    );
  }

  #wipe(context: CanvasRenderingContext2D): void {
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.#size.widthPx, this.#size.heightPx);
  }

  #drawPicture(context: OffscreenCanvasRenderingContext2D, { scale, x, y }: View): void {
    if (!this.#picture.complete || this.#picture.naturalWidth === 0) return;
    const { widthPx, heightPx } = this.#pictureSize;
    context.imageSmoothingEnabled = scale < 3;
    context.drawImage(this.#picture, x, y, widthPx * scale, heightPx * scale);
  }

  #lookOf(state: WorkspaceState, annotation: Annotation, tokens: Tokens): ShapeLook {
    const standing = standingOf(state, annotation);
    const draft = this.#gestures.draft;
    return {
      ...standing,
      annotation: draft?.id === annotation.id ? { ...annotation, region: draft.shape } : annotation,
      colour: tokens.classes[standing.colour] ?? tokens.accent,
      label: labelOf(state, annotation),
      isBetween: this.#scene.isBetween(annotation.id),
    };
  }
}
