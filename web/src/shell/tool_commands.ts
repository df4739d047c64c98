/** Commands of the picture tools: choosing one, setting it, and what can be done to shapes by key alone. */
import type { Annotation, Ontology } from "../model/records";
import { toolChoicesOf } from "../panes/shared/tools/options";
import { classesFor } from "../store/ontology";
import type { ToolId, WorkspaceState } from "../store/workspace";
import type { Command } from "./command";
import type { IconName } from "./icons";
import { hasTrack } from "./track_edits";
import type { Workbench } from "./workbench";

/** Whether any class may have what the tool draws. A cut needs polygons. */
export function admits(ontology: Ontology | null, tool: ToolId): boolean {
  return tool === "select" || classesFor(ontology, tool === "cut" ? "polygon" : tool).length > 0;
}

function hasPictures(state: WorkspaceState): boolean {
  return [...(state.sample?.streams.values() ?? [])].some(({ record }) => record.modality === "image");
}

function onPicture(state: WorkspaceState, id: string): Annotation | null {
  const record = state.sample?.annotations.get(id)?.record;
  const stream = record === undefined ? undefined : state.sample?.streams.get(record.stream)?.record;
  return record !== undefined && stream?.modality === "image" ? record : null;
}

/** The selected regions of pictures. */
function chosen(state: WorkspaceState): readonly Annotation[] {
  return [...state.selection].flatMap((id) => onPicture(state, id) ?? []);
}

function theShape(state: WorkspaceState): string | null {
  if (state.tool !== "select" || state.linking !== null || state.selection.size !== 1) return null;
  return chosen(state)[0]?.region.type ?? null;
}

const MOVABLE = new Set(["box", "rotated_box", "polygon", "polyline", "keypoints", "track"]);
const POINTED = new Set(["polygon", "polyline", "keypoints", "track"]);
const isMovable = (state: WorkspaceState) => MOVABLE.has(theShape(state) ?? "");
const hasPoints = (state: WorkspaceState) => POINTED.has(theShape(state) ?? "");
const canTurn = (state: WorkspaceState) => ["rotated_box", "track"].includes(theShape(state) ?? "");
const isTool = (tool: ToolId) => (state: WorkspaceState) => state.tool === tool && state.linking === null;

function inPane(command: string): (bench: Workbench) => void {
  return (bench) => {
    if (![...bench.panes].some((pane) => pane.run?.(command) ?? false)) bench.announce("Nothing to change here");
  };
}

function toolCommand(tool: ToolId, title: string, keys: readonly string[], icon: IconName): Command {
  return {
    id: `tool.${tool}`,
    title,
    group: "Tools",
    keys,
    icon,
    // The review has letters of its own.
    when: (state) =>
      !state.reviewing &&
      hasPictures(state) &&
      admits(state.ontology, tool) &&
      !(tool === "keypoints" && hasTrack(state)),
    run: ({ store }) => store.actions.setTool(tool),
  };
}

/** A second press begins another mask. */
function chooseMask({ store, announce }: Workbench): void {
  if (store.getState().tool === "mask") {
    store.actions.select([]);
    announce("The next stroke makes a new mask");
  } else store.actions.setTool("mask");
}

export const PICTURE_TOOLS: readonly Command[] = [
  toolCommand("rotated_box", "Draw rotated boxes", ["r"], "rotated_box"),
  toolCommand("polygon", "Draw polygons", ["p"], "polygon"),
  toolCommand("polyline", "Draw lines", ["Shift+P"], "polyline"),
  toolCommand("cut", "Cut polygons", ["x"], "cut"),
  { ...toolCommand("mask", "Paint masks", ["m"], "mask"), run: chooseMask },
  toolCommand("keypoints", "Place key points", ["k"], "keypoints"),
];

function scaleBrush(factor: number): (bench: Workbench) => void {
  return ({ store, announce }) => {
    const choices = toolChoicesOf(store);
    const wanted = choices.now.brushRadiusPx * factor;
    choices.set({ brushRadiusPx: Math.round(wanted * 2) / 2 });
    announce(`Brush ${choices.now.brushRadiusPx * 2} pixels wide`);
  };
}

function toggleMode(mode: "eraser" | "fill"): (bench: Workbench) => void {
  return ({ store, announce }) => {
    const choices = toolChoicesOf(store);
    choices.set({ brushMode: choices.now.brushMode === mode ? "brush" : mode });
    announce(`Mask tool: ${choices.now.brushMode}`);
  };
}

