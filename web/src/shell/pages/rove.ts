/** Arrow keys in lists and grids: where the focus goes next. */

export interface Place {
  readonly left: number;
  readonly top: number;
}

/** The index to go to from `at`, or null when the key means nothing there. Places are in reading order. */
export function nextPlace(places: readonly Place[], at: number, key: string): number | null {
  const last = places.length - 1;
  const here = places[at];
  if (here === undefined) return null;
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "ArrowRight") return at < last ? at + 1 : null;
  if (key === "ArrowLeft") return at > 0 ? at - 1 : null;
  if (key !== "ArrowDown" && key !== "ArrowUp") return null;
  const isDown = key === "ArrowDown";
  const rows = places
    .map((place, index) => ({ index, top: place.top, away: Math.abs(place.left - here.left) }))
    .filter((place) => (isDown ? place.top > here.top + 1 : place.top < here.top - 1));
  if (rows.length === 0) return null;
  const row = isDown ? Math.min(...rows.map(({ top }) => top)) : Math.max(...rows.map(({ top }) => top));
  const near = rows.filter(({ top }) => Math.abs(top - row) <= 1).toSorted((a, b) => a.away - b.away);
  return near[0]?.index ?? null;
}

/** Moves the focus among the `data-rove` elements below the event's target. */
export function rove(event: React.KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-rove]")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const next = nextPlace(
    stops.map((stop) => stop.getBoundingClientRect()),
    at,
    event.key,
  );
  if (next === null) return;
  event.preventDefault();
  stops[next]?.focus();
}
