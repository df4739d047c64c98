/** Which views stand where in a pane of some size. */
import type { Rect } from "./cameras";

export type ViewId = "orbit" | "top" | "side" | "front";
export type Layout = "four" | "two" | "orbit" | "top";

export const LAYOUTS: readonly Layout[] = ["four", "two", "orbit", "top"];

export const LAYOUT_NAMES: Readonly<Record<Layout, string>> = {
  four: "orbit, top, side and front",
  two: "orbit and top",
  orbit: "orbit",
  top: "top",
};

const GAP_PX = 1;

export interface Placed {
  readonly id: ViewId;
  readonly rect: Rect;
}

/** Large panes show what is asked for; small ones leave views out before these get too small to work in. */
export function viewsIn(layout: Layout, width: number, height: number): readonly Placed[] {
  const whole: Rect = { x: 0, y: 0, width, height };
  if (layout === "orbit" || layout === "top") return [{ id: layout, rect: whole }];
  const wide = width >= height * 0.95;
  const small = wide ? width < 330 || height < 150 : height < 300 || width < 200;
  if (layout === "two" || small) return halves(width, height, wide);
  return wide ? columnBeside(width, height) : rowBelow(width, height);
}

function halves(width: number, height: number, wide: boolean): readonly Placed[] {
  const split = Math.round((wide ? width : height) * 0.6);
  const rest = (wide ? width : height) - split;
  return wide
    ? [
        { id: "orbit", rect: { x: 0, y: 0, width: split - GAP_PX, height } },
        { id: "top", rect: { x: split, y: 0, width: rest, height } },
      ]
    : [
        { id: "orbit", rect: { x: 0, y: 0, width, height: split - GAP_PX } },
        { id: "top", rect: { x: 0, y: split, width, height: rest } },
      ];
}

/** The orbit on the left, a column of top, side and front on the right. */
function columnBeside(width: number, height: number): readonly Placed[] {
  const split = Math.round(width * 0.62);
  const column = { x: split, width: width - split };
  const [first, second] = [Math.round(height * 0.4), Math.round(height * 0.7)];
  return [
    { id: "orbit", rect: { x: 0, y: 0, width: split - GAP_PX, height } },
    { id: "top", rect: { ...column, y: 0, height: first - GAP_PX } },
    { id: "side", rect: { ...column, y: first, height: second - first - GAP_PX } },
    { id: "front", rect: { ...column, y: second, height: height - second } },
  ];
}

/** The orbit above; below the top view, and beside it side over front. */
function rowBelow(width: number, height: number): readonly Placed[] {
  const split = Math.round(height * 0.55);
  const middle = Math.round(width * 0.52);
  const half = split + Math.round((height - split) / 2);
  const right = { x: middle, width: width - middle };
  return [
    { id: "orbit", rect: { x: 0, y: 0, width, height: split - GAP_PX } },
    { id: "top", rect: { x: 0, y: split, width: middle - GAP_PX, height: height - split } },
    { id: "side", rect: { ...right, y: split, height: half - split - GAP_PX } },
    { id: "front", rect: { ...right, y: half, height: height - half } },
  ];
}

export function viewAt(views: readonly Placed[], x: number, y: number): Placed | null {
  return (
    views.find(({ rect }) => x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height) ?? null
  );
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
