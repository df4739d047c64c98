/** Every command once: shortcuts, palette and key sheet all come from here. */
import type { Ontology, OntologyClass } from "../model/records";
import { turnSoundLook } from "../panes/audio/sound_look";
import { openFindings, suspectsOf } from "../store/derive";
import { classesFor } from "../store/ontology";
import type { SampleData } from "../store/sample";
import type { WorkspaceState } from "../store/workspace";
import type { Command } from "./command";
import { ungroundedPhrases } from "./entities/coverage";
import { ENTITY_COMMANDS } from "./entities/entity_commands";
import { goTo } from "./go_to";
import { LINK_COMMANDS } from "./linking/link_commands";
import { chooseTypeOfSelected } from "./linking/link_types";
import { PLAY_COMMANDS } from "./play_commands";
import { REVIEW_COMMANDS } from "./review/review_commands";
import { SIDE_COMMANDS } from "./side/side_commands";
import { SYNC_COMMANDS } from "./sync/sync_commands";
import { TEXT_COMMANDS } from "./text_commands";
import { nextTheme } from "./theme";
import { PICTURE_TOOLS, TOOL_COMMANDS } from "./tool_commands";
import { TRACK_COMMANDS } from "./track_commands";
import type { Workbench } from "./workbench";

export type { Command } from "./command";
export { goTo } from "./go_to";

function walkProblems(bench: Workbench, step: 1 | -1): void {
  const { sample, selection } = bench.store.getState();
  const stops = [
    ...suspectsOf(sample).map(({ record }) => [record.id]),
    ...openFindings(sample).map(({ finding }) => finding.culprits.map((culprit) => culprit.id)),
  ].filter((ids) => ids.length > 0);
  if (stops.length === 0) {
    bench.store.actions.notify("Nothing is suspect and no finding is open");
    return;
  }
  const at = stops.findIndex((ids) => ids.length === selection.size && ids.every((id) => selection.has(id)));
  const next = stops[(at + step + stops.length + (at < 0 && step < 0 ? 1 : 0)) % stops.length] ?? [];
  goTo(bench, next);
}

function walkMentions(bench: Workbench, step: 1 | -1): void {
  const { sample, selection, linked } = bench.store.getState();
  if (sample === null) return;
  const ids = [...selection, ...linked].filter((id) => sample.annotations.has(id)).sort();
  const at = ids.findIndex((id) => selection.has(id));
  const next = ids[(at + step + ids.length) % Math.max(1, ids.length)];
  if (next !== undefined) goTo(bench, [next]);
}

export function nextUngrounded(bench: Workbench): void {
  const { sample, selection } = bench.store.getState();
  if (sample === null) return;
  const free = ungroundedPhrases(sample);
  const at = free.findIndex((id) => selection.has(id));
  const next = free[(at + 1) % Math.max(1, free.length)];
  if (next === undefined) bench.store.actions.notify("Every phrase is linked");
  else goTo(bench, [next]);
}

/** A label on all of a stream: that of the selected annotation, else the first one. */
function labelWhole(bench: Workbench): void {
  const { sample, selection } = bench.store.getState();
  if (sample === null) return;
  const [id] = selection;
  const stream = sample.annotations.get(id ?? "")?.record.stream ?? [...sample.streams.keys()][0];
  if (stream === undefined) return;
  bench.store.actions.createAnnotation({ stream, region: { type: "whole_stream" } });
  bench.store.actions.notify("Labelled the whole stream; choose its class", { canUndo: true });
}

function submit({ store, announce }: Workbench): void {
  if (store.getState().sample?.sample.record.state === "submitted") return;
  store.actions.setSampleState("submitted");
  store.actions.notify("Submitted", { canUndo: true });
  announce("Submitted");
}

const hasSelection = (state: WorkspaceState) => state.selection.size > 0;

