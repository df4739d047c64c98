/** The tools for pictures, one of each for a pane. Loaded when the pane has drawn, or when a tool is first asked for. */
import type { ToolId } from "../../../store/workspace";
import { BoxTool } from "./box_tool";
import { cutAnnotations } from "./cutting";
import { KeypointsTool } from "./keypoints_tool";
import { LineTool } from "./line_tool";
import { MaskTool } from "./mask_tool";
import { RotatedTool } from "./rotated_tool";
import { ShapeEditor } from "./shape_editor";
import type { At, PictureTool, Surface } from "./surface";

export interface Toolbox {
  readonly editor: ShapeEditor;
  /** Null for tools that do nothing on pictures. */
  tool(id: ToolId): PictureTool | null;
  /** Nothing that was begun stays. */
  cancel(): void;
}

export function openToolbox(surface: Surface, pickAt: (at: At) => void): Toolbox {
  const tools: Partial<Record<ToolId, PictureTool>> = {
    box: new BoxTool(surface, pickAt),
    rotated_box: new RotatedTool(surface),
    polygon: new LineTool(surface, "polygon"),
    polyline: new LineTool(surface, "polyline"),
    mask: new MaskTool(surface),
    keypoints: new KeypointsTool(surface),
    cut: new LineTool(surface, "cut", (line) => {
      const { store, announce } = surface.context;
      const { selection } = store.getState();
      const polygons = surface.shown().filter(({ region }) => region.type === "polygon");
      const chosen = polygons.filter(({ id }) => selection.has(id));
      const ids = (chosen.length > 0 ? chosen : polygons).map(({ id }) => id);
      const count = cutAnnotations(store, ids, line);
      if (count === 0) store.actions.notify("The line goes through no polygon");
      else announce(count === 1 ? "Polygon cut" : `${count} polygons cut`);
    }),
  };
  const editor = new ShapeEditor(surface);
  return {
    editor,
    tool: (id) => tools[id] ?? null,
    cancel: () => {
      editor.cancel();
      for (const tool of Object.values(tools)) if (tool.isBusy) tool.cancel();
    },
  };
}
