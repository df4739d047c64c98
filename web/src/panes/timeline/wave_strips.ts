/** Waveforms in the rows of sounds, loaded when such a row first comes into sight. */
import type { PaneContext } from "../pane";
import { drawWave } from "../shared/draw_wave";
import { loadPeaks, type Peaks } from "../shared/peaks";
import type { RowScene } from "./draw_rows";

export class WaveStrips {
  readonly #context: PaneContext;
  readonly #loaded: () => void;
  readonly #peaks = new Map<string, Peaks | null>();
  #gone = false;

  constructor(context: PaneContext, loaded: () => void) {
    this.#context = context;
    this.#loaded = loaded;
  }

  draw({ context, tokens, axis, left_px, width_px, y_px, row }: RowScene): void {
    const { stream } = row.lane;
    const peaks = this.#peaks.get(stream);
    if (peaks === undefined) void this.#load(stream);
    if (peaks == null) return;
    const edges = Array.from({ length: Math.max(2, Math.ceil(width_px - left_px) + 1) }, (_, x) =>
      this.#context.playhead.toMedia(stream, axis.nsAt(left_px + x)),
    );
    context.save();
    context.translate(left_px, 0);
    drawWave(context, tokens, peaks, edges, y_px + 1, y_px + row.height_px - 1);
    context.restore();
  }

  dispose(): void {
    this.#gone = true;
  }

  async #load(stream: string): Promise<void> {
    this.#peaks.set(stream, null);
    try {
      this.#peaks.set(stream, await loadPeaks(this.#context.api, stream));
      if (!this.#gone) this.#loaded();
    } catch {
      // The row stays without a waveform; the sound's own pane says why.
    }
  }
}
