/** Words that the project's pages share. */
import type { Severity } from "../../model/changes";
import type { Modality } from "../../model/records";
import type { LayerOfCheck } from "../../model/statistics";

export const MODALITY_NAMES: Readonly<Record<Modality, string>> = {
  image: "Image",
  video: "Video",
  audio: "Audio",
  text: "Text",
  point_cloud: "Point cloud",
  series: "Series",
};
export const SEVERITY_NAMES: Readonly<Record<Severity, string>> = {
  error: "Errors",
  warning: "Warnings",
  hint: "Hints",
};
export const LAYER_NAMES: Readonly<Record<LayerOfCheck, string>> = {
  within: "Within a modality",
  across: "Across modalities",
  whole: "Whole sample",
};

/** Unix nanoseconds as digits, as a local day and time. */
export function whenOf(atNs: string): string {
  const date = new Date(Number(BigInt(atNs) / 1_000_000n));
  return date.toLocaleString([], { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
}
