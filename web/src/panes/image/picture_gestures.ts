/** Pointer and keys on a picture: pan and zoom, pick, and everything else to the tool that is chosen. */

import type { Tokens } from "../../base/tokens";
import type { Annotation, Shape } from "../../model/records";
import { listenToPointer } from "../shared/pointer";
import type { Toolbox } from "../shared/tools";
import type { At, PictureTool, Surface } from "../shared/tools/surface";
import { toPicture, type View, zoomAt } from "../shared/view";

export interface GesturePorts {
  setView(view: View): void;
  refit(): void;
  hit(x: number, y: number, reach: number): Annotation | null;
  /** Something of another stream that is drawn there. */
  otherAt(x: number, y: number): string | null;
}

const HIT_REACH = 3;
const TURN_RAD = Math.PI / 180;

const NUDGES: Readonly<Record<string, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

export class PictureGestures {
  readonly #canvas: HTMLCanvasElement;
  readonly #surface: Surface;
  readonly #ports: GesturePorts;
  #toolbox: Toolbox | null = null;
  #pan: { readonly x: number; readonly y: number } | null = null;
  #pressed: "tool" | "shape" | null = null;
  #pointer: At | null = null;
  #spaceHeld = false;
  /** The pointer that arrow keys move while a tool is chosen. */
  #cursor: { readonly x: number; readonly y: number; readonly isDown: boolean } | null = null;

  constructor(canvas: HTMLCanvasElement, surface: Surface, ports: GesturePorts) {
    this.#canvas = canvas;
    this.#surface = surface;
    this.#ports = ports;
  }