export const COMMANDS: readonly Command[] = [
  {
    id: "tool.select",
    title: "Select",
    group: "Tools",
    keys: ["v"],
    icon: "select",
    run: ({ store }) => store.actions.setTool("select"),
  },
  {
    id: "tool.box",
    title: "Draw boxes",
    group: "Tools",
    keys: ["b"],
    icon: "box",
    run: ({ store }) => store.actions.setTool("box"),
  },
  ...PICTURE_TOOLS,
  {
    id: "tool.text_span",
    title: "Mark text",
    group: "Tools",
    keys: ["t"],
    icon: "text",
    run: ({ store }) => store.actions.setTool("text_span"),
  },
  {
    id: "tool.time_span",
    title: "Mark time spans",
    group: "Tools",
    keys: ["s"],
    icon: "span",
    run: ({ store }) => store.actions.setTool("time_span"),
  },
  {
    id: "tool.cuboid",
    title: "Place cuboids",
    group: "Tools",
    keys: ["c"],
    icon: "cuboid",
    run: ({ store }) => store.actions.setTool("cuboid"),
  },
  {
    id: "sample.submit",
    title: "Submit the sample",
    group: "Edit",
    keys: ["$mod+Enter"],
    icon: "check",
    run: submit,
  },
  {
    id: "edit.whole",
    title: "Label the whole stream",
    group: "Edit",
    keys: ["w"],
    run: labelWhole,
  },
  ...LINK_COMMANDS,
  {
    id: "edit.undo",
    title: "Undo",
    group: "Edit",
    keys: ["$mod+z"],
    icon: "undo",
    run: ({ store }) => store.actions.undo(),
  },
  {
    id: "edit.redo",
    title: "Redo",
    group: "Edit",
    keys: ["$mod+Shift+z", "$mod+y"],
    run: ({ store }) => store.actions.redo(),
  },
  {
    id: "edit.delete",
    title: "Delete the selection",
    group: "Edit",
    keys: ["Delete", "Backspace"],
    icon: "trash",
    when: hasSelection,
    run: ({ store }) => store.actions.remove(store.getState().selection),
  },
  {
    id: "edit.class",
    title: "Choose a class…",
    group: "Edit",
    keys: ["0", "/"],
    icon: "search",
    run: (bench) => (bench.store.getState().linking === null ? bench.openClassSearch() : bench.openPalette()),
  },
  {
    id: "go.problem",
    title: "Next suspect or finding",
    group: "Go",
    keys: ["n"],
    icon: "suspect",
    run: (bench) => walkProblems(bench, 1),
  },
  {
    id: "go.problem.back",
    title: "Previous suspect or finding",
    group: "Go",
    keys: ["Shift+N"],
    run: (bench) => walkProblems(bench, -1),
  },
  { id: "go.ungrounded", title: "Next phrase without a link", group: "Go", keys: ["g"], run: nextUngrounded },
  { id: "go.mention", title: "Next linked thing", group: "Go", keys: ["]"], run: (bench) => walkMentions(bench, 1) },
  {
    id: "go.mention.back",
    title: "Previous linked thing",
    group: "Go",
    keys: ["["],
    run: (bench) => walkMentions(bench, -1),
  },
  {
    id: "go.sample",
    title: "Next sample",
    group: "Go",
    keys: ["Alt+Shift+ArrowRight"],
    icon: "next",
    run: (bench) => bench.goSample(1),
  },
  {
    id: "go.sample.back",
    title: "Previous sample",
    group: "Go",
    keys: ["Alt+Shift+ArrowLeft"],
    icon: "previous",
    run: (bench) => bench.goSample(-1),
  },
  ...PLAY_COMMANDS,
  ...SYNC_COMMANDS,
  ...TRACK_COMMANDS,
  ...TOOL_COMMANDS,
  ...TEXT_COMMANDS,
  ...SIDE_COMMANDS,
  ...ENTITY_COMMANDS,
  ...REVIEW_COMMANDS,
  {
    id: "view.palette",
    title: "All commands…",
    group: "View",
    keys: ["$mod+k"],
    icon: "search",
    run: (bench) => bench.openPalette(),
  },
  {
    id: "view.keys",
    title: "Keys",
    group: "View",
    keys: ["?", "Shift+?"],
    icon: "keys",
    run: (bench) => bench.openKeys(),
  },
  {
    id: "view.stream",
    title: "About the stream of the pane",
    group: "View",
    keys: ["Shift+I"],
    run: ({ store, facing }) => {
      store.actions.select([]);
      facing.toggle();
    },
  },
  {
    id: "view.sound",
    title: "Sound as wave, spectrogram or both",
    group: "View",
    keys: ["y"],
    run: (bench) => bench.announce(`Sound as ${turnSoundLook()}`),
  },
  {
    id: "view.theme",
    title: "Change theme",
    group: "View",
    keys: ["Shift+D"],
    icon: "theme",
    run: (bench) => bench.announce(`Theme: ${nextTheme()}`),
  },
  {
    id: "view.projections",
    title: "Cuboids in pictures: all, lit ones, none",
    group: "View",
    keys: ["Shift+C"],
    run: ({ store, announce }) => {
      const next = { all: "lit", lit: "none", none: "all" } as const;
      const { projections } = store.getState();
      store.actions.setProjections(next[projections]);
      announce(`Cuboids in pictures: ${next[projections]}`);
    },
  },
  { id: "view.tour", title: "Take the tour", group: "View", keys: [], icon: "tour", run: (bench) => bench.startTour() },
];

