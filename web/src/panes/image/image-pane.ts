/** A picture with its regions: two canvases (still and lively), pan, zoom, draw, move, resize. */
import Flatbush from "flatbush";
import { readTokens, type Tokens } from "../../base/tokens";
import type { Annotation, Box, Stream } from "../../model/records";
import { shapeAt } from "../../model/tracks";
import { nounOf, readingAt } from "../../playhead/reading_at";
import { readingStepper, stepIn } from "../../playhead/steppers";
import type { WorkspaceState } from "../../store/workspace";
import type { Pane, PaneContext } from "../pane";
import { continueTrack, type ShownReading, withShape } from "../shared/continue_track";
import { ghostsOf, neighboursOf } from "../shared/ghosts";
import { ObjectList } from "../shared/object-list";
import { onTheme } from "../shared/on_theme";
import { ProjectedLayer } from "../shared/projected_layer";
import { areaOf, boundsOf, isFlat } from "../shared/shapes";
import { labelOf, standingOf } from "../shared/standing";
import { TimeBadge } from "../shared/time_badge";
import { fitView, toPicture, type View, zoomAt } from "../shared/view";
import { drawGhost, drawHandles, drawLabel, drawShape, type ShapeLook } from "./draw";
import { boxBetween, cursorOf, type Drag, dragged, handleAt, isDrawable } from "./gestures";

const HANDLE_REACH = 7;
const HIT_REACH = 3;
/** A sample that lasts less has single pictures only: nothing to say about their time. */
const SHORTEST_NS = 1_000_000;

export class ImagePane implements Pane {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  readonly #still = document.createElement("canvas");
  readonly #lively = document.createElement("canvas");
  readonly #list: ObjectList;
  readonly #badge: TimeBadge;
  readonly #projected: ProjectedLayer;
  readonly #picture = new Image();
  readonly #leave = new AbortController();
  #host: HTMLElement | null = null;
  #tokens: Tokens | null = null;
  #view: View = { scale: 1, x: 0, y: 0 };
  #isFitted = true;
  #size = { width: 0, height: 0 };
  #reading = -1;
  #missing = false;
  #drag: Drag | null = null;
  #shown: readonly Annotation[] = [];
  /** Those of them that stand between key frames of their track. */
  #between: ReadonlySet<string> = new Set();
  #shownById: ReadonlyMap<string, Annotation> = new Map();
  #stillFrom: readonly unknown[] = [];
  #listedFrom: unknown = null;
  #index: Flatbush | null = null;
  #indexed: readonly Annotation[] = [];
  #drawnFrom: unknown = null;
  #frame: number | null = null;
  #revealed = 0;
  #spaceHeld = false;

