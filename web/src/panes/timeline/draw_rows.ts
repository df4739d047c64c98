/** Paints timeline rows: headers, reading ticks, bars, key frames, badges. */
import type { Tokens } from "../../base/tokens";
import { drawLinkBadge, drawSuspectBadge, type Look } from "../shared/looks";
import type { TimeAxis } from "../shared/time_axis";
import { type Bar, type Key, lowerBound, type Painted } from "./lanes";
import type { Row } from "./row_layout";

export interface RowScene {
  readonly context: CanvasRenderingContext2D;
  readonly tokens: Tokens;
  readonly axis: TimeAxis;
  readonly left_px: number;
  readonly width_px: number;
  /** Where the row's top is on the canvas. */
  readonly y_px: number;
  readonly row: Row;
}

export function drawHeader(scene: RowScene, title: string, note: string, colour: string | null): void {
  const { context, tokens, left_px, y_px, row } = scene;
  const note_px = note === "" ? 0 : noteWidth(context, tokens, note);
  context.fillStyle = row.lane.class_id === null ? tokens.background[2] : tokens.background[1];
  context.fillRect(0, y_px, left_px, row.height_px);
  context.fillStyle = tokens.line;
  context.fillRect(0, y_px + row.height_px - 0.5, left_px, 0.5);
  context.save();
  context.beginPath();
  context.rect(0, y_px, left_px - 4, row.height_px);
  context.clip();
  context.textBaseline = "middle";
  const middle = y_px + row.height_px / 2;
  if (colour !== null && title !== "") {
    context.fillStyle = colour;
    context.fillRect(12, middle - 4, 8, 8);
  }
  context.font = `${row.lane.class_id === null ? "600 " : ""}11px ${tokens.font}`;
  context.fillStyle = row.lane.class_id === null ? tokens.foreground[0] : tokens.foreground[1];
  context.fillText(
    cut(context, title, left_px - note_px - (colour === null ? 18 : 34)),
    colour === null ? 8 : 26,
    middle,
  );
  if (note !== "") {
    context.font = `10px ${tokens.font}`;
    context.fillStyle = tokens.foreground[2];
    context.textAlign = "right";
    context.fillText(note, left_px - 8, middle);
  }
  context.restore();
}

function noteWidth(context: CanvasRenderingContext2D, tokens: Tokens, note: string): number {
  context.font = `10px ${tokens.font}`;
  return context.measureText(note).width;
}

/** The text, shortened in its middle to a width: names of topics and messages differ at their ends. */
function cut(context: CanvasRenderingContext2D, text: string, room_px: number): string {
  if (context.measureText(text).width <= room_px) return text;
  let kept = text.length - 1;
  const short = () => `${text.slice(0, kept >> 1)}…${text.slice(text.length - (kept - (kept >> 1)))}`;
  while (kept > 2 && context.measureText(short()).width > room_px) kept -= 1;
  return short();
}

/** Pictures and sweeps as ticks; when they stand closer than 3 px they become a band. Where there is no data, hatching. */
export function drawReadings(scene: RowScene): void {
  const { context, tokens, axis, left_px, width_px, y_px, row } = scene;
  const { readings_ns, covers_ns, gaps } = row.lane;
  const from = lowerBound(readings_ns.length, (index) => readings_ns[index] ?? 0, axis.nsAt(left_px));
  const to = lowerBound(readings_ns.length, (index) => readings_ns[index] ?? 0, axis.nsAt(width_px));
  const middle = y_px + row.height_px / 2;
  context.fillStyle = tokens.foreground[2];
  if ((to - from) * 3 > width_px - left_px) {
    const [x0, x1] = [axis.xOf(readings_ns[from] ?? 0), axis.xOf(readings_ns[to - 1] ?? 0)];
    context.globalAlpha = 0.4;
    context.fillRect(x0, middle - 3, Math.max(1, x1 - x0), 6);
    context.globalAlpha = 1;
  } else {
    for (let index = from; index < to; index++) {
      context.fillRect(Math.round(axis.xOf(readings_ns[index] ?? 0)) - 1, middle - 3, 3, 6);
    }
  }
  if (covers_ns !== null) {
    if (readings_ns.length === 0 && !row.lane.wave) {
      const [x0, x1] = [Math.max(left_px, axis.xOf(covers_ns[0])), Math.min(width_px, axis.xOf(covers_ns[1]))];
      context.globalAlpha = 0.4;
      if (x1 > x0) context.fillRect(x0, middle - 1, x1 - x0, 2);
      context.globalAlpha = 1;
    }
    drawNoData(scene, left_px, axis.xOf(covers_ns[0]));
    drawNoData(scene, axis.xOf(covers_ns[1]), width_px);
  }
  for (const [start_ns, end_ns] of gaps) drawNoData(scene, axis.xOf(start_ns), axis.xOf(end_ns));
}

