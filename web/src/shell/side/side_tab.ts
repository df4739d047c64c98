/** Which panel stands under the inspector. It outlives the sample: whoever walks through samples keeps it open. */
import { useSyncExternalStore } from "react";

export const SIDE_TABS = [
  ["problems", "Problems"],
  ["entities", "Entities"],
  ["history", "History"],
  ["review", "Review"],
] as const;

export type SideTab = (typeof SIDE_TABS)[number][0];

let shown: SideTab = "problems";
const listeners = new Set<() => void>();

export function sideTab(): SideTab {
  return shown;
}

/** Shows a panel; the one that is asked for a second time makes room for the problems again. */
export function showSide(tab: SideTab, options: { readonly toggle?: boolean } = {}): SideTab {
  shown = options.toggle && shown === tab ? "problems" : tab;
  for (const listener of [...listeners]) listener();
  return shown;
}

export function useSideTab(): SideTab {
  return useSyncExternalStore(subscribe, sideTab);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
