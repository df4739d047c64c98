/** Paints the waveform of each channel between two heights. */
import type { Tokens } from "../../base/tokens";
import { columns, type Peaks } from "./peaks";

export function drawWave(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  peaks: Peaks,
  /** Media time at the left edge of each pixel column; one more than there are columns. */
  edges_ns: readonly number[],
  top: number,
  bottom: number,
): void {
  const lane = (bottom - top) / Math.max(1, peaks.header.channels);
  for (let channel = 0; channel < peaks.header.channels; channel++) {
    const middle = top + lane * (channel + 0.5);
    const half = lane * 0.46;
    context.fillStyle = tokens.line;
    context.fillRect(0, middle, edges_ns.length, 1);
    context.fillStyle = tokens.foreground[2];
    context.beginPath();
    columns(peaks, channel, edges_ns).forEach((column, x) => {
      if (column === null) return;
      const y0 = middle - column.high * half;
      context.rect(x, y0, 1, Math.max(1, (column.high - column.low) * half));
    });
    context.fill();
  }
}