function drawNoData({ context, tokens, left_px, width_px, y_px, row }: RowScene, from_px: number, to_px: number): void {
  const [x0, x1] = [Math.max(left_px, from_px), Math.min(width_px, to_px)];
  if (x1 - x0 < 2) return;
  context.save();
  context.beginPath();
  context.rect(x0, y_px + 1, x1 - x0, row.height_px - 3);
  context.clip();
  context.fillStyle = tokens.background[1];
  context.fillRect(x0, y_px, x1 - x0, row.height_px);
  context.strokeStyle = tokens.foreground[2];
  context.globalAlpha = 0.35;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = x0 - row.height_px - (x0 % 7); x < x1; x += 7) {
    context.moveTo(x, y_px + row.height_px);
    context.lineTo(x + row.height_px, y_px);
  }
  context.stroke();
  context.restore();
}

export function drawMerged({ context, y_px, row, tokens }: RowScene, painted: Painted, colour: string): void {
  const width = Math.max(2, painted.x1_px - painted.x0_px);
  context.globalAlpha = 0.75;
  context.fillStyle = colour;
  context.fillRect(painted.x0_px, y_px + 5, width, row.height_px - 10);
  context.globalAlpha = 1;
  if (width > 24) {
    context.font = `10px ${tokens.font}`;
    context.fillStyle = tokens.onClass;
    context.textBaseline = "middle";
    context.fillText(`×${painted.count}`, painted.x0_px + 3, y_px + row.height_px / 2);
  }
}

/** `held`: media time of the key frame that the next Delete removes. */
export function drawBar(
  scene: RowScene,
  bar: Bar,
  x0: number,
  x1: number,
  look: Look,
  held: number | null = null,
): void {
  const { context, tokens, y_px, row } = scene;
  const middle = y_px + row.height_px / 2;
  const strong = look.selected || look.hovered || look.linked;
  context.save();
  context.globalAlpha = look.dimmed ? 0.2 : 1;
  context.fillStyle = look.colour;
  if (bar.start_ns === bar.end_ns) {
    diamond(context, x0, middle, strong ? 6.5 : 5);
    context.fill();
    outline(context, tokens, look);
  } else if (bar.keys.length > 0) {
    drawPresence(scene, bar.keys, look);
    context.globalAlpha = look.dimmed ? 0.2 : 1;
    if (look.suspect) hatch(scene, x0, x1);
    drawKeys(scene, bar.keys, look, held);
  } else {
    const width = Math.max(2, x1 - x0);
    context.beginPath();
    context.roundRect(x0, y_px + 2.5, width, row.height_px - 5, Math.min(3, width / 2));
    context.globalAlpha *= strong ? 1 : 0.82;
    context.fill();
    outline(context, tokens, look);
    if (width > 18) drawText(scene, look, x0, width);
  }
  context.globalAlpha = look.dimmed ? 0.2 : 1;
  // Badges stand inside what is wide enough, so that a neighbour does not cover them.
  const roomy = x1 - x0 > 70;
  if (look.suspect) drawSuspectBadge(context, tokens, roomy ? x1 - 11 : x1 + 9, middle);
  if (look.links > 0 && (strong || roomy)) {
    drawLinkBadge(context, tokens, Math.max(x0 + 12, x1 - (look.suspect && roomy ? 32 : 16)), middle, look.links);
  }
  context.restore();
}

