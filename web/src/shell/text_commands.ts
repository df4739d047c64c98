/** Commands of text and time spans: edges, writing, cutting, joining, speakers, and marks at the playhead. */
import { newId } from "../base/ids";
import type { Region } from "../model/records";
import { markedAt, togglePlaysOnFocus, turnReaction } from "../panes/shared/habits";
import { mergeWithNext, setSpeaker, speakersOf, splitAtTime, type Verb } from "../store/utterances";
import type { WorkspaceState } from "../store/workspace";
import type { Command } from "./command";
import type { Workbench } from "./workbench";

function selected(state: WorkspaceState, ...types: readonly Region["type"][]): string | null {
  const [id] = state.selection;
  const type = state.sample?.annotations.get(id ?? "")?.record.region.type;
  return state.selection.size === 1 && id !== undefined && type !== undefined && types.includes(type) ? id : null;
}

const onTextSpan = (state: WorkspaceState) => selected(state, "text_span") !== null;
const onTimeSpan = (state: WorkspaceState) => selected(state, "time_span") !== null;
const onLine = (state: WorkspaceState) => selected(state, "time_span", "whole_stream", "text_span") !== null;

/** By the first open pane that can. */
function byPane(bench: Workbench, id: string, otherwise: string): void {
  const done = [...bench.panes].some((pane) => pane.run?.(id) ?? false);
  if (!done) bench.announce(otherwise);
}

function edgeCommand(id: string, title: string, keys: string): Command {
  return {
    id,
    title,
    group: "Edit",
    keys: [keys],
    when: onTextSpan,
    run: (bench) => byPane(bench, id, "No text pane shows this span"),
  };
}

function apply({ store, announce }: Workbench, verb: Verb | null, otherwise: string): void {
  if (verb === null) announce(otherwise);
  else {
    store.actions.edit(verb.reason, verb.ops);
    store.actions.select([verb.target]);
    announce(verb.reason);
  }
}

function split(bench: Workbench): void {
  const { store, playhead } = bench;
  const { sample } = store.getState();
  const id = selected(store.getState(), "time_span");
  const record = sample?.annotations.get(id ?? "")?.record;
  if (sample === null || record === undefined) return;
  const media_ns = playhead.toMedia(record.stream, markedAt(playhead.state));
  apply(bench, splitAtTime(sample, record.id, media_ns, newId), "Move the playhead to where it should be split");
}

function merge(bench: Workbench): void {
  const { sample } = bench.store.getState();
  const id = selected(bench.store.getState(), "time_span");
  if (sample !== null && id !== null) apply(bench, mergeWithNext(sample, id), "No other one follows on this stream");
}

/** The start or the end of the selected time span to the playhead; the other edge stays before or after it. */
function edgeHere(bench: Workbench, edge: "start_ns" | "end_ns"): void {
  const { store, playhead } = bench;
  const id = selected(store.getState(), "time_span");
  const record = store.getState().sample?.annotations.get(id ?? "")?.record;
  if (record?.region.type !== "time_span") return;
  const region = { ...record.region, [edge]: playhead.toMedia(record.stream, markedAt(playhead.state)) };
  if (region.end_ns <= region.start_ns) bench.announce("The end would come before the start");
  else store.actions.updateRegion(record.id, region);
}

function speaker(number: number): Command {
  return {
    id: `text.speaker.${number}`,
    title: `Speaker ${number}`,
    group: "Edit",
    keys: [`Alt+Digit${number}`],
    when: onTimeSpan,
    run: (bench) => {
      const { sample, selection } = bench.store.getState();
      const name = sample === null ? undefined : speakersOf(sample)[number - 1];
      if (sample === null || name === undefined) bench.announce(`This sample has no speaker ${number} yet`);
      else {
        const verb = setSpeaker(sample, selection, name);
        if (verb !== null) bench.store.actions.edit(verb.reason, verb.ops);
        bench.announce(`Speaker ${name}`);
      }
    },
  };
}