  listen(signal: AbortSignal): void {
    listenToPointer(this.#canvas, signal, {
      down: (event) => this.#onDown(event),
      move: (event) => this.#onMove(event),
      up: (event) => this.#onUp(event),
      cancel: () => this.cancel(),
      leave: () => this.#onLeave(),
      double: (event) => this.#onDouble(event),
      wheel: (event) => this.#onWheel(event),
    });
    // Ahead of the page's shortcuts: what is being drawn has the first word.
    window.addEventListener("keydown", (event) => this.#onKey(event), { signal, capture: true });
    window.addEventListener("keyup", (event) => this.#onKeyUp(event), { signal, capture: true });
    window.addEventListener("blur", () => this.#toolbox?.editor.release(), { signal });
    void import("../shared/tools").then(({ openToolbox }) => {
      this.#toolbox = openToolbox(this.#surface, (at) => this.#pick(at));
      this.#surface.redraw();
    });
  }

  get draft(): { readonly id: string; readonly shape: Shape } | null {
    return this.#toolbox?.editor.draft ?? null;
  }

  /** What the still layer leaves out: it is being changed. */
  get holds(): string | null {
    return this.draft?.id ?? this.heldByTool;
  }

  get heldByTool(): string | null {
    return this.#tool?.holds ?? null;
  }

  get #tool(): PictureTool | null {
    const { tool, linking } = this.#surface.context.store.getState();
    return linking === null ? (this.#toolbox?.tool(tool) ?? null) : null;
  }

  cancel(): void {
    this.#pan = null;
    this.#pressed = null;
    this.#cursor = null;
    this.#toolbox?.cancel();
    this.#surface.redraw();
  }

  draw(context: CanvasRenderingContext2D, tokens: Tokens): void {
    const tool = this.#tool;
    if (tool === null) this.#toolbox?.editor.draw(context, tokens, this.#pointer);
    if (this.#pointer !== null || tool?.isBusy) tool?.draw(context, tokens);
    if (this.#cursor !== null) this.#drawCursor(context, tokens);
  }

  #at(event: MouseEvent): At {
    const [x, y] = toPicture(this.#surface.view, event.offsetX, event.offsetY);
    return { x, y, shift: event.shiftKey, alt: event.altKey };
  }

  // Pointer

  #onWheel(event: WheelEvent): void {
    event.preventDefault();
    this.#ports.setView(zoomAt(this.#surface.view, Math.exp(-event.deltaY * 0.0015), event.offsetX, event.offsetY));
  }

  #onDown(event: PointerEvent): void {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#canvas.focus({ preventScroll: true });
    this.#cursor = null;
    const at = this.#at(event);
    const tool = this.#tool;
    if (event.button === 1 || this.#spaceHeld) this.#pan = { x: event.clientX, y: event.clientY };
    else if (event.button !== 0) return;
    else if (tool !== null) {
      this.#pressed = "tool";
      tool.down(at);
    } else this.#press(event, at);
    event.preventDefault();
    this.#surface.redraw();
  }

  #press(event: PointerEvent, at: At): void {
    const { store } = this.#surface.context;
    const editor = this.#toolbox?.editor;
    if (editor?.press(at)) {
      this.#pressed = "shape";
      return;
    }
    const hit = this.#hit(at);
    store.actions.pick(hit?.id ?? this.#ports.otherAt(at.x, at.y), { toggle: event.shiftKey });
    if (hit === null) this.#pan = { x: event.clientX, y: event.clientY };
    else if (store.getState().linking === null && !event.shiftKey) {
      editor?.pressInside(hit, at);
      this.#pressed = "shape";
    }
  }

  #onMove(event: PointerEvent): void {
    const at = this.#at(event);
    this.#pointer = at;
    if (this.#pan !== null) {
      const { view } = this.#surface;
      const [dx, dy] = [event.clientX - this.#pan.x, event.clientY - this.#pan.y];
      this.#pan = { x: event.clientX, y: event.clientY };
      this.#ports.setView({ ...view, x: view.x + dx, y: view.y + dy });
      return;
    }
    const tool = this.#tool;
    if (this.#pressed === "shape") this.#toolbox?.editor.move(at);
    else if (tool === null) this.#hover(at);
    else {
      this.#surface.context.store.actions.setHover(null);
      tool.move(at, this.#pressed === "tool");
      this.#setCursor(tool.cursor);
    }
  }

  #hover(at: At): void {
    const { store } = this.#surface.context;
    const hit = this.#hit(at);
    store.actions.setHover(hit?.id ?? this.#ports.otherAt(at.x, at.y));
    const handle = store.getState().linking === null ? this.#toolbox?.editor.cursorAt(at) : null;
    const isChosen = hit !== null && store.getState().selection.has(hit.id);
    this.#setCursor(handle ?? (hit === null ? "default" : isChosen ? "move" : "pointer"));
  }

  #setCursor(cursor: string): void {
    if (this.#canvas.style.cursor !== cursor) this.#canvas.style.cursor = cursor;
  }

  #onUp(event: PointerEvent): void {
    const pressed = this.#pressed;
    this.#pressed = null;
    this.#pan = null;
    if (pressed === "tool") this.#tool?.up(this.#at(event));
    else if (pressed === "shape") this.#toolbox?.editor.up();
    this.#surface.redraw();
  }

  #onLeave(): void {
    this.#pointer = null;
    this.#surface.context.store.actions.setHover(null);
    this.#surface.redraw();
  }

  #onDouble(event: MouseEvent): void {
    const tool = this.#tool;
    const at = this.#at(event);
    if (tool !== null) tool.finish();
    else if (this.#toolbox?.editor.insertAt(at)) return;
    else if (this.#hit(at) === null) this.#ports.refit();
  }

  #pick(at: At): void {
    this.#surface.context.store.actions.pick(this.#hit(at)?.id ?? null);
  }

  #hit({ x, y }: At): Annotation | null {
    return this.#ports.hit(x, y, HIT_REACH / this.#surface.view.scale);
  }

  // Keys

  /** Whether keys are meant for this picture: it has the focus, or nothing else has and the pointer is on it. */
  #listens(event: KeyboardEvent): boolean {
    if (document.querySelector("dialog[open]") !== null) return false;
    if (event.target === this.#canvas) return true;
    return (event.target === document.body || event.target === null) && this.#pointer !== null;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === " ") this.#spaceHeld = true;
    const tool = this.#tool;
    const isOurs = this.#drawingKey(event, tool) || (this.#listens(event) && this.#pictureKey(event, tool));
    if (!isOurs) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #onKeyUp(event: KeyboardEvent): void {
    if (event.key === " ") this.#spaceHeld = false;
    if (event.key.startsWith("Arrow")) this.#toolbox?.editor.release();
  }

  /** While something is drawn, wherever the focus is but in a field. */
  #drawingKey(event: KeyboardEvent, tool: PictureTool | null): boolean {
    const target = event.target;
    if (
      target instanceof HTMLElement &&
      target.closest("input, textarea, select, [contenteditable], dialog") !== null
    ) {
      return false;
    }
    const editor = this.#toolbox?.editor;
    if (event.key === "Escape") {
      if (this.#pan !== null || this.#pressed !== null || tool?.isBusy || this.#cursor !== null) {
        this.cancel();
        return true;
      }
      return editor?.cancel() ?? false;
    }
    if (tool?.isBusy) {
      if (event.key === "Enter") tool.finish();
      else if (event.key === "Backspace") tool.takeBack();
      else return false;
      return true;
    }
    if (event.key === "Delete" || event.key === "Backspace") return editor?.removeVertex() ?? false;
    return false;
  }

  #pictureKey(event: KeyboardEvent, tool: PictureTool | null): boolean {
    if (event.ctrlKey || event.metaKey) return false;
    const arrow = event.key.startsWith("Arrow") ? NUDGES[event.key.slice(5).toLowerCase()] : undefined;
    if (event.key === "Tab" && tool === null) return this.#toolbox?.editor.walk(event.shiftKey ? -1 : 1) ?? false;
    if (tool === null || event.altKey) return false;
    if (arrow !== undefined) {
      this.#moveCursor(arrow, event.shiftKey ? 10 : 1, tool);
      return true;
    }
    if (event.key === " " && this.#cursor !== null) {
      this.#pressCursor(tool, event.altKey);
      return true;
    }
    return false;
  }