function hideJoint(bench: Workbench): void {
  if (bench.store.getState().tool !== "keypoints") {
    inPane("joint.hidden")(bench);
    return;
  }
  const choices = toolChoicesOf(bench.store);
  choices.set({ nextIsHidden: !choices.now.nextIsHidden });
  bench.announce(choices.now.nextIsHidden ? "The next point is hidden" : "The next point is visible");
}

function arrows(): readonly Command[] {
  const ways = [
    ["left", "ArrowLeft"],
    ["right", "ArrowRight"],
    ["up", "ArrowUp"],
    ["down", "ArrowDown"],
  ] as const;
  return ways.flatMap(([way, key]): Command[] => [
    {
      id: `nudge.${way}`,
      title: `Move ${way}`,
      group: "Shape",
      keys: [key],
      when: isMovable,
      run: inPane(`nudge.${way}`),
    },
    {
      id: `nudge.${way}.far`,
      title: `Move ${way}, ten pixels`,
      group: "Shape",
      keys: [`Shift+${key}`],
      when: isMovable,
      run: inPane(`nudge.${way}.far`),
    },
  ]);
}

function turns(): readonly Command[] {
  const ways = [
    ["left", "Turn left, 1°", "Alt+ArrowUp"],
    ["right", "Turn right, 1°", "Alt+ArrowDown"],
    ["left.far", "Turn left, 15°", "Alt+Shift+ArrowUp"],
    ["right.far", "Turn right, 15°", "Alt+Shift+ArrowDown"],
  ] as const;
  return ways.map(([way, title, key]) => ({
    id: `turn.${way}`,
    title,
    group: "Shape",
    keys: [key],
    when: canTurn,
    run: inPane(`turn.${way}`),
  }));
}

const isPlain = (kind: "polygon" | "mask") => (record: Annotation) => record.region.type === kind;

export const TOOL_COMMANDS: readonly Command[] = [
  {
    id: "shape.join",
    title: "Join the selected polygons",
    group: "Shape",
    keys: ["j"],
    when: (state) => chosen(state).filter(isPlain("polygon")).length > 1,
    run: (bench) => void import("./shape_edits").then(({ joinSelected }) => joinSelected(bench)),
  },
  {
    id: "shape.convert",
    title: "Polygon to mask, mask to polygon",
    group: "Shape",
    keys: ["Shift+O"],
    when: (state) => chosen(state).some((record) => isPlain("polygon")(record) || isPlain("mask")(record)),
    run: (bench) => void import("./shape_edits").then(({ convertSelected }) => convertSelected(bench)),
  },
  {
    id: "shape.point",
    title: "Edit the shape's points",
    group: "Shape",
    keys: ["u"],
    when: hasPoints,
    run: inPane("point.next"),
  },
  {
    id: "shape.point.back",
    title: "Previous point of the shape",
    group: "Shape",
    keys: [],
    when: hasPoints,
    run: inPane("point.back"),
  },
  ...arrows(),
  ...turns(),
  {
    id: "joint.hidden",
    title: "Key point hidden or visible",
    group: "Shape",
    keys: ["h"],
    when: (state) => isTool("keypoints")(state) || theShape(state) === "keypoints",
    run: hideJoint,
  },
  {
    id: "joint.absent",
    title: "Leave out this key point",
    group: "Shape",
    keys: ["Shift+H"],
    when: isTool("keypoints"),
    run: inPane("joint.absent"),
  },
  {
    id: "brush.smaller",
    title: "Smaller brush",
    group: "Shape",
    keys: ["["],
    when: isTool("mask"),
    run: scaleBrush(1 / 1.25),
  },
  {
    id: "brush.larger",
    title: "Larger brush",
    group: "Shape",
    keys: ["]"],
    when: isTool("mask"),
    run: scaleBrush(1.25),
  },
  {
    id: "brush.eraser",
    title: "Brush or eraser",
    group: "Shape",
    keys: ["e"],
    when: isTool("mask"),
    run: toggleMode("eraser"),
  },
  {
    id: "brush.fill",
    title: "Brush or fill",
    group: "Shape",
    keys: ["f"],
    when: isTool("mask"),
    run: toggleMode("fill"),
  },
];
