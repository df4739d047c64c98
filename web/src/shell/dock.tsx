/** The dockable panes: one panel for each stream that a pane kind takes, text once. Own tabs: no control inside a control. */
import {
  DockviewReact,
  type DockviewReadyEvent,
  type IDockviewPanelHeaderProps,
  type IDockviewPanelProps,
  themeAbyss,
} from "dockview-react";
import { useEffect, useRef } from "react";
import type { Stream } from "../model/records";
import type { PaneKind } from "../panes/pane";
import type { SampleData } from "../store/sample";
import { useTheme } from "./theme";
import { useWorkbench, type Workbench } from "./workbench";
import "dockview-react/dist/styles/dockview.css";

interface PanelParams {
  readonly kindId: string;
  readonly streamIds: readonly string[];
}

interface Planned extends PanelParams {
  readonly id: string;
  readonly title: string;
}

/** Kinds that gather all their streams in one pane. */
const GATHERING = new Set(["text", "timeline"]);

/** Panes with a time axis that stand side by side; more of them share the places as tabs. */
const MOST_BESIDE = 3;

/** Modalities that last: a sample with none of them, and a single reading of each stream, needs no timeline. */
const LASTING = new Set(["video", "audio", "series"]);

export function planPanels(sample: SampleData, kinds: readonly PaneKind[]): readonly Planned[] {
  const streams = [...sample.streams.values()].map(({ record }) => record);
  const says = [...sample.annotations.values()].some(({ record }) => Boolean(record.text));
  const planned: Planned[] = [];
  for (const kind of kinds) {
    const taken = streams.filter((stream) => kind.accepts(stream));
    if (
      kind.id === "timeline" &&
      !taken.some((stream) => LASTING.has(stream.modality) || (stream.readings?.length ?? 0) > 1)
    )
      continue;
    if (GATHERING.has(kind.id)) {
      if (taken.length > 0 || (kind.id === "text" && says)) planned.push(panel(kind, taken, kind.title));
    } else {
      const titles = titlesOf(taken);
      taken.forEach((stream, index) => {
        planned.push(panel(kind, [stream], titles[index] ?? stream.name));
      });
    }
  }
  return planned;
}

/** Names of streams; where two are alike, their files tell them apart. */
export function titlesOf(streams: readonly Stream[]): readonly string[] {
  const times = new Map<string, number>();
  for (const { name } of streams) times.set(name, (times.get(name) ?? 0) + 1);
  return streams.map(({ name, file_name = "" }) =>
    (times.get(name) ?? 0) < 2 || file_name === "" || file_name === name ? name : `${name} (${file_name})`,
  );
}

function panel(kind: PaneKind, streams: readonly Stream[], title: string): Planned {
  const streamIds = streams.map((stream) => stream.id);
  // Names repeat: a panel is known by its stream.
  return { id: `${kind.id}:${GATHERING.has(kind.id) ? "" : (streamIds[0] ?? "")}`, title, kindId: kind.id, streamIds };
}

function PanePanel({ params }: IDockviewPanelProps<PanelParams>) {
  const bench = useWorkbench();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    const kind = bench.kinds.find((entry) => entry.id === params.kindId);
    const sample = bench.store.getState().sample;
    if (element === null || kind === undefined || sample === null) return;
    const streams = params.streamIds.flatMap((id) => sample.streams.get(id)?.record ?? []);
    const own = document.createElement("div");
    own.className = "pane-host";
    element.append(own);
    const pane = kind.create(streams, bench);
    pane.mount(own);
    bench.panes.add(pane);
    const sizes = new ResizeObserver(() => pane.resize(element.clientWidth, element.clientHeight));
    sizes.observe(element);
    pane.resize(element.clientWidth, element.clientHeight);
    return () => {
      sizes.disconnect();
      bench.panes.delete(pane);
      pane.dispose();
      own.remove();
    };
  }, [bench, params.kindId, params.streamIds]);
  return <div className="pane-frame" ref={host} />;
}

