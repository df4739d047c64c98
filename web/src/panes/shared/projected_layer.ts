/** What picture panes add to themselves to show cuboids: draw, find under the pointer, say where one is. */
import type { Tokens } from "../../base/tokens";
import type { Stream } from "../../model/records";
import type { WorkspaceState } from "../../store/workspace";
import type { PaneContext } from "../pane";
import { agreementOf, CuboidsInPicture, cameraOf, type SeenCuboid } from "./cuboids_in_picture";
import { drawProjected, isOnLines, type Place } from "./draw_projected";
import { type Look, lookOf } from "./looks";
import type { Moment } from "./shown_cuboids";

const LIT = (look: Look) => look.selected || look.hovered || look.linked;

export class ProjectedLayer {
  readonly #stream: Stream;
  readonly #context: PaneContext;
  readonly #cuboids: CuboidsInPicture;

  constructor(stream: Stream, context: PaneContext) {
    this.#stream = stream;
    this.#context = context;
    this.#cuboids = new CuboidsInPicture(stream, context);
  }

  /** Those to be drawn, lit ones last; where the mode asks for lit ones only, no others. */
  #shown(state: WorkspaceState, tokens: Tokens, moment: Moment): readonly (SeenCuboid & { readonly look: Look })[] {
    const shown = this.#cuboids.at(moment).flatMap((seen) => {
      const look = lookOf(state, tokens, seen.annotation);
      const isDraft = state.draft?.id === seen.annotation.id;
      if (state.projections === "lit" && !LIT(look) && !isDraft) return [];
      return seen.projected.visible_px === null
        ? []
        : [{ ...seen, look: isDraft ? { ...look, selected: true } : look }];
    });
    return shown.toSorted(
      (a, b) => Number(LIT(a.look)) - Number(LIT(b.look)) || b.projected.depth_m - a.projected.depth_m,
    );
  }

  /** How many were drawn. */
  draw(context: CanvasRenderingContext2D, tokens: Tokens, place: Place, moment: Moment): number {
    const state = this.#context.store.getState();
    const mounted = state.sample === null ? null : cameraOf(state.sample, this.#stream.id);
    if (mounted === null) return 0;
    const shown = this.#shown(state, tokens, moment);
    for (const seen of shown) {
      const agreement = LIT(seen.look) ? agreementOf(state, seen, this.#stream.id) : null;
      // The linked box says what it is; the cuboid then adds only how far they agree.
      const name = agreement === null ? seen.look.label : `IoU ${agreement.toFixed(2)}`;
      drawProjected(context, tokens, place, mounted.camera, seen.projected, seen.look, name);
    }
    return shown.length;
  }

  /** The cuboid whose drawn lines pass within `reach_px` of a place of the picture, the nearest one first. */
  under(moment: Moment, x: number, y: number, reach_px: number): string | null {
    const state = this.#context.store.getState();
    const hits = this.#cuboids
      .at(moment)
      .filter(
        ({ annotation, projected }) =>
          (state.projections === "all" || state.linked.has(annotation.id) || state.selection.has(annotation.id)) &&
          isOnLines(projected, x, y, reach_px),
      )
      .toSorted((a, b) => a.projected.depth_m - b.projected.depth_m);
    return hits[0]?.annotation.id ?? null;
  }
}