/** A digit: the link type while one is asked for or a link is selected, else the class of the selection or of the next thing drawn. */
export function runDigit(bench: Workbench, digit: number): void {
  const { actions } = bench.store;
  const state = bench.store.getState();
  if (state.linking?.target != null) {
    actions.chooseLinkType(digit - 1);
    return;
  }
  if (chooseTypeOfSelected(bench, digit - 1)) return;
  const entry = numberedClasses(state)[digit - 1];
  if (entry === undefined) return;
  const chosen = [...state.selection].filter(
    (id) => state.sample?.annotations.has(id) || state.sample?.entities.has(id),
  );
  if (chosen.length > 0) actions.setClass(chosen, entry.id);
  else actions.setActiveClass(entry.id);
  bench.announce(entry.name);
}

const inUse = new WeakMap<Ontology, ReadonlyMap<string, number>>();

/** How often each class was used when the ontology was first seen: fixed from then on, so that keys stay put. */
function usage(ontology: Ontology, sample: SampleData | null): ReadonlyMap<string, number> {
  const known = inUse.get(ontology);
  if (known !== undefined || sample === null) return known ?? new Map();
  const counts = new Map<string, number>();
  for (const { record } of sample.annotations.values()) {
    counts.set(record.class_id, (counts.get(record.class_id) ?? 0) + 1);
  }
  inUse.set(ontology, counts);
  return counts;
}

/** The nine classes with number keys: those that fit what is selected or drawn, used ones first, then the tree's tops. */
export function numberedClasses(state: WorkspaceState): readonly OntologyClass[] {
  const { ontology, sample } = state;
  if (ontology === null) return [];
  const [id] = state.selection;
  const selected = id === undefined ? undefined : sample?.annotations.get(id)?.record.region.type;
  const kind = selected ?? (state.tool === "select" || state.tool === "cut" ? "" : state.tool);
  const fitting = kind === "" ? (ontology.classes ?? []) : classesFor(ontology, kind);
  const counts = usage(ontology, sample);
  const weight = (entry: OntologyClass) => (counts.has(entry.id) ? 0 : entry.parent == null ? 1 : 2);
  return fitting
    .filter((entry) => entry.deprecated !== true)
    .toSorted((a, b) => weight(a) - weight(b))
    .slice(0, 9);
}

/** "$mod+Shift+z" as people read it. */
export function keyLabel(keys: string): string {
  const names: Record<string, string> = {
    $mod: "Ctrl",
    ArrowLeft: "←",
    ArrowRight: "→",
    Comma: ",",
    Period: ".",
    Semicolon: ";",
    Quote: "'",
    Backslash: "\\",
    ArrowUp: "↑",
    ArrowDown: "↓",
    BracketLeft: "[",
    BracketRight: "]",
    Delete: "Del",
  };
  return keys
    .split("+")
    .map((part) => part.replace(/^(Key|Digit)(?=.$)/, ""))
    .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join("+");
}