  constructor(stream: Stream, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
    this.#badge = new TimeBadge(stream.name);
    this.#projected = new ProjectedLayer(stream, context);
    this.#list = new ObjectList(`Objects in ${stream.name}`, {
      onPick: (id) => context.store.actions.pick(id),
      onHover: (id) => context.store.actions.setHover(id),
    });
  }

  mount(host: HTMLElement): void {
    this.#host = host;
    host.classList.add("image-pane");
    host.append(this.#still, this.#lively, this.#list.element, this.#badge.element);
    this.#picture.addEventListener("load", () => {
      performance.mark(`pane:image:${this.#stream.name}:ready`);
      if (this.#isFitted) this.#fit();
      this.#redraw();
    });
    this.#picture.addEventListener("error", () => {
      host.dataset["problem"] = `The picture of ${this.#stream.name} could not be loaded`;
    });
    this.#listen(this.#lively);
    const signal = this.#leave.signal;
    const stops = [
      this.#context.store.subscribe((state, before) => this.#onState(state, before)),
      this.#context.playhead.subscribe(() => this.#showReading()),
      ghostsOf(this.#context.store).subscribe(() => this.#redraw()),
      // A single picture has nothing to step to: another pane answers.
      (this.#stream.readings?.length ?? 0) > 1
        ? stepIn(host, this.#context.playhead, readingStepper(this.#context.playhead, this.#stream))
        : () => {},
      onTheme(() => {
        this.#tokens = null;
        this.#redraw();
      }),
    ];
    signal.addEventListener("abort", () => {
      for (const stop of stops) stop();
    });
    this.#showReading();
    this.#redraw();
  }

  resize(widthPx: number, heightPx: number): void {
    this.#size = { width: widthPx, height: heightPx };
    for (const canvas of [this.#still, this.#lively]) {
      canvas.width = Math.max(1, Math.round(widthPx * devicePixelRatio));
      canvas.height = Math.max(1, Math.round(heightPx * devicePixelRatio));
    }
    if (this.#isFitted) this.#fit();
    this.#redraw();
  }

  anchorOf(annotationId: string): DOMRect | null {
    if (this.#missing) return null;
    const annotation = this.#shownById.get(annotationId);
    return annotation === undefined ? null : this.#rectOf(annotation);
  }

  placeOf(annotation: Annotation): DOMRect | null {
    const shown = this.#missing ? null : this.#asShown(annotation);
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

  dispose(): void {
    this.#leave.abort();
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#host?.replaceChildren();
  }

  get #pictureSize() {
    const { width_px, height_px } = this.#stream.facts ?? {};
    return {
      widthPx: width_px ?? (this.#picture.naturalWidth || 1),
      heightPx: height_px ?? (this.#picture.naturalHeight || 1),
    };
  }

  #fit(): void {
    const { widthPx, heightPx } = this.#pictureSize;
    this.#view = fitView(widthPx, heightPx, this.#size.width, this.#size.height);
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
    this.#drawnFrom = null;
    this.#redraw();
  }

  #onState(state: WorkspaceState, before: WorkspaceState): void {
    if (state.reveal !== null && state.reveal.turn !== this.#revealed && state.reveal !== before.reveal) {
      this.#revealed = state.reveal.turn;
      this.#bringIntoView(state.reveal.id);
    }
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
    const { width, height } = this.#size;
    const left = bounds.x0 * this.#view.scale + this.#view.x;
    const top = bounds.y0 * this.#view.scale + this.#view.y;
    const right = bounds.x1 * this.#view.scale + this.#view.x;
    const bottom = bounds.y1 * this.#view.scale + this.#view.y;
    if (left >= 0 && top >= 0 && right <= width && bottom <= height) return;
    const centreX = ((bounds.x0 + bounds.x1) / 2) * this.#view.scale;
    const centreY = ((bounds.y0 + bounds.y1) / 2) * this.#view.scale;
    this.#view = { ...this.#view, x: width / 2 - centreX, y: height / 2 - centreY };
    this.#isFitted = false;
  }

  // Drawing: once a turn, whatever asked for it

  #redraw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
    });
  }

  /** An annotation as it stands on the picture shown: a track as its shape of now; null when it is not here. */
  #asShown(record: Annotation): Annotation | null {
    if (record.stream !== this.#stream.id) return null;
    if (record.region.type === "track") {
      const moment = shapeAt(record.region, this.#moment.at_ns);
      return moment === null || !isFlat(moment.shape) ? null : { ...record, region: moment.shape };
    }
    if (!isFlat(record.region)) return null;
    if ((this.#stream.readings?.length ?? 0) <= 1) return record;
    const at = this.#stream.readings?.[this.#reading]?.at_ns;
    const isElsewhere =
      record.index != null ? record.index !== this.#reading : record.at_ns != null && record.at_ns !== at;
    return isElsewhere ? null : record;
  }

  #collect(state: WorkspaceState): void {
    const source = state.sample?.annotations;
    if (this.#drawnFrom === source) return;
    this.#drawnFrom = source;
    const shown: Annotation[] = [];
    const between = new Set<string>();
    for (const { record } of source?.values() ?? []) {
      const here = this.#asShown(record);
      if (here === null) continue;
      shown.push(here);
      if (here !== record && record.region.type === "track") {
        if (!shapeAt(record.region, this.#moment.at_ns)?.keyed) between.add(record.id);
      }
    }
    this.#shown = shown;
    this.#between = between;
    this.#shownById = new Map(shown.map((annotation) => [annotation.id, annotation]));
    this.#stillFrom = [];
    this.#indexed = shown.filter((annotation) => boundsOf(annotation.region) !== null);
    this.#index = null;
    if (this.#indexed.length > 0) {
      const index = new Flatbush(this.#indexed.length);
      for (const annotation of this.#indexed) {
        const bounds = boundsOf(annotation.region);
        if (bounds !== null) index.add(bounds.x0, bounds.y0, bounds.x1, bounds.y1);
      }
      index.finish();
      this.#index = index;
    }
  }

  #draw(): void {
    const host = this.#host;
    const [still, lively] = [this.#still.getContext("2d"), this.#lively.getContext("2d")];
    if (host === null || still === null || lively === null) return;
    const state = this.#context.store.getState();
    this.#tokens ??= readTokens(getComputedStyle(host));
    const tokens = this.#tokens;
    host.dataset["missing"] = String(this.#missing);
    if (this.#missing) {
      this.#wipe(still);
      this.#wipe(lively);
      this.#stillFrom = [];
      this.#list.show([], state.selection);
      host.dataset["version"] = String(state.version);
      return;
    }
    this.#collect(state);
    this.#drawStill(still, state, tokens);
    this.#wipe(lively);
    const { scale, x, y } = this.#view;
    const seen = this.#projected.draw(lively, tokens, (px, py) => [px * scale + x, py * scale + y], this.#moment);
    host.dataset["cuboids"] = String(seen);
    const lit = [...state.linked, ...state.selection, ...(state.hover === null ? [] : [state.hover])];
    const lifted = [...new Set(lit)].flatMap((id) => {
      const annotation = this.#shownById.get(id);
      return annotation === undefined ? [] : [this.#lookOf(state, annotation, tokens)];
    });
    this.#drawGhosts(lively, state, tokens);
    for (const look of lifted) drawShape(lively, look, this.#view, tokens);
    for (const look of lifted) drawLabel(lively, look, this.#view, tokens);
    this.#drawDrag(lively, state, tokens);
    host.dataset["version"] = String(state.version);
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

  /** Everything as it is at rest; drawn again only when something else than selection and hover changed. */
  #drawStill(context: CanvasRenderingContext2D, state: WorkspaceState, tokens: Tokens): void {
    const dragged = this.#drag?.kind === "shape" ? this.#drag.id : null;
    const { sample, ontology, allowedTargets, selection } = state;
    const isLoaded = this.#picture.complete && this.#picture.naturalWidth > 0;
    const parts = [
      sample,
      ontology,
      allowedTargets,
      tokens,
      this.#view,
      this.#size,
      this.#picture.src,
      isLoaded,
      dragged,
    ];
    if (parts.every((part, index) => part === this.#stillFrom[index])) {
      if (selection !== this.#listedFrom) this.#listObjects(state);
      return;
    }
    this.#stillFrom = parts;
    this.#wipe(context);
    this.#drawPicture(context);
    for (const annotation of this.#shown) {
      if (annotation.id === dragged) continue;
      const look = this.#lookOf(state, annotation, tokens);
      drawShape(context, { ...look, isSelected: false, isHovered: false, isLinked: false }, this.#view, tokens);
    }
    this.#listObjects(state);
  }

  #listObjects(state: WorkspaceState): void {
    this.#listedFrom = state.selection;
    this.#list.show(
      this.#shown.map((annotation) => ({ id: annotation.id, label: labelOf(state, annotation) })),
      state.selection,
    );
  }

  #wipe(context: CanvasRenderingContext2D): void {
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.#size.width, this.#size.height);
  }

  #drawPicture(context: CanvasRenderingContext2D): void {
    if (!this.#picture.complete || this.#picture.naturalWidth === 0) return;
    const { widthPx, heightPx } = this.#pictureSize;
    const { scale, x, y } = this.#view;
    context.imageSmoothingEnabled = scale < 3;
    context.drawImage(this.#picture, x, y, widthPx * scale, heightPx * scale);
  }

  #lookOf(state: WorkspaceState, annotation: Annotation, tokens: Tokens): ShapeLook {
    const standing = standingOf(state, annotation);
    const drag = this.#drag;
    const region = drag?.kind === "shape" && drag.id === annotation.id ? drag.box : annotation.region;
    return {
      ...standing,
      annotation: region === annotation.region ? annotation : { ...annotation, region },
      colour: tokens.classes[standing.colour] ?? tokens.accent,
      label: labelOf(state, annotation),
      isBetween: this.#between.has(annotation.id),
    };
  }

  #drawDrag(context: CanvasRenderingContext2D, state: WorkspaceState, tokens: Tokens): void {
    const selected = this.#selectedBox(state);
    const drag = this.#drag;
    const box = drag?.kind === "shape" ? drag.box : selected?.region;
    if (box !== undefined && state.linking === null) drawHandles(context, box, this.#view, tokens);
    if (drag?.kind !== "draw" || drag.box === null) return;
    const { scale, x, y } = this.#view;
    const { x0_px, y0_px, x1_px, y1_px } = drag.box;
    context.strokeStyle = tokens.accent;
    context.lineWidth = 1.5;
    context.fillStyle = tokens.accent;
    context.globalAlpha = 0.15;
    context.fillRect(x0_px * scale + x, y0_px * scale + y, (x1_px - x0_px) * scale, (y1_px - y0_px) * scale);
    context.globalAlpha = 1;
    context.strokeRect(x0_px * scale + x, y0_px * scale + y, (x1_px - x0_px) * scale, (y1_px - y0_px) * scale);
  }

  #selectedBox(state: WorkspaceState): (Annotation & { readonly region: Box }) | null {
    if (state.selection.size !== 1) return null;
    const found = this.#shown.find((annotation) => state.selection.has(annotation.id));
    return found?.region.type === "box" ? (found as Annotation & { readonly region: Box }) : null;
  }

  // Gestures

  #listen(canvas: HTMLCanvasElement): void {
    const { signal } = this.#leave;
    canvas.addEventListener("pointerdown", (event) => this.#onDown(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#onMove(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.#onUp(event), { signal });
    canvas.addEventListener("pointercancel", () => this.#dropDrag(), { signal });
    canvas.addEventListener("pointerleave", () => this.#context.store.actions.setHover(null), { signal });
    canvas.addEventListener("dblclick", () => this.#refit(), { signal });
    canvas.addEventListener("wheel", (event) => this.#onWheel(event), { signal, passive: false });
    window.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    window.addEventListener(
      "keyup",
      (event) => {
        if (event.key === " ") this.#spaceHeld = false;
      },
      { signal },
    );
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === " ") this.#spaceHeld = true;
    if (event.key === "Escape" && this.#drag !== null) {
      event.stopImmediatePropagation();
      this.#dropDrag();
    }
  }

  #dropDrag(): void {
    this.#drag = null;
    this.#redraw();
  }

  #refit(): void {
    this.#isFitted = true;
    this.#fit();
    this.#redraw();
  }

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    this.#isFitted = false;
    this.#view = zoomAt(this.#view, Math.exp(-event.deltaY * 0.0015), event.offsetX, event.offsetY);
    this.#redraw();
  }

  #onDown(event: PointerEvent): void {
    const state = this.#context.store.getState();
    const [x, y] = toPicture(this.#view, event.offsetX, event.offsetY);
    this.#lively.setPointerCapture(event.pointerId);
    if (event.button === 1 || this.#spaceHeld) this.#drag = { kind: "pan", x: event.clientX, y: event.clientY };
    else if (event.button !== 0) return;
    else if (state.tool === "box" && state.linking === null) {
      this.#drag = { kind: "draw", fromX: x, fromY: y, box: null };
    } else this.#press(event, state, x, y);
    event.preventDefault();
    this.#redraw();
  }

  #press(event: PointerEvent, state: WorkspaceState, x: number, y: number): void {
    const { actions } = this.#context.store;
    const selected = state.linking === null ? this.#selectedBox(state) : null;
    const handle = selected === null ? null : handleAt(selected.region, x, y, HANDLE_REACH / this.#view.scale);
    if (selected !== null && handle !== null && handle !== "move") {
      this.#drag = {
        kind: "shape",
        id: selected.id,
        handle,
        start: selected.region,
        fromX: x,
        fromY: y,
        box: selected.region,
      };
      return;
    }
    const hit = this.#hit(x, y);
    const cuboid = hit === null ? this.#cuboidAt(x, y) : null;
    actions.pick(hit?.id ?? cuboid, { toggle: event.shiftKey });
    if (hit === null) {
      this.#drag = { kind: "pan", x: event.clientX, y: event.clientY };
    } else if (hit.region.type === "box" && state.linking === null && !event.shiftKey) {
      this.#drag = {
        kind: "shape",
        id: hit.id,
        handle: "move",
        start: hit.region,
        fromX: x,
        fromY: y,
        box: hit.region,
      };
    }
  }

  #onMove(event: PointerEvent): void {
    const [x, y] = toPicture(this.#view, event.offsetX, event.offsetY);
    const drag = this.#drag;
    if (drag === null) {
      this.#hoverAt(x, y);
      return;
    }
    if (drag.kind === "pan") {
      this.#view = {
        ...this.#view,
        x: this.#view.x + event.clientX - drag.x,
        y: this.#view.y + event.clientY - drag.y,
      };
      this.#isFitted = false;
      this.#drag = { ...drag, x: event.clientX, y: event.clientY };
    } else if (drag.kind === "draw") {
      this.#drag = { ...drag, box: boxBetween(drag.fromX, drag.fromY, x, y, this.#pictureSize) };
    } else {
      const box = dragged(drag.start, drag.handle, x - drag.fromX, y - drag.fromY, this.#pictureSize);
      this.#drag = { ...drag, box };
    }
    this.#redraw();
  }

  #hoverAt(x: number, y: number): void {
    const state = this.#context.store.getState();
    const selected = state.linking === null ? this.#selectedBox(state) : null;
    const handle = selected === null ? null : handleAt(selected.region, x, y, HANDLE_REACH / this.#view.scale);
    const hit = this.#hit(x, y);
    this.#context.store.actions.setHover(hit?.id ?? this.#cuboidAt(x, y));
    const isDrawing = state.tool === "box" && state.linking === null;
    this.#lively.style.cursor = isDrawing
      ? "crosshair"
      : handle !== null && (handle !== "move" || hit?.id === selected?.id)
        ? cursorOf(handle)
        : hit !== null
          ? "pointer"
          : "default";
  }

  #onUp(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = null;
    const { actions } = this.#context.store;
    if (drag?.kind === "draw" && drag.box !== null && isDrawable(drag.box)) {
      const reading = this.#stream.readings?.[this.#reading];
      const isMoving = (this.#stream.readings?.length ?? 0) > 1 && reading !== undefined;
      if (isMoving && continueTrack(this.#context, this.#stream.id, drag.box, this.#shownReading())) {
        this.#redraw();
        return;
      }
      actions.createAnnotation({
        stream: this.#stream.id,
        region: drag.box,
        ...(isMoving ? { at_ns: reading.at_ns, index: this.#reading } : {}),
      });
      this.#context.announce("Box drawn");
    } else if (drag?.kind === "draw") {
      const [x, y] = toPicture(this.#view, event.offsetX, event.offsetY);
      actions.pick(this.#hit(x, y)?.id ?? null);
    } else if (drag?.kind === "shape" && !sameBox(drag.box, drag.start) && isDrawable(drag.box)) {
      const region = this.#context.store.getState().sample?.annotations.get(drag.id)?.record.region;
      if (region !== undefined) actions.updateRegion(drag.id, withShape(region, drag.box, this.#shownReading()));
    }
    this.#redraw();
  }

  #cuboidAt(x: number, y: number): string | null {
    return this.#projected.under(this.#moment, x, y, HANDLE_REACH / this.#view.scale);
  }

  /** The smallest region under a point, those that may be picked first while linking. */
  #hit(x: number, y: number): Annotation | null {
    if (this.#missing) return null;
    const reach = HIT_REACH / this.#view.scale;
    const allowed = this.#context.store.getState().allowedTargets;
    const rows = (this.#index?.search(x - reach, y - reach, x + reach, y + reach) ?? []).flatMap((place) => {
      const annotation = this.#indexed[place];
      const bounds = annotation === undefined ? null : boundsOf(annotation.region);
      if (annotation === undefined || bounds === null) return [];
      const rank = allowed !== null && !allowed.has(annotation.id) ? 1 : 0;
      return [{ annotation, rank, area: areaOf(bounds) }];
    });
    rows.sort((a, b) => a.rank - b.rank || a.area - b.area);
    return rows[0]?.annotation ?? null;
  }
}

function sameBox(a: Box, b: Box): boolean {
  return a.x0_px === b.x0_px && a.y0_px === b.y0_px && a.x1_px === b.x1_px && a.y1_px === b.y1_px;
}
