/** What a pane that shows a picture lends its tools, and what a tool is. No tool knows which pane it draws on. */
import type { Tokens } from "../../../base/tokens";
import type { Annotation, Shape, Stream } from "../../../model/records";
import type { Size } from "../../../model/shapes/rings";
import type { PaneContext } from "../../pane";
import type { View } from "../view";

/** A pointer's place in picture pixels, and the keys held with it. */
export interface At {
  readonly x: number;
  readonly y: number;
  readonly shift: boolean;
  readonly alt: boolean;
}

export interface Surface {
  readonly context: PaneContext;
  readonly stream: Stream;
  readonly size: Size;
  readonly view: View;
  /** What is drawn now; tracks as the shape they have here. */
  shown(): readonly Annotation[];
  /** Those of them whose bounds come within `reach` picture pixels of a place. */
  near(x: number, y: number, reach: number): readonly Annotation[];
  /** One change set; the shape's name is said to screen readers. */
  create(shape: Shape, said: string): void;
  /** One change set; a track gets a key frame. */
  reshape(id: string, shape: Shape): void;
  redraw(): void;
}

export interface PictureTool {
  /** Whether a drawing is under way: Enter, Backspace and Esc are then its own. */
  readonly isBusy: boolean;
  readonly cursor: string;
  /** The annotation that the tool draws itself for now. */
  readonly holds: string | null;
  down(at: At): void;
  move(at: At, isPressed: boolean): void;
  up(at: At): void;
  /** A double click, or Enter. */
  finish(): void;
  /** One step back; false when there is none left. */
  takeBack(): boolean;
  cancel(): void;
  run?(command: string): boolean;
  draw(context: CanvasRenderingContext2D, tokens: Tokens): void;
}

/** Screen pixels within which a pointer takes hold of a point. */
export const REACH_PX = 7;
/** A pointer that moves less between down and up has clicked. */
export const SLIP_PX = 4;

export function reachOf(surface: Surface, px = REACH_PX): number {
  return px / surface.view.scale;
}

export function onScreen({ view }: Surface, x: number, y: number): readonly [number, number] {
  return [x * view.scale + view.x, y * view.scale + view.y];
}