function drawText({ context, tokens, y_px, row, left_px }: RowScene, look: Look, x0: number, width: number): void {
  context.save();
  context.beginPath();
  context.rect(x0, y_px, width - 3, row.height_px);
  context.clip();
  context.font = `600 11px ${tokens.font}`;
  context.textBaseline = "middle";
  context.fillStyle = tokens.onClass;
  // The text stays in sight while its bar begins to the left of the window.
  context.fillText(look.label, Math.max(x0, left_px) + 5, y_px + row.height_px / 2 + 0.5);
  context.restore();
}

/** A bar where the thing is there (thin where it is occluded), a dotted line where it is outside. */
function drawPresence({ context, axis, y_px, row }: RowScene, keys: readonly Key[], look: Look): void {
  const middle = y_px + row.height_px / 2;
  const alpha = context.globalAlpha;
  keys.slice(0, -1).forEach((key, index) => {
    const [x0, x1] = [axis.xOf(key.at_ns), axis.xOf(keys[index + 1]?.at_ns ?? key.at_ns)];
    if (key.kind === "absent") {
      context.globalAlpha = alpha * 0.6;
      for (let x = x0 + 4; x < x1 - 3; x += 6) context.fillRect(x, middle - 0.75, 2, 1.5);
      return;
    }
    const thick = key.occluded ? 3 : 7;
    context.globalAlpha = alpha * (look.selected ? 0.75 : 0.5);
    context.fillRect(x0, middle - thick / 2, Math.max(1, x1 - x0), thick);
  });
  context.globalAlpha = alpha;
}

/** Where the straight line is likely to miss the thing: a hollow diamond. */
export function drawSuggested({ context, tokens, axis, y_px, row }: RowScene, at_ns: number): void {
  diamond(context, axis.xOf(at_ns), y_px + row.height_px / 2, 5);
  context.fillStyle = tokens.background[1];
  context.fill();
  context.strokeStyle = tokens.foreground[0];
  context.lineWidth = 1.25;
  context.stroke();
}

function drawKeys(
  { context, tokens, axis, left_px, width_px, y_px, row }: RowScene,
  keys: readonly Key[],
  look: Look,
  held: number | null,
): void {
  const middle = y_px + row.height_px / 2;
  let last = Number.NEGATIVE_INFINITY;
  for (const key of keys) {
    const x = axis.xOf(key.at_ns);
    if (x < left_px - 6 || x > width_px + 6 || x - last < 3) continue;
    last = x;
    if (key.kind === "absent") {
      context.strokeStyle = tokens.foreground[0];
      context.lineWidth = 1.8;
      context.beginPath();
      context.moveTo(x - 4, middle - 4);
      context.lineTo(x + 4, middle + 4);
      context.moveTo(x + 4, middle - 4);
      context.lineTo(x - 4, middle + 4);
      context.stroke();
      continue;
    }
    diamond(context, x, middle, look.selected ? 6 : 5);
    context.fillStyle = look.selected ? tokens.foreground[0] : look.colour;
    context.fill();
    context.strokeStyle = key.media_ns === held ? tokens.accent : tokens.background[0];
    context.lineWidth = key.media_ns === held ? 2.5 : 1;
    context.stroke();
  }
}

function outline(context: CanvasRenderingContext2D, tokens: Tokens, look: Look): void {
  if (!look.selected && !look.linked && !look.hovered) return;
  context.strokeStyle = look.selected ? tokens.foreground[0] : look.linked ? tokens.link : tokens.accent;
  context.lineWidth = look.selected ? 2 : 1.5;
  if (look.linked && !look.selected) context.setLineDash([4, 2]);
  context.stroke();
}

/** Slanted lines: in doubt, without relying on colour. */
function hatch({ context, tokens, y_px, row }: RowScene, x0: number, x1: number): void {
  context.save();
  context.beginPath();
  context.rect(x0, y_px + row.height_px / 2 - 3, x1 - x0, 6);
  context.clip();
  context.strokeStyle = tokens.suspect;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let x = Math.max(x0, 0) - 8; x < Math.min(x1, 10_000); x += 6) {
    context.moveTo(x, y_px + row.height_px);
    context.lineTo(x + 8, y_px);
  }
  context.stroke();
  context.restore();
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y);
  context.lineTo(x, y + radius);
  context.lineTo(x - radius, y);
  context.closePath();
}