function PaneTab({ api }: IDockviewPanelHeaderProps<PanelParams>) {
  return (
    <span className="pane-tab" title={api.title}>
      {api.title}
    </span>
  );
}

const COMPONENTS = { pane: PanePanel };

export function Dock() {
  const bench = useWorkbench();
  useTheme();
  return (
    <div className="dock">
      <DockviewReact
        theme={{ ...themeAbyss, className: "dockview-theme-braid" }}
        components={COMPONENTS}
        defaultTabComponent={PaneTab}
        singleTabMode="fullwidth"
        disableFloatingGroups
        onReady={(event) => layOut(event, bench)}
      />
    </div>
  );
}

/** Pictures and points fill the left, text stands beside them, everything with a time axis lies below. */
function layOut({ api }: DockviewReadyEvent, bench: Workbench): void {
  const { sample } = bench.store.getState();
  api.onDidActivePanelChange(({ panel }) => {
    const { kindId, streamIds } = (panel?.params ?? {}) as Partial<PanelParams>;
    const [id] = streamIds ?? [];
    if (id !== undefined && kindId !== undefined && !GATHERING.has(kindId)) bench.facing.turnTo(id);
  });
  if (sample === null) return;
  const planned = planPanels(sample, bench.kinds);
  type Position = Parameters<typeof api.addPanel>[0]["position"];
  const add = (entry: Planned, position?: Position, initialHeight?: number) =>
    api.addPanel<PanelParams>({
      id: entry.id,
      title: entry.title,
      component: "pane",
      params: { kindId: entry.kindId, streamIds: entry.streamIds },
      ...(position === undefined ? {} : { position }),
      ...(initialHeight === undefined ? {} : { initialHeight }),
    });
  const of = (...kinds: readonly string[]) => planned.filter((entry) => kinds.includes(entry.kindId));
  const named = new Set(["text", "audio", "series", "timeline"]);
  const main = planned.filter((entry) => !named.has(entry.kindId));
  const rows = [of("audio", "series"), of("timeline")].filter((row) => row.length > 0);

  // The main area: the first large, the others beside it in one column, or in two when there are many.
  const columns = main.length > 4 ? 2 : 1;
  main.forEach((entry, index) => {
    const isTop = index <= columns;
    const before = main[isTop ? index - 1 : index - columns]?.id;
    if (before === undefined) add(entry);
    else add(entry, { referencePanel: before, direction: isTop ? "right" : "below" });
  });
  const isEmpty = main.length === 0;
  for (const entry of of("text")) add(entry, isEmpty ? undefined : { direction: "right" });
  let first = isEmpty && of("text").length === 0;
  const height = api.height * (rows.length === 2 ? 0.23 : 0.34);
  for (const row of rows) {
    row.forEach((entry, index) => {
      const before = row[index - 1]?.id;
      const shared = row[index % MOST_BESIDE]?.id;
      if (index >= MOST_BESIDE && shared !== undefined) add(entry, { referencePanel: shared, direction: "within" });
      else if (before !== undefined) add(entry, { referencePanel: before, direction: "right" });
      else if (first) add(entry);
      else add(entry, { direction: "below" }, height);
      first = false;
    });
    for (const entry of row.slice(0, MOST_BESIDE)) api.getPanel(entry.id)?.api.setActive();
  }
  const [top] = [...main, ...of("text")];
  if (top !== undefined && rows.length > 0) {
    api.getPanel(top.id)?.api.setSize({ height: api.height - rows.length * height });
    const last = rows.at(-1)?.[0];
    if (last !== undefined) api.getPanel(last.id)?.api.setSize({ height });
  }
  const [foremost] = [...main, ...of("text"), ...rows.flat()];
  api.getPanel(foremost?.id ?? "")?.api.setActive();
  const text = of("text")[0];
  if (text !== undefined && !isEmpty) api.getPanel(text.id)?.api.setSize({ width: Math.max(280, api.width * 0.34) });
}
