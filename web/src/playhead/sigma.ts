/** How sure a mapped time is (rules T6, T12): the fit's own figure, and more beyond the times between which it was measured. */
import type { ClockMap } from "../model/records";

/** What a map says about its own certainty. */
export type Trust = Pick<ClockMap, "fit" | "valid_from_ns" | "valid_to_ns">;

const PPQ = 1e15;
/** A crystal's rate wanders with its temperature: 1 ppm of every nanosecond that nobody measured. */
const WANDER = 1e-6;

/** One standard deviation of the timeline time of a media time, in nanoseconds; 0 for a clock that needs no map. */
export function sigmaNs(trust: Trust | undefined, media_ns: number): number {
  if (trust === undefined) return 0;
  const { offset_sigma_ns = 0, rate_sigma_ppq = 0, system_sigma_ns = 0, centre_ns = 0 } = trust.fit ?? {};
  const away_ns = Math.floor((Math.abs(media_ns - centre_ns) * rate_sigma_ppq) / PPQ);
  const wander_ns = Math.ceil(beyondNs(trust, media_ns) * WANDER);
  return Math.ceil(Math.hypot(offset_sigma_ns, away_ns, system_sigma_ns, wander_ns));
}

/** How far outside the measured range a media time lies; 0 inside, and where a map names no range. */
export function beyondNs(trust: Trust, media_ns: number): number {
  const before = trust.valid_from_ns == null ? 0 : trust.valid_from_ns - media_ns;
  const after = trust.valid_to_ns == null ? 0 : media_ns - trust.valid_to_ns;
  return Math.max(0, before, after);
}
