/** Dragging a track's key frames along the timeline: one drag is one change set. They snap to the stream's readings. */

import type { Track } from "../../model/records";
import { moveKeyFrame, TrackError, withoutKeyFrame } from "../../model/tracks";
import { lastNotAfter } from "../../playhead/reading_at";
import { type Anchor, seekMedia, ticksOf } from "../../playhead/ticks";
import type { PaneContext } from "../pane";
import { pointerIn } from "../shared/canvas_layer";
import { listenToPointer } from "../shared/pointer";
import type { TimeAxis } from "../shared/time_axis";
import type { Bar, Key } from "./lanes";

export interface KeyPlace {
  readonly stream: string;
  readonly bar: Bar;
  readonly key: Key;
}

export interface KeyPorts {
  readonly context: PaneContext;
  readonly canvas: HTMLCanvasElement;
  axis(): TimeAxis;
  /** The key frame under a point of the canvas. */
  keyAt(x: number, y: number): KeyPlace | null;
  redraw(): void;
}

interface Drag extends KeyPlace {
  readonly x: number;
  to: Anchor | null;
}

const CLICK_PX = 3;

export class KeyDrag {
  readonly #ports: KeyPorts;
  readonly #leave = new AbortController();
  #drag: Drag | null = null;
  #held: { readonly id: string; readonly media_ns: number } | null = null;

  /** Listens before other gestures of the canvas when it is made before them, and keeps what it takes. */
  constructor(ports: KeyPorts) {
    this.#ports = ports;
    const { canvas } = ports;
    listenToPointer(canvas, this.#leave.signal, {
      down: (event) => this.#down(event),
      move: (event) => this.#move(event),
      up: (event) => this.#up(event),
      cancel: () => this.#abandon(),
    });
  }

  dispose(): void {
    this.#leave.abort();
  }

  /** Media time of the key frame of a track that was clicked last. */
  heldOf(id: string): number | null {
    return this.#held?.id === id ? this.#held.media_ns : null;
  }

  /** A bar as the drag in progress would leave it. */
  preview(bar: Bar): Bar {
    const drag = this.#drag;
    if (drag === null || drag.to === null || drag.bar.id !== bar.id) return bar;
    const at_ns = this.#ports.context.playhead.toTimeline(drag.stream, drag.to.at_ns);
    const keys = bar.keys
      .map((key) => (key.media_ns === drag.key.media_ns ? { ...key, at_ns } : key))
      .sort((a, b) => a.at_ns - b.at_ns);
    return { ...bar, keys, start_ns: keys[0]?.at_ns ?? bar.start_ns, end_ns: keys.at(-1)?.at_ns ?? bar.end_ns };
  }

  /** Delete removes the key frame that was clicked; Escape ends a drag. True when the key was used. */
  key(event: KeyboardEvent): boolean {
    if (event.key === "Escape" && this.#drag !== null) {
      this.#abandon();
      return true;
    }
    const held = this.#held;
    const track = held === null ? null : this.#trackOf(held.id);
    if (held === null || track === null || (event.key !== "Delete" && event.key !== "Backspace")) return false;
    this.#held = null;
    this.#change(held.id, "Remove the key frame", () => withoutKeyFrame(track, held.media_ns));
    return true;
  }

  #trackOf(id: string): Track | null {
    const { sample, selection } = this.#ports.context.store.getState();
    const region = sample?.annotations.get(id)?.record.region;
    return region?.type === "track" && selection.has(id) ? region : null;
  }

  #down(event: PointerEvent): void {
    const { canvas, context } = this.#ports;
    this.#held = null;
    if (event.button !== 0 || event.shiftKey || context.store.getState().linking !== null) return;
    const { x, y } = pointerIn(canvas, event);
    const place = this.#ports.keyAt(x, y);
    if (place === null) return;
    event.stopImmediatePropagation();
    canvas.parentElement?.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    if (!context.store.getState().selection.has(place.bar.id)) context.store.actions.select([place.bar.id]);
    this.#drag = { ...place, x, to: null };
  }

  #move(event: PointerEvent): void {
    const { canvas, context, axis } = this.#ports;
    const drag = this.#drag;
    const { x, y } = pointerIn(canvas, event);
    if (drag === null) {
      const under = event.buttons === 0 ? this.#ports.keyAt(x, y) : null;
      if (under === null) return;
      event.stopImmediatePropagation();
      canvas.style.cursor = "grab";
      context.store.actions.setHover(under.bar.id);
      return;
    }
    event.stopImmediatePropagation();
    if (drag.to === null && Math.abs(x - drag.x) <= CLICK_PX) return;
    canvas.style.cursor = "grabbing";
    drag.to = this.#snapped(drag.stream, context.playhead.toMedia(drag.stream, axis().nsAt(x)));
    seekMedia(context.playhead, drag.stream, drag.to.at_ns);
    this.#ports.redraw();
  }

  #snapped(stream: string, media_ns: number): Anchor {
    const { store, playhead } = this.#ports.context;
    const record = store.getState().sample?.streams.get(stream)?.record;
    const times = record === undefined ? [] : (ticksOf(playhead, record)?.times_ns ?? []);
    const before = lastNotAfter(times, media_ns);
    const [from, to] = [times[before], times[before + 1]];
    if (from === undefined && to === undefined) return { at_ns: media_ns };
    const index = from !== undefined && (to === undefined || media_ns - from <= to - media_ns) ? before : before + 1;
    return { at_ns: times[index] ?? media_ns, index };
  }

  #up(event: PointerEvent): void {
    const { canvas, context } = this.#ports;
    const drag = this.#drag;
    if (drag === null) return;
    event.stopImmediatePropagation();
    canvas.releasePointerCapture(event.pointerId);
    this.#drag = null;
    const { id } = drag.bar;
    if (drag.to === null) {
      seekMedia(context.playhead, drag.stream, drag.key.media_ns);
      this.#held = { id, media_ns: drag.key.media_ns };
      context.announce("Key frame chosen: drag it, or Delete removes it");
    } else if (drag.to.at_ns !== drag.key.media_ns) {
      const { at_ns, index } = drag.to;
      const track = this.#trackOf(id);
      const { media_ns } = drag.key;
      if (track !== null) this.#change(id, "Move the key frame", () => moveKeyFrame(track, media_ns, at_ns, index));
      this.#held = { id, media_ns: at_ns };
    }
    this.#ports.redraw();
  }

  #change(id: string, reason: string, edit: () => Track): void {
    const { store, announce } = this.#ports.context;
    const record = store.getState().sample?.annotations.get(id)?.record;
    if (record === undefined) return;
    try {
      store.actions.update(reason, [{ ...record, region: edit() }]);
      announce(reason);
    } catch (error) {
      if (!(error instanceof TrackError)) throw error;
      store.actions.notify(error.message);
    }
  }

  #abandon(): void {
    this.#drag = null;
    this.#ports.redraw();
  }
}