/** The class of what is written on this stream already, else the one that the ontology has for it. */
function captionClass({ sample, ontology }: WorkspaceState, stream: string): string | undefined {
  for (const { record } of sample?.annotations.values() ?? []) {
    if (record.stream === stream && record.text && record.region.type === "whole_stream") return record.class_id;
  }
  return ontology?.classes?.find(({ id }) => id === "caption" || id === "transcript")?.id;
}

/** A text of one's own on a picture or any other stream: that of the selection, else the first picture. */
function caption(bench: Workbench): void {
  const { sample, selection } = bench.store.getState();
  const [id] = selection;
  const streams = [...(sample?.streams.values() ?? [])].map(({ record }) => record);
  const picture = streams.find(({ modality }) => modality === "image") ?? streams[0];
  const stream = sample?.annotations.get(id ?? "")?.record.stream ?? picture?.id;
  if (stream === undefined) return;
  const classId = captionClass(bench.store.getState(), stream);
  const made = { stream, region: { type: "whole_stream" }, text: "" } as const;
  bench.store.actions.createAnnotation(classId === undefined ? made : { ...made, classId });
  byPane(bench, "text.edit.new", "Write the caption in the inspector");
}

export const TEXT_COMMANDS: readonly Command[] = [
  edgeCommand("text.end.right", "End of the text span a word on", "Shift+ArrowRight"),
  edgeCommand("text.end.left", "End of the text span a word back", "Shift+ArrowLeft"),
  edgeCommand("text.start.right", "Start of the text span a word on", "$mod+ArrowRight"),
  edgeCommand("text.start.left", "Start of the text span a word back", "$mod+ArrowLeft"),
  edgeCommand("text.end.right.exact", "End of the text span a character on", "Alt+Period"),
  edgeCommand("text.end.left.exact", "End of the text span a character back", "Alt+Comma"),
  edgeCommand("text.start.right.exact", "Start of the text span a character on", "Alt+Shift+Period"),
  edgeCommand("text.start.left.exact", "Start of the text span a character back", "Alt+Shift+Comma"),
  {
    id: "text.edit",
    title: "Write the text of the line",
    group: "Edit",
    keys: ["F2"],
    when: onLine,
    run: (bench) => byPane(bench, "text.edit", "Select an utterance, a caption or a span of sound first"),
  },
  {
    id: "text.caption",
    title: "Write a caption",
    group: "Edit",
    keys: ["Alt+KeyC"],
    run: caption,
  },
  {
    id: "text.play",
    title: "Play the selected span",
    group: "Play",
    keys: ["$mod+Space"],
    when: onLine,
    run: (bench) => byPane(bench, "text.play", "Select a span of time first"),
  },
  {
    id: "text.play.focus",
    title: "Play utterances when they are entered, on or off",
    group: "Play",
    keys: ["Alt+KeyP"],
    run: ({ announce, store }) => {
      const said = togglePlaysOnFocus() ? "Utterances play when entered" : "Utterances stay silent when entered";
      announce(said);
      store.actions.notify(said);
    },
  },
  {
    id: "span.split",
    title: "Split the time span at the playhead",
    group: "Edit",
    keys: ["Alt+KeyS"],
    when: onTimeSpan,
    run: split,
  },
  {
    id: "span.merge",
    title: "Merge the time span with the next",
    group: "Edit",
    keys: ["Alt+KeyM"],
    when: onTimeSpan,
    run: merge,
  },
  {
    id: "span.start.here",
    title: "Start of the time span to the playhead",
    group: "Edit",
    keys: ["Alt+BracketLeft"],
    when: onTimeSpan,
    run: (bench) => edgeHere(bench, "start_ns"),
  },
  {
    id: "span.end.here",
    title: "End of the time span to the playhead",
    group: "Edit",
    keys: ["Alt+BracketRight"],
    when: onTimeSpan,
    run: (bench) => edgeHere(bench, "end_ns"),
  },
  {
    id: "span.reaction",
    title: "Correct marks for reaction time: next step",
    group: "Edit",
    keys: ["Alt+KeyR"],
    run: ({ announce, store }) => {
      const ms = turnReaction();
      const said = ms === 0 ? "No correction for reaction time" : `Marks set while playing come ${ms} ms earlier`;
      announce(said);
      store.actions.notify(said);
    },
  },
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(speaker),
];
