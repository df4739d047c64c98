/** What a pane is: a framework-free class that draws the store and turns gestures into its actions. */
import type { Stream } from "../model/records";
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

export interface Pane {
  mount(host: HTMLElement): void;
  resize(widthPx: number, heightPx: number): void;
  /** Where an annotation is on the screen (client pixels), null when it is not visible: link lines end there. */
  anchorOf(annotationId: string): DOMRect | null;
  dispose(): void;
}

export interface PaneKind {
  readonly id: string;
  readonly title: string;
  accepts(stream: Stream): boolean;
  create(streams: readonly Stream[], context: PaneContext): Pane;
}
