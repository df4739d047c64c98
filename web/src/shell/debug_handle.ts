/**
 * `?debug` in the address puts the open sample's store and playhead on `window.braid`: for tests, and for whoever looks
 * into a strange sample from the browser's console. It offers nothing that the page's own keys do not.
 */
import type { Workbench } from "./workbench";

export type DebugHandle = Pick<Workbench, "store" | "playhead">;

declare global {
  interface Window {
    braid?: DebugHandle;
  }
}

/** Returns what takes the handle away again. */
export function exposeToDebugger({ store, playhead }: Workbench): () => void {
  if (!new URLSearchParams(location.search).has("debug")) return () => {};
  const handle = { store, playhead };
  window.braid = handle;
  return () => {
    if (window.braid === handle) delete window.braid;
  };
}
