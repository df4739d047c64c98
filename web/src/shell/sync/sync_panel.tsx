/** The panel of synchronisation: it lies over the panes, which stay live beneath it. */
import { useState, useSyncExternalStore } from "react";
import { formatNs } from "../../base/ns";
import { METHODS, type Method } from "../../store/aligning";
import { Icon } from "../icons";
import { nameOf } from "../words";
import { useScene, useWorkbench } from "../workbench";
import { Evidence } from "./evidence";
import type { Mark, SyncSession } from "./session";
import "./sync.css";
import { effectWords, gradeWords, mapWords, sizeText, sureWords } from "./words";

const METHOD_WORDS: Readonly<Record<Method, string>> = {
  auto: "Whatever fits",
  audio: "Sound with sound",
  transcript: "Transcript with sound",
  series: "Numbers with numbers",
  rotation: "Gyro with video",
  events: "Claps and flashes",
  stamps: "Time stamps",
  anchors: "Marks",
};

export function SyncPanel() {
  const { sync } = useWorkbench();
  const { isOpen } = useSync(sync);
  return isOpen ? <OpenPanel sync={sync} /> : null;
}

function useSync(sync: SyncSession) {
  return useSyncExternalStore(
    (listener) => sync.subscribe(listener),
    () => sync.state,
  );
}

function OpenPanel({ sync }: { readonly sync: SyncSession }) {
  const state = useSync(sync);
  const [method, setMethod] = useState<Method>("auto");
  const streams = sync.streams;
  const stream = streams.find(({ id }) => id === state.stream);
  return (
    <section
      className="sync"
      aria-label="Synchronise"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        sync.close();
      }}
    >
      <header>
        <h2>Synchronise</h2>
        <button type="button" className="ghost" onClick={() => sync.close()} title="Close (Esc)">
          <Icon name="close" />
          <span className="unseen">Close</span>
        </button>
      </header>
      <label>
        <span>Stream</span>
        <select value={state.stream} onChange={(event) => sync.chooseStream(event.target.value)}>
          {streams.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p className="quiet">Now: {mapWords(sync.present())}</p>
      <h3>By hand</h3>
      <p className="quiet">
        {state.isHeld
          ? `${stream?.name ?? "The stream"} stands still. Move the cursor until the others show the same event, then mark it.`
          : "Find an event that you see or hear on two streams: a clap, a flash, a blink. Hold this stream there."}
      </p>
      <div className="sync-jog">
        <button
          type="button"
          aria-pressed={state.isHeld}
          onClick={() => sync.toggleHold()}
          title="Hold or let go (Shift+F)"
        >
          {state.isHeld ? "Let go" : "Hold"}
        </button>
        <button type="button" className="ghost" onClick={() => sync.shift(-1e9)} aria-label="Back one second">
          −1 s
        </button>
        <button type="button" className="ghost" onClick={() => sync.step(-1)} aria-label="Back one reading">
          −1
        </button>
        <button type="button" className="ghost" onClick={() => sync.step(1)} aria-label="On one reading">
          +1
        </button>
        <button type="button" className="ghost" onClick={() => sync.shift(1e9)} aria-label="On one second">
          +1 s
        </button>
        <button type="button" className="primary" onClick={() => sync.mark()} title="Mark the same event (Shift+R)">
          Mark
        </button>
      </div>
      {state.marks.length > 0 && <Marks sync={sync} marks={state.marks} />}
      <h3>By signal</h3>
      <div className="sync-find">
        <label>
          <span>Against</span>
          <select value={state.reference} onChange={(event) => sync.chooseReference(event.target.value)}>
            {streams
              .filter(({ id }) => id !== state.stream)
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
          </select>
        </label>
        <label>
          <span>By</span>
          <select
            value={method}
            onChange={(event) => setMethod(METHODS.find((one) => one === event.target.value) ?? "auto")}
          >
            {METHODS.map((one) => (
              <option key={one} value={one}>
                {METHOD_WORDS[one]}
              </option>
            ))}
          </select>
        </label>
        {state.busy === "" ? (
          <button type="button" onClick={() => void sync.find(method)}>
            Find
          </button>
        ) : (
          <button type="button" onClick={() => sync.cancel()}>
            Stop
          </button>
        )}
      </div>
      {state.busy !== "" && (
        <p className="quiet" role="status">
          {state.busy} <progress aria-label={state.busy} />
        </p>
      )}
      {state.problem !== "" && (
        <p role="alert" className="sync-problem">
          {state.problem}
        </p>
      )}
      {state.proposal !== null && <Proposal sync={sync} />}
    </section>
  );
}

