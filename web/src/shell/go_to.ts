/** Going to records: they are selected, and the panes bring them into view. */
import type { Workbench } from "./workbench";

/** Selects records and asks the panes to show them. */
export function goTo(bench: Workbench, ids: readonly string[]): void {
  bench.store.actions.select(ids);
  const { sample } = bench.store.getState();
  for (const id of ids) {
    const link = sample?.links.get(id)?.record;
    for (const shown of link === undefined ? [id] : [link.source.id, link.target.id]) bench.store.actions.reveal(shown);
  }
}
