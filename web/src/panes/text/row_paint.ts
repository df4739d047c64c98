/** Paints the spans of the lines in sight, and above them what is lit. Lines out of sight cost nothing. */
import type { WorkspaceState } from "../../store/workspace";
import { standingOf } from "../shared/standing";
import { OwnHighlights, type Painted } from "./highlights";
import type { Place } from "./placing";
import { paintedRange, type Row, type Rows } from "./rows";

/** What the standing of a span depends on, without what lights up under the pointer. */
const DRESS = ["sample", "ontology", "allowedTargets", "linking"] as const;

interface Dressed {
  readonly row: Row;
  readonly places: readonly Place[];
  readonly highlights: OwnHighlights;
}

export class RowPaint {
  readonly #rows: Rows;
  readonly #lit = new OwnHighlights();
  readonly #spoken = new OwnHighlights();
  readonly #dressed = new Map<Element, Dressed>();
  readonly #inSight = new Set<Element>();
  readonly #observer: IntersectionObserver;
  #places: ReadonlyMap<string, readonly Place[]> = new Map();
  #where: ReadonlyMap<string, readonly (readonly [string, Place])[]> = new Map();
  #state: WorkspaceState | null = null;

  constructor(rows: Rows, root: Element) {
    this.#rows = rows;
    this.#observer = new IntersectionObserver((entries) => this.#onSight(entries), {
      root,
      rootMargin: "600px 0px",
    });
  }

  dispose(): void {
    this.#observer.disconnect();
    for (const { highlights } of this.#dressed.values()) highlights.replace([]);
    this.#dressed.clear();
    this.#lit.replace([]);
    this.#spoken.replace([]);
  }

  /** Lines came or went. */
  watch(): void {
    const present = new Set<Element>(this.#rows.list.map((row) => row.element));
    for (const element of [...this.#dressed.keys(), ...this.#inSight]) {
      if (present.has(element)) continue;
      this.#undress(element);
      this.#inSight.delete(element);
      this.#observer.unobserve(element);
    }
    for (const element of present) this.#observer.observe(element);
  }

  place(places: ReadonlyMap<string, readonly Place[]>): void {
    this.#places = places;
    const where = new Map<string, (readonly [string, Place])[]>();
    for (const [key, list] of places) {
      for (const place of list) {
        const known = where.get(place.annotation.id);
        if (known === undefined) where.set(place.annotation.id, [[key, place]]);
        else known.push([key, place]);
      }
    }
    this.#where = where;
  }

  placesIn(row: Row): readonly Place[] {
    return this.#places.get(row.block.key) ?? [];
  }

  /** The line and place where a span begins. */
  find(id: string): { readonly row: Row; readonly place: Place } | null {
    const [first] = this.#where.get(id) ?? [];
    const row = first === undefined ? undefined : this.#rows.list.find(({ block }) => block.key === first[0]);
    return first === undefined || row === undefined ? null : { row, place: first[1] };
  }

  /** `extra` lies on top; with `isDragged` it stands for the selection. */
  paint(state: WorkspaceState, extra: readonly Painted[] = [], isDragged = false): void {
    const before = this.#state;
    this.#state = state;
    if (before === null || DRESS.some((part) => before[part] !== state[part])) {
      for (const element of this.#inSight) this.#dress(element);
    }
    const lit: Painted[] = [];
    const light = (name: "linked" | "hover" | "selected", ids: Iterable<string>) => {
      for (const id of ids) {
        for (const [key, { start, end }] of this.#where.get(id) ?? []) {
          const row = this.#rowOf(key);
          if (row !== null) lit.push([name, paintedRange(row, start, end)]);
        }
      }
    };
    light("linked", state.linked);
    if (state.hover !== null) light("hover", [state.hover]);
    if (!isDragged) light("selected", state.selection);
    this.#lit.replace([...lit, ...extra]);
  }

  /** The word being said. */
  paintSpoken(painted: readonly Painted[]): void {
    this.#spoken.replace(painted);
  }

  /** A line in sight by its key; what is out of sight needs no paint. */
  #rowOf(key: string): Row | null {
    for (const element of this.#inSight) {
      const row = this.#rows.ofElement(element);
      if (row?.block.key === key) return row;
    }
    return null;
  }

  #onSight(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        this.#inSight.add(target);
        this.#dress(target);
      } else {
        this.#inSight.delete(target);
        this.#undress(target);
      }
    }
    if (this.#state !== null) this.paint(this.#state);
  }

  #undress(element: Element): void {
    this.#dressed.get(element)?.highlights.replace([]);
    this.#dressed.delete(element);
  }

  #dress(element: Element): void {
    const row = this.#rows.ofElement(element);
    const state = this.#state;
    if (row === undefined || state === null || element.hasAttribute("data-editing")) {
      this.#undress(element);
      return;
    }
    const highlights = this.#dressed.get(element)?.highlights ?? new OwnHighlights();
    const places = this.placesIn(row);
    highlights.replace(
      places.flatMap(({ annotation, start, end, level }): Painted[] => {
        const standing = standingOf(state, annotation);
        const range = () => paintedRange(row, start, end);
        // Dotted: nothing is linked to it yet.
        const kind = standing.isUnlinked ? "u" : "c";
        const painted: Painted[] = [[`${kind}${standing.colour}-${level}`, range()]];
        if (standing.isSuspect) painted.push([`suspect-${level}`, range()]);
        if (standing.isDimmed) painted.push(["dimmed", range()]);
        return painted;
      }),
    );
    this.#dressed.set(element, { row, places, highlights });
  }
}
