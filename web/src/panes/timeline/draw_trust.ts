/** How sure a stream's place on the timeline is, over time: a band that grows with the uncertainty. */
import type { Tokens } from "../../base/tokens";
import type { Playhead } from "../../playhead/playhead";
import { beyondNs } from "../../playhead/sigma";
import type { RowScene } from "./draw_rows";

/** Below this nobody can see or hear a difference. */
export const NEGLIGIBLE_NS = 50_000;
const WORST_NS = 1e9;
const STEP_PX = 6;

/** Height of the band: nothing at 0.05 ms, all of the room at a second; a decade is a fixed step. */
export function bandHeight(sigma_ns: number, room_px: number): number {
  if (sigma_ns < NEGLIGIBLE_NS) return 0;
  const share = Math.log10(sigma_ns / NEGLIGIBLE_NS) / Math.log10(WORST_NS / NEGLIGIBLE_NS);
  return 2 + Math.min(1, share) * (room_px - 2);
}

/** In the stream's own row, from its lower edge. Beyond the measured range it is hatched, in the colour of doubt. */
export function drawTrust(scene: RowScene, playhead: Playhead): void {
  const { context, tokens, axis, left_px, width_px, y_px, row } = scene;
  const { stream } = row.lane;
  const trust = playhead.trustOf(stream);
  if (trust === undefined) return;
  const bottom = y_px + row.height_px - 1;
  context.save();
  for (let x = left_px; x < width_px; x += STEP_PX) {
    const media_ns = playhead.toMedia(stream, axis.nsAt(x + STEP_PX / 2));
    const height = bandHeight(playhead.sigmaNs(stream, media_ns), row.height_px - 6);
    if (height === 0) continue;
    const beyond = beyondNs(trust, media_ns) > 0;
    context.fillStyle = beyond ? tokens.suspect : tokens.accent;
    context.globalAlpha = beyond ? 0.4 : 0.3;
    // Every other step stands out where nobody measured: not by colour alone.
    context.fillRect(x, bottom - height, beyond ? STEP_PX - 2 : STEP_PX, height);
  }
  context.restore();
  drawSpread(scene, tokens, playhead);
}

/** How far the playhead may be off in this stream: plus and minus one sigma, when that can be seen. */
function drawSpread({ context, axis, y_px, row }: RowScene, tokens: Tokens, playhead: Playhead): void {
  const { timelineNs } = playhead.state;
  const sigma_ns = playhead.sigmaNs(row.lane.stream, playhead.toMedia(row.lane.stream, timelineNs));
  const half_px = sigma_ns / axis.ns_per_px;
  if (half_px < 1.5) return;
  context.save();
  context.fillStyle = tokens.accent;
  context.globalAlpha = 0.22;
  context.fillRect(axis.xOf(timelineNs) - half_px, y_px, half_px * 2, row.height_px);
  context.restore();
}