  /** Arrow keys are a pointer for the tools: four screen pixels a step, Space presses and lets go. */
  #moveCursor([dx, dy]: readonly [number, number], factor: number, tool: PictureTool): void {
    const { size, view } = this.#surface;
    const step = (4 * factor) / view.scale;
    const from = this.#cursor ?? {
      x: this.#pointer?.x ?? size.widthPx / 2,
      y: this.#pointer?.y ?? size.heightPx / 2,
      isDown: false,
    };
    this.#cursor = {
      x: Math.min(size.widthPx, Math.max(0, from.x + dx * step)),
      y: Math.min(size.heightPx, Math.max(0, from.y + dy * step)),
      isDown: from.isDown,
    };
    this.#pointer = { x: this.#cursor.x, y: this.#cursor.y, shift: false, alt: false };
    tool.move(this.#pointer, from.isDown);
    this.#surface.redraw();
  }

  #pressCursor(tool: PictureTool, alt: boolean): void {
    const cursor = this.#cursor;
    if (cursor === null) return;
    const at = { x: cursor.x, y: cursor.y, shift: false, alt };
    const isDrag = ["box", "rotated_box", "mask"].includes(this.#surface.context.store.getState().tool);
    if (!cursor.isDown) tool.down(at);
    if (cursor.isDown || !isDrag) tool.up(at);
    this.#cursor = { ...cursor, isDown: isDrag && !cursor.isDown };
    this.#surface.redraw();
  }

  #drawCursor(context: CanvasRenderingContext2D, tokens: Tokens): void {
    if (this.#cursor === null) return;
    const { scale, x, y } = this.#surface.view;
    const [cx, cy] = [this.#cursor.x * scale + x, this.#cursor.y * scale + y];
    context.save();
    for (const [style, width] of [
      [tokens.background[0], 3.5],
      [tokens.accent, 1.5],
    ] as const) {
      context.beginPath();
      context.moveTo(cx - 14, cy);
      context.lineTo(cx + 14, cy);
      context.moveTo(cx, cy - 14);
      context.lineTo(cx, cy + 14);
      context.strokeStyle = style;
      context.lineWidth = width;
      context.stroke();
    }
    context.restore();
  }

  /** Commands of the registry; false when this picture has nothing for them. */
  run(command: string): boolean {
    const editor = this.#toolbox?.editor;
    if (editor === undefined) return false;
    const [noun, what = "", amount = ""] = command.split(".");
    if (noun === "nudge") {
      const [dx, dy] = NUDGES[what] ?? [0, 0];
      const step = amount === "far" ? 10 : 1;
      return editor.nudge(dx * step, dy * step);
    }
    if (noun === "turn") return editor.turn((what === "left" ? -1 : 1) * (amount === "far" ? 15 : 1) * TURN_RAD);
    if (command === "point.next" || command === "point.back") {
      if (editor.selected() === null) return false;
      this.#canvas.focus({ preventScroll: true });
      return editor.walk(command === "point.next" ? 1 : -1);
    }
    if (command === "joint.hidden") return editor.toggleHidden();
    return this.#tool?.run?.(command) ?? false;
  }
}
