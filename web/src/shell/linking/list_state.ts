/** Whether the list of links is open: kept for the window, so that it stays open from sample to sample. */
let isOpen = false;
const listeners = new Set<() => void>();

export function isLinkListOpen(): boolean {
  return isOpen;
}

/** Opens or closes it; whether it is open now. */
export function toggleLinkList(): boolean {
  isOpen = !isOpen;
  for (const listener of listeners) listener();
  return isOpen;
}

export function watchLinkList(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
