/** Steps through the readings of a series: those around the cursor are asked for, since a plot knows only bins. */
import type { Stream } from "../../model/records";
import type { Playhead } from "../../playhead/playhead";
import { lastNotAfter } from "../../playhead/reading_at";
import type { Stepper } from "../../playhead/steppers";
import { seekMedia } from "../../playhead/ticks";

/** Exact times of readings in a stretch of media time, ascending. */
export type TimesIn = (from_ns: number, to_ns: number) => Promise<readonly number[]>;

const UNKNOWN_PERIOD_NS = 100_000_000;
/** How often the stretch is widened where readings are sparse. */
const TRIES = 6;
const WIDER = 8;

export function seriesStepper(playhead: Playhead, stream: Stream, timesIn: TimesIn): Stepper {
  let last: Promise<void> = Promise.resolve();
  const step = (count: number) => {
    // One after the other: a key that is held down steps on from where the last step led.
    last = last.then(() => stepOn(playhead, stream, timesIn, count)).catch(() => {});
  };
  return { step, stepKey: step };
}

async function stepOn(playhead: Playhead, stream: Stream, timesIn: TimesIn, count: number): Promise<void> {
  const here_ns = playhead.toMedia(stream.id, playhead.state.timelineNs);
  const near_ns = (Math.abs(count) + 2) * (stream.timing?.period_ns || UNKNOWN_PERIOD_NS);
  for (let attempt = 0, reach_ns = near_ns; attempt < TRIES; attempt += 1, reach_ns *= WIDER) {
    const times_ns = await timesIn(Math.floor(here_ns - reach_ns), Math.ceil(here_ns + reach_ns));
    const at_ns = besideIn(times_ns, here_ns, count);
    if (at_ns === null) continue;
    seekMedia(playhead, stream.id, at_ns);
    return;
  }
}

/** The time `count` readings from an instant; between two readings the neighbour is one step away. */
export function besideIn(times_ns: readonly number[], here_ns: number, count: number): number | null {
  const distinct = times_ns.filter((at_ns, index) => index === 0 || at_ns !== times_ns[index - 1]);
  const before = lastNotAfter(distinct, here_ns);
  const isOn = distinct[before] === here_ns;
  const index = count > 0 || isOn ? before + count : before + 1 + count;
  return distinct[index] ?? null;
}
