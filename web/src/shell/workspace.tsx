/** An open sample: builds what its parts share, loads it, and lays the parts out. */
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { PaneKind } from "../panes/pane";
import { extentOf, firstSight } from "../playhead/extent";
import { Playhead } from "../playhead/playhead";
import { Api } from "../store/api";
import { Connection } from "../store/connection";
import { IndexedOutbox } from "../store/outbox";
import { createWorkspaceStore } from "../store/workspace";
import { exposeToDebugger } from "./debug_handle";
import { Dock } from "./dock";
import { PastLayer } from "./history/past_layer";
import { Inspector } from "./inspector";
import { LinkBar } from "./linking/link_bar";
import { LinkHandle } from "./linking/link_handle";
import { LinkLines } from "./linking/link_lines";
import { isLinkListOpen, watchLinkList } from "./linking/list_state";
import { ProposalBar } from "./linking/proposal_bar";
import { ProposalSession } from "./linking/proposal_session";
import { Conflicts, Notices } from "./notices";
import { ClassSearch, CommandPalette, KeySheet } from "./palettes";
import { Problem } from "./parts";
import { go, pathOf } from "./route";
import { listenToKeys } from "./shortcuts";
import { SidePanel } from "./side/side_panel";
import { Facing } from "./stream_card/facing";
import { SyncSession } from "./sync/session";
import { ToolBar } from "./tool_bar";
import { TopBar } from "./top_bar";
import { Tour } from "./tour";
import { type Workbench, WorkbenchContext } from "./workbench";

interface Props {
  readonly project: string;
  readonly sampleKey: string;
  readonly kinds: readonly PaneKind[];
}

/** The projects that `braid demo` makes: there the tour begins by itself, once. */
const DEMO_PROJECTS = new Set(["street-scenes", "city-drive", "support-calls"]);
const SyncPanel = lazy(async () => ({ default: (await import("./sync/sync_panel")).SyncPanel }));
const LinkList = lazy(() => import("./linking/link_list"));
const PROPOSALS_AFTER_MS = 2500;
const TOURED = "braid-toured";

type Opened = "palette" | "keys" | "classes" | null;

function later(work: () => void, delayMs: number): () => void {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
}

