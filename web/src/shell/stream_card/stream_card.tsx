/** The facts of the stream whose pane is faced, in the inspector while nothing is selected. */
import { useCallback, useSyncExternalStore } from "react";
import { useScene, useWorkbench } from "../workbench";
import { streamLines } from "./stream_words";
import "./stream_card.css";

export function StreamCard() {
  const { facing, playhead } = useWorkbench();
  const { sample } = useScene();
  const { stream: id, isOpen } = useSyncExternalStore(
    useCallback((listener) => facing.subscribe(listener), [facing]),
    () => facing.state,
  );
  const stream = sample?.streams.get(id)?.record;
  const map = [...(sample?.clockMaps.values() ?? [])].map(({ record }) => record).find((one) => one.stream === id);
  // The same text while the figures are the same: a playing sample draws this card seldom.
  const read = () =>
    stream === undefined
      ? "[]"
      : JSON.stringify(streamLines(stream, map, playhead.toMedia(id, playhead.state.timelineNs)));
  const said = useSyncExternalStore(
    useCallback((listener) => playhead.subscribe(listener), [playhead]),
    read,
  );
  if (stream === undefined) return null;
  const lines = JSON.parse(said) as ReturnType<typeof streamLines>;
  return (
    <details className="stream-card" open={isOpen} onToggle={(event) => facing.setOpen(event.currentTarget.open)}>
      <summary>
        <h3>{stream.name}</h3> <kbd>Shift+I</kbd>
      </summary>
      <dl>
        {lines.map(({ term, words, isDoubtful }) => (
          <div key={`${term}${words}`} data-doubtful={isDoubtful === true}>
            <dt>{term}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
