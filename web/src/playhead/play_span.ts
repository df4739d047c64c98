/** Plays one stretch of the timeline and stops at its end. A seek out of it, or a pause, leaves it. */
import type { Playhead } from "./playhead";

const watching = new WeakMap<Playhead, () => void>();

export function playSpan(playhead: Playhead, from_ns: number, to_ns: number): void {
  watching.get(playhead)?.();
  playhead.pause();
  playhead.seek(from_ns);
  const stop = playhead.subscribe(({ timelineNs, playing }) => {
    if (!playing || timelineNs < from_ns) leave();
    else if (timelineNs >= to_ns) {
      leave();
      playhead.pause();
    }
  });
  const leave = () => {
    stop();
    watching.delete(playhead);
  };
  watching.set(playhead, leave);
  playhead.play();
}
