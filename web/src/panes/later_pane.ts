/** A pane whose code comes when it is first needed: what is asked of it until then is kept or answered with nothing. */
import type { Annotation } from "../model/records";
import type { Pane } from "./pane";

export class LaterPane implements Pane {
  readonly #load: () => Promise<Pane>;
  #pane: Pane | null = null;
  #size: readonly [number, number] | null = null;
  #gone = false;

  constructor(load: () => Promise<Pane>) {
    this.#load = load;
  }

  mount(host: HTMLElement): void {
    this.#load()
      .then((pane) => {
        if (this.#gone) return;
        this.#pane = pane;
        pane.mount(host);
        if (this.#size !== null) pane.resize(...this.#size);
      })
      .catch((error: unknown) => {
        host.dataset["problem"] = `This pane could not be loaded: ${error instanceof Error ? error.message : error}`;
      });
  }

  resize(widthPx: number, heightPx: number): void {
    this.#size = [widthPx, heightPx];
    this.#pane?.resize(widthPx, heightPx);
  }

  anchorOf(annotationId: string): DOMRect | null {
    return this.#pane?.anchorOf(annotationId) ?? null;
  }

  placeOf(annotation: Annotation): DOMRect | null {
    return this.#pane?.placeOf?.(annotation) ?? null;
  }

  run(commandId: string): boolean {
    return this.#pane?.run?.(commandId) ?? false;
  }

  dispose(): void {
    this.#gone = true;
    this.#pane?.dispose();
  }
}
