/** The bar above: where we are, whether all is saved, how much is suspect or found, and the ways to everything else. */
import type { SampleState } from "../model/records";
import { openFindings, suspectsOf } from "../store/derive";
import { COMMANDS } from "./commands";
import { Icon } from "./icons";
import { Anchor } from "./parts";
import { pathOf } from "./route";
import { nextTheme, useTheme } from "./theme";
import { Transport } from "./transport";
import { SAMPLE_STATES as STATES } from "./words";
import { useWorkbench, useWorkspace } from "./workbench";

function run(id: string) {
  const command = COMMANDS.find((entry) => entry.id === id);
  if (command === undefined) throw new Error(`run: no command ${id}`);
  return command;
}

export function TopBar() {
  const bench = useWorkbench();
  const sample = useWorkspace((state) => state.sample);
  const theme = useTheme();
  const suspects = suspectsOf(sample).length;
  const findings = openFindings(sample).length;
  return (
    <header className="top-bar">
      <nav className="crumbs" aria-label="Where you are">
        <Anchor href="/" className="brand">
          <Icon name="braid" size={18} />
          <span>Braid</span>
        </Anchor>
        <span aria-hidden="true">/</span>
        <Anchor href={pathOf({ page: "project", project: bench.project })}>{bench.project}</Anchor>
        <span aria-hidden="true">/</span>
        <h1>{sample?.sample.record.key ?? bench.sampleKey}</h1>
      </nav>
      <div className="steps">
        <button
          type="button"
          className="ghost"
          onClick={() => bench.goSample(-1)}
          title="Previous sample (Alt+Shift+←)"
        >
          <Icon name="previous" />
          <span className="unseen">Previous sample</span>
        </button>
        <button type="button" className="ghost" onClick={() => bench.goSample(1)} title="Next sample (Alt+Shift+→)">
          <Icon name="next" />
          <span className="unseen">Next sample</span>
        </button>
      </div>
      {sample !== null && (
        <select
          className="sample-state"
          aria-label="State of the sample"
          value={sample.sample.record.state ?? "todo"}
          onChange={(event) => bench.store.actions.setSampleState(event.target.value as SampleState)}
        >
          {STATES.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
      <SaveState />
      <span className="stretch" />
      <Transport />
      <span className="stretch" />
      <button
        type="button"
        className="count"
        data-tone={suspects > 0 ? "suspect" : "calm"}
        onClick={() => run("go.problem").run(bench)}
      >
        <Icon name="suspect" />
        {suspects} suspect
      </button>
      <button
        type="button"
        className="count"
        data-tone={findings > 0 ? "error" : "calm"}
        onClick={() => run("go.problem").run(bench)}
      >
        <Icon name="finding" />
        {findings} {findings === 1 ? "finding" : "findings"}
      </button>
      <button type="button" className="ghost" onClick={bench.openPalette}>
        <Icon name="search" />
        <kbd>Ctrl+K</kbd>
        <span className="unseen">All commands</span>
      </button>
      <button type="button" className="ghost" onClick={bench.openKeys} title="Keys (?)">
        <Icon name="keys" />
        <span className="unseen">Keys</span>
      </button>
      <button type="button" className="ghost" onClick={() => nextTheme()} title={`Theme: ${theme}`}>
        <Icon name="theme" />
        <span className="unseen">Theme: {theme}</span>
      </button>
    </header>
  );
}

function SaveState() {
  const { connection } = useWorkbench();
  const sync = useWorkspace((state) => state.sync);
  const text =
    sync.state === "saved"
      ? "Saved"
      : sync.state === "sending"
        ? `Saving ${sync.waiting}`
        : `Offline, ${sync.waiting} kept here`;
  return (
    <span className="save-state" data-state={sync.state} role="status">
      <i aria-hidden="true" />
      {text}
      {sync.state === "offline" && (
        <button type="button" className="ghost" onClick={() => connection.retryNow()}>
          Try now
        </button>
      )}
    </span>
  );
}
