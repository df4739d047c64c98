/** What a pane is: a framework-free class that draws the store and turns gestures into its actions. */
import type { Annotation, Stream } from "../model/records";
import type { Playhead } from "../playhead/playhead";
import type { Api } from "../store/api";
import type { WorkspaceStore } from "../store/workspace";

export interface PaneContext {
  /** The project's slug or id, as in addresses. */
  readonly project: string;
  readonly store: WorkspaceStore;
  readonly playhead: Playhead;
  readonly api: Api;
  /** Says a sentence to screen readers. */
  announce(text: string): void;
}

/** Something a kind of pane can be asked to do. Its keys count while the pane has the focus; the palette offers it always. */
export interface PaneCommand {
  readonly id: string;
  readonly title: string;
  /** A key's name, with `Shift+` before it; several are alternatives. */
  readonly keys: readonly string[];
  /** Makes sense only while an object of the pane is selected. */
  readonly needsSelection?: boolean;
}

export interface Pane {
  mount(host: HTMLElement): void;
  resize(widthPx: number, heightPx: number): void;
  /** Where an annotation is on the screen (client pixels), null when it is not visible: link lines end there. */
  anchorOf(annotationId: string): DOMRect | null;
  /** Where an annotation of another state would be, were it here now: what differs is drawn dashed there. */
  placeOf?(annotation: Annotation): DOMRect | null;
  /** Does one of its kind's commands; false when it cannot. */
  run?(commandId: string): boolean;
  dispose(): void;
}

export interface PaneKind {
  readonly id: string;
  readonly title: string;
  readonly commands?: readonly PaneCommand[];
  accepts(stream: Stream): boolean;
  create(streams: readonly Stream[], context: PaneContext): Pane;
}
