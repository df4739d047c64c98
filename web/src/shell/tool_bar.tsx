/** The tools at the left edge, those that the sample's streams can use. */
import type { Modality } from "../model/records";
import type { ToolId } from "../store/workspace";
import { COMMANDS, keyLabel } from "./commands";
import { Icon } from "./icons";
import { admits } from "./tool_commands";
import { useWorkbench, useWorkspace } from "./workbench";

const NEEDS: Partial<Record<ToolId, readonly Modality[]>> = {
  box: ["image", "video"],
  rotated_box: ["image"],
  polygon: ["image"],
  polyline: ["image"],
  cut: ["image"],
  mask: ["image"],
  keypoints: ["image"],
  text_span: ["text", "image", "video", "audio"],
  time_span: ["audio", "video", "series"],
  cuboid: ["point_cloud"],
};

export function ToolBar() {
  const bench = useWorkbench();
  const tool = useWorkspace((state) => state.tool);
  const linking = useWorkspace((state) => state.linking !== null);
  const sample = useWorkspace((state) => state.sample);
  const ontology = useWorkspace((state) => state.ontology);
  const present = new Set([...(sample?.streams.values() ?? [])].map(({ record }) => record.modality));
  const shown = COMMANDS.filter((command) => {
    if (command.id === "link.start" || command.id === "tool.select") return true;
    const needs = command.id.startsWith("tool.") ? NEEDS[command.id.slice(5) as ToolId] : undefined;
    const tool = command.id.slice(5) as ToolId;
    return (needs?.some((modality) => present.has(modality)) ?? false) && admits(ontology, tool);
  });
  return (
    <nav className="tools" aria-label="Tools">
      <div className="tool-bar" role="toolbar" aria-label="Tools" aria-orientation="vertical">
        {shown.map((command) => {
          const isOn = command.id === "link.start" ? linking : !linking && command.id === `tool.${tool}`;
          const key = command.keys[0] ?? "";
          return (
            <button
              key={command.id}
              type="button"
              aria-pressed={isOn}
              title={`${command.title} (${keyLabel(key)})`}
              onClick={() => command.run(bench)}
            >
              {command.icon !== undefined && <Icon name={command.icon} size={18} />}
              <span className="unseen">{command.title}</span>
              <kbd>{keyLabel(key).replace("Shift+", "⇧")}</kbd>
            </button>
          );
        })}
      </div>
    </nav>
  );
}
