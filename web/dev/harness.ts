/** All time panes side by side on made-up data (dev/serve.py). Not part of the build. */
import "../src/base/tokens.css";
import type { SampleView } from "../src/model/changes";
import type { Ontology, Stream } from "../src/model/records";
import { audioPane } from "../src/panes/audio";
import type { PaneContext, PaneKind } from "../src/panes/pane";
import { pointsPane } from "../src/panes/points";
import { seriesPane } from "../src/panes/series";
import { timelinePane } from "../src/panes/timeline";
import { videoPane } from "../src/panes/video";
import { Playhead } from "../src/playhead/playhead";
import { Api } from "../src/store/api";
import { createWorkspaceStore } from "../src/store/workspace";

const api = new Api("dev");
const store = createWorkspaceStore();
const playhead = new Playhead();
const context: PaneContext = { project: "dev", store, playhead, api, announce: () => {} };

const view = await api.get<SampleView>(`/projects/dev/samples/one${location.search}`);
const ontology = await api.get<Ontology>("/projects/dev/plain-ontology");
store.feed.setOntology(ontology);
store.feed.load(view);
playhead.setClockMaps(new Map(view.clock_maps.map(({ record }) => [record.stream, record.segments])));
playhead.setExtent(0, 12e9);

const streams = view.streams.map(({ record }) => record);

function show(id: string, kind: PaneKind, chosen: readonly Stream[]): void {
  const host = document.getElementById(id);
  if (host === null) return;
  const pane = kind.create(chosen, context);
  pane.mount(host);
  new ResizeObserver(() => pane.resize(host.clientWidth, host.clientHeight)).observe(host);
  Object.assign(window, { [`${id}Pane`]: pane });
}

for (const [id, kind] of [
  ["video", videoPane],
  ["points", pointsPane],
  ["audio", audioPane],
  ["series", seriesPane],
  ["timeline", timelinePane],
] as const) {
  const fitting = streams.filter((stream) => kind.accepts(stream));
  show(id, kind, kind === timelinePane ? streams : fitting.slice(0, 1));
}
Object.assign(window, { store, playhead });
