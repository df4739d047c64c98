/** Play, the time, and the speed: only for samples that last. */
import { useSyncExternalStore } from "react";
import { formatNs } from "../base/ns";
import { Icon } from "./icons";
import { SPEEDS, speedText } from "./play_commands";
import { useWorkbench } from "./workbench";

/** A sample of single pictures, taken one after the other, has nothing to play. */
const SHORTEST_NS = 200_000_000;

export function Transport() {
  const { playhead } = useWorkbench();
  const { timelineNs, playing, rate, startNs, endNs } = useSyncExternalStore(
    (listener) => playhead.subscribe(listener),
    () => playhead.state,
  );
  if (endNs - startNs < SHORTEST_NS) return null;
  const speeds = SPEEDS.includes(rate) ? SPEEDS : [...SPEEDS, rate].sort((a, b) => a - b);
  return (
    <fieldset className="transport">
      <legend className="unseen">Playback</legend>
      <button type="button" className="ghost" onClick={() => playhead.toggle()} title="Play or pause (Space)">
        <Icon name={playing ? "pause" : "play"} />
        <span className="unseen">{playing ? "Pause" : "Play"}</span>
      </button>
      <span className="clock">{formatNs(timelineNs)}</span>
      <select
        aria-label="Speed"
        title="Speed (- and =)"
        value={rate}
        onChange={(event) => playhead.setRate(Number(event.target.value))}
      >
        {speeds.map((speed) => (
          <option key={speed} value={speed}>
            {speedText(speed)}
          </option>
        ))}
      </select>
    </fieldset>
  );
}