function Marks({ sync, marks }: { readonly sync: SyncSession; readonly marks: readonly Mark[] }) {
  const anchors = sync.state.proposal?.clock_map?.anchors ?? [];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Stream</th>
          <th scope="col">Timeline</th>
          <th scope="col">Residual</th>
          <th scope="col">
            <span className="unseen">Remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {marks.map((mark) => {
          const anchor = anchors.find(({ media_ns }) => media_ns === mark.media_ns);
          return (
            <tr key={mark.media_ns} data-off={anchor?.used === false}>
              <td>{formatNs(mark.media_ns)}</td>
              <td>{formatNs(mark.reference_ns)}</td>
              <td>{anchor === undefined ? "–" : residualText(anchor.residual_ns ?? 0, anchor.used ?? true)}</td>
              <td>
                <button type="button" className="ghost" onClick={() => sync.unmark(mark)}>
                  <Icon name="close" size={12} />
                  <span className="unseen">Remove this mark</span>
                </button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function residualText(residual_ns: number, used: boolean): string {
  const sign = residual_ns < 0 ? "−" : residual_ns > 0 ? "+" : "";
  return `${sign}${sizeText(Math.abs(residual_ns))}${used ? "" : ", left out"}`;
}

function Proposal({ sync }: { readonly sync: SyncSession }) {
  const scene = useScene();
  const { proposal, isTrying } = sync.state;
  if (proposal === null) return null;
  if (proposal.clock_map === null) {
    return (
      <div className="sync-result" data-tone="refused">
        <p>
          <b>Nothing found.</b> {sentence(proposal.why)} {sentence(proposal.hint)}
        </p>
        <Evidence curves={proposal.evidence} />
      </div>
    );
  }
  const { effect } = proposal;
  return (
    <div className="sync-result">
      <p>
        <b className="grade" data-grade={proposal.grade}>
          {proposal.grade}
        </b>{" "}
        {mapWords(proposal.clock_map)} <small>{sureWords(proposal)}</small>
      </p>
      <p className="quiet">
        {sentence(gradeWords(proposal.grade))} {proposal.named !== "" && `The rate is ${proposal.named}.`}
      </p>
      {proposal.warnings.map((warning) => (
        <p key={warning} className="sync-problem">
          {sentence(warning)}
        </p>
      ))}
      {effect !== null && <p>{effectWords(effect)}</p>}
      {effect !== null && effect.rows.length > 0 && (
        <details>
          <summary>Before and after</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">Annotation</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {effect.rows.map((row) => (
                <tr key={row.annotation}>
                  <td>{nameOf(scene, row.annotation)}</td>
                  <td>{formatNs(row.before_ns)}</td>
                  <td>{formatNs(row.after_ns)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      <Evidence curves={proposal.evidence} />
      <div className="actions">
        <button type="button" aria-pressed={isTrying} onClick={() => sync.toggleTry()}>
          {isTrying ? "Stop trying" : "Try"}
        </button>
        <button type="button" className="primary" onClick={() => sync.apply()}>
          Apply
        </button>
      </div>
    </div>
  );
}

function sentence(text: string): string {
  const words = text.trim();
  if (words === "") return "";
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
}