export function Workspace({ project, sampleKey, kinds }: Props) {
  const queries = useQueryClient();
  const [opened, setOpened] = useState<Opened>(null);
  const [isTouring, setTouring] = useState(() => DEMO_PROJECTS.has(project) && localStorage.getItem(TOURED) === null);
  const [said, setSaid] = useState("");
  const [phase, setPhase] = useState<"loading" | "ready" | { readonly error: unknown }>("loading");
  const [turn, setTurn] = useState(0);

  // `turn` is part of what makes a bench: trying again starts from nothing.
  const [bench, start] = useMemo(() => {
    const api = new Api(project);
    const store = createWorkspaceStore();
    const playhead = new Playhead();
    const connection = new Connection({
      store,
      api,
      storage: new IndexedOutbox(),
      openEvents: (url) => new EventSource(url),
      later,
    });
    const made: Workbench = {
      project,
      sampleKey,
      store,
      playhead,
      api,
      connection,
      kinds,
      facing: new Facing(),
      sync: new SyncSession({ store, playhead, api, announce: setSaid }),
      proposals: new ProposalSession({
        store,
        ask: async (sample) => (await api.proposals(sample)).items,
        announce: setSaid,
      }),
      panes: new Set(),
      announce: setSaid,
      goSample: (step) => void neighbour(api, sampleKey, step).then((key) => key !== null && goSample(project, key)),
      openPalette: () => setOpened("palette"),
      openKeys: () => setOpened("keys"),
      openClassSearch: () => setOpened("classes"),
      startTour: () => setTouring(true),
    };
    return [made, turn] as const;
  }, [project, sampleKey, kinds, turn]);

  useEffect(() => {
    let isLeft = start < 0;
    setPhase("loading");
    bench.connection
      .open(sampleKey)
      .then(() => !isLeft && setPhase("ready"))
      .catch((error: unknown) => !isLeft && setPhase({ error }));
    const stopTimes = followTimes(bench);
    const stopKeys = listenToKeys(bench);
    const stopDebugging = exposeToDebugger(bench);
    // Not before the panes have drawn: proposals are read from all of the sample.
    const stopAsking = later(() => void bench.proposals.refresh(), PROPOSALS_AFTER_MS);
    const online = () => bench.connection.retryNow();
    addEventListener("online", online);
    document.title = `${sampleKey} · Braid`;
    return () => {
      isLeft = true;
      removeEventListener("online", online);
      stopKeys();
      stopDebugging();
      stopTimes();
      stopAsking();
      bench.playhead.pause();
      bench.connection.close();
      void queries.invalidateQueries({ queryKey: ["samples", project] });
    };
  }, [bench, start, sampleKey, project, queries]);

  const close = () => setOpened(null);
  const endTour = () => {
    localStorage.setItem(TOURED, "yes");
    setTouring(false);
  };
  return (
    <WorkbenchContext value={bench}>
      <div className="workspace" data-phase={typeof phase === "string" ? phase : "failed"}>
        <TopBar />
        <ToolBar />
        <main className="stage">
          {phase === "ready" && <Dock key={sampleKey} />}
          {phase === "loading" && <p className="quiet loading">Opening {sampleKey}…</p>}
          {typeof phase === "object" && <Problem error={phase.error} onRetry={() => setTurn(turn + 1)} />}
          <LinkLines />
          <PastLayer />
          <LinkHandle />
          <LinkBar />
          <ProposalBar />
          {phase === "ready" && <Sync sync={bench.sync} />}
          {phase === "ready" && <Links />}
          {isTouring && phase === "ready" && <Tour onClose={endTour} />}
          <Conflicts />
          <Notices />
        </main>
        <aside className="side" aria-label="Details">
          <Inspector />
          <SidePanel />
        </aside>
        {opened === "palette" && <CommandPalette onClose={close} />}
        {opened === "classes" && <ClassSearch onClose={close} />}
        {opened === "keys" && <KeySheet onClose={close} />}
        <p className="unseen" aria-live="polite">
          {said}
        </p>
      </div>
    </WorkbenchContext>
  );
}

/** The list is fetched when it is first opened. */
function Links() {
  const isOpen = useSyncExternalStore(watchLinkList, isLinkListOpen);
  return isOpen ? (
    <Suspense fallback={null}>
      <LinkList />
    </Suspense>
  ) : null;
}

/** The panel is fetched when it is first opened. */
function Sync({ sync }: { readonly sync: SyncSession }) {
  const isOpen = useSyncExternalStore(
    (listener) => sync.subscribe(listener),
    () => sync.state.isOpen,
  );
  return isOpen ? (
    <Suspense fallback={null}>
      <SyncPanel />
    </Suspense>
  ) : null;
}

function goSample(project: string, sample: string): void {
  go(pathOf({ page: "sample", project, sample }));
}

/** The key of the sample before or after; null at an end. Lists are read page by page. */
async function neighbour(api: Api, key: string, step: 1 | -1): Promise<string | null> {
  let before: string | null = null;
  let after: string | undefined;
  let found = false;
  do {
    const page = await api.samples({ limit: 500, after });
    for (const item of page.items) {
      if (found) return item.key;
      if (item.key === key && step === -1) return before;
      found = item.key === key;
      before = item.key;
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return null;
}

/** Keeps the playhead's clock maps and extent in step with the sample. */
function followTimes({ store, playhead }: Workbench): () => void {
  let isPlaced = false;
  let maps: unknown = null;
  let streams: unknown = null;
  return store.subscribe(({ sample }) => {
    if (sample === null || (sample.clockMaps === maps && sample.streams === streams)) return;
    maps = sample.clockMaps;
    streams = sample.streams;
    const clocks = [...sample.clockMaps.values()].map(({ record }) => record);
    const segments = new Map(clocks.map((clock) => [clock.stream, clock.segments]));
    playhead.setClockMaps(segments, new Map(clocks.map((clock) => [clock.stream, clock])));
    const all = [...sample.streams.values()].map(({ record }) => record);
    const { startNs, endNs } = extentOf(all, segments);
    playhead.setExtent(startNs, endNs);
    if (!isPlaced) playhead.seek(firstSight(all, playhead));
    isPlaced = true;
  });
}
