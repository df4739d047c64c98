/** Where things are drawn in the panes that are open, in pixels of the stage. */
import { mentionsOf } from "../../store/derive";
import type { Workbench } from "../workbench";
import type { Place } from "./strands";

export type PlaceOf = (id: string) => Place | null;

/** The place of an annotation in the first pane that shows it; of an entity, that of its first visible mention. */
export function placesIn(bench: Workbench, origin: DOMRect): PlaceOf {
  const panes = [...bench.panes];
  const known = new Map<string, Place | null>();
  const find = (id: string): Place | null => {
    for (const [pane, shown] of panes.entries()) {
      const rect = shown.anchorOf(id);
      if (rect !== null) return placed(rect, pane, origin);
    }
    const { sample } = bench.store.getState();
    if (sample === null || !sample.entities.has(id)) return null;
    for (const mention of mentionsOf(sample, id)) {
      const place = placeOf(mention);
      if (place !== null) return place;
    }
    return null;
  };
  const placeOf = (id: string): Place | null => {
    let place = known.get(id);
    if (place === undefined) {
      place = find(id);
      known.set(id, place);
    }
    return place;
  };
  return placeOf;
}

/** Every place of every one of these things, in all panes. */
export function allPlaces(
  bench: Workbench,
  ids: Iterable<string>,
  origin: DOMRect,
): readonly { readonly id: string; readonly place: Place }[] {
  const panes = [...bench.panes];
  return [...ids].flatMap((id) =>
    panes.flatMap((shown, pane) => {
      const rect = shown.anchorOf(id);
      return rect === null ? [] : [{ id, place: placed(rect, pane, origin) }];
    }),
  );
}

/** The smallest thing under a point; things as thin as a line are taken a little beside them too. */
export function thingAt(
  places: readonly { readonly id: string; readonly place: Place }[],
  x: number,
  y: number,
  slackPx = 3,
): string | null {
  let found: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const { id, place } of places) {
    const isIn =
      x >= place.x - slackPx &&
      x <= place.x + place.width + slackPx &&
      y >= place.y - slackPx &&
      y <= place.y + place.height + slackPx;
    const area = place.width * place.height;
    if (isIn && area < least) [found, least] = [id, area];
  }
  return found;
}

function placed(rect: DOMRect, pane: number, origin: DOMRect): Place {
  return { pane, x: rect.x - origin.x, y: rect.y - origin.y, width: rect.width, height: rect.height };
}
