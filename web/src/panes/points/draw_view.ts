/** What lies over the points of one view: cuboids, handles, the draft, the view's name. */
import type { Tokens } from "../../base/tokens";
import { type CuboidShape, placeOn } from "../../model/projection";
import type { WorkspaceState } from "../../store/workspace";
import { lookOf } from "../shared/looks";
import type { ShownCuboid } from "../shared/shown_cuboids";
import type { Rect } from "./cameras";
import { drawCuboid, drawHandles, type Eye } from "./draw_cuboids";
import { overlaps, type Placed } from "./layout";
import { VIEW_NAMES } from "./points_words";

const MOST_LABELS = 40;

export interface ViewParts {
  readonly state: WorkspaceState;
  readonly view: Placed;
  readonly eye: Eye;
  readonly cuboids: readonly ShownCuboid[];
  readonly followed: ShownCuboid | null;
  /** The shape of a cuboid while it is dragged. */
  preview(shown: ShownCuboid): CuboidShape;
  readonly draft: CuboidShape | null;
  readonly px_per_m: number;
}

export function drawView(canvas: CanvasRenderingContext2D, tokens: Tokens, parts: ViewParts): void {
  const { state, view, eye, cuboids, followed, draft } = parts;
  const { id } = view;
  const isClose = id !== "orbit" && followed !== null;
  const isFree = freePlaces(eye);
  const isWide = id === "orbit" || id === "top";
  for (const shown of isWide ? cuboids : cuboids.filter((one) => one.annotation.id === followed?.annotation.id)) {
    const look = lookOf(state, tokens, shown.annotation);
    const shape = parts.preview(shown);
    const strong = look.selected || look.hovered || look.linked;
    const wanted = strong || (id === "orbit" && cuboids.length <= MOST_LABELS);
    const labelled = !isClose && wanted && (isFree(shape, look.label) || strong);
    drawCuboid(canvas, tokens, eye, shape, look, shown.interpolated, labelled);
    if (isClose && shown.annotation.id === followed.annotation.id) {
      drawHandles(canvas, tokens, eye, shape, id, parts.px_per_m);
    }
  }
  if (draft !== null && isWide) {
    const look = { colour: tokens.accent, label: "", selected: true, hovered: false, linked: false, dimmed: false };
    drawCuboid(canvas, tokens, eye, draft, { ...look, suspect: false, links: 0 }, true, false);
  }
  drawFrame(canvas, tokens, view, followed !== null);
}

/** Whether a label still has room of its own; one that has takes it. */
function freePlaces(eye: Eye): (shape: CuboidShape, text: string) => boolean {
  const labels: Rect[] = [];
  return (shape, text) => {
    const top = eye(placeOn(shape, 0, 0, 1.1));
    if (top === null) return false;
    const label = { x: top[0] - text.length * 3.4 - 4, y: top[1] - 22, width: text.length * 6.8 + 8, height: 16 };
    if (labels.some((other) => overlaps(label, other))) return false;
    labels.push(label);
    return true;
  };
}

/** Lines between the views, and the name of a flat one. */
function drawFrame(canvas: CanvasRenderingContext2D, tokens: Tokens, view: Placed, isFollowing: boolean): void {
  const { id, rect } = view;
  canvas.fillStyle = tokens.line;
  if (rect.x > 0) canvas.fillRect(rect.x, rect.y, 1, rect.height);
  if (rect.y > 0) canvas.fillRect(rect.x, rect.y, rect.width, 1);
  if (id === "orbit") return;
  const note = id === "top" && !isFollowing ? "Map" : VIEW_NAMES[id];
  canvas.font = `600 11px ${tokens.font}`;
  canvas.textBaseline = "middle";
  canvas.fillStyle = `${tokens.background[0]}c0`;
  canvas.fillRect(rect.x + 4, rect.y + 5, canvas.measureText(note).width + 10, 16);
  canvas.fillStyle = tokens.foreground[1];
  canvas.fillText(note, rect.x + 9, rect.y + 13);
  if (id === "top" || isFollowing) return;
  canvas.fillStyle = tokens.foreground[2];
  canvas.font = `11px ${tokens.font}`;
  canvas.textAlign = "center";
  canvas.fillText("Select a cuboid", rect.x + rect.width / 2, rect.y + rect.height / 2);
}
