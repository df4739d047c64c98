/** The audio sample at a media time, in whole numbers (rule T4): a time finds its sample by rounding down. */
import type { Rate } from "../../model/records";

export interface SampleClock {
  readonly rate: Rate;
  readonly start_ns: number;
  readonly duration_ns: number;
}

const SECOND = 1_000_000_000n;

/** null outside of the sound. The start of sample n is `n / rate` rounded half up, as the server has it. */
export function sampleAt(clock: SampleClock, media_ns: number): { index: number; media_ns: number } | null {
  const since_ns = media_ns - clock.start_ns;
  if (since_ns < 0 || since_ns >= clock.duration_ns) return null;
  const [num, den] = [BigInt(clock.rate.num), BigInt(clock.rate.den) * SECOND];
  let index = (BigInt(Math.floor(since_ns)) * num) / den;
  const startOf = (sample: bigint) => (2n * sample * den + num) / (2n * num);
  // A start that was rounded up belongs to its own sample.
  if (startOf(index + 1n) <= BigInt(Math.floor(since_ns))) index += 1n;
  else if (startOf(index) > BigInt(Math.floor(since_ns))) index -= 1n;
  return { index: Number(index), media_ns: clock.start_ns + Number(startOf(index)) };
}
