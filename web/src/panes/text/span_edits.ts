/** What is done to spans, whichever way the person asked: a new one is marked, the selected one's edge moves. */
import type { TextSpan } from "../../model/records";
import { classesFor } from "../../store/ontology";
import type { PaneContext } from "../pane";
import type { Block } from "./blocks";
import { arrowDirection, type Edge, type Grain, steppedEdge } from "./edges";
import type { SpanAnnotation } from "./placing";
import type { Rows } from "./rows";
import type { Transcribing } from "./transcribing";

/** Commands that move an edge: which, which way the arrow points, how far. */
const EDGE_COMMANDS: Readonly<Record<string, readonly [Edge, 1 | -1, Grain]>> = {
  "text.end.right": ["end", 1, "words"],
  "text.end.left": ["end", -1, "words"],
  "text.start.right": ["start", 1, "words"],
  "text.start.left": ["start", -1, "words"],
  "text.end.right.exact": ["end", 1, "graphemes"],
  "text.end.left.exact": ["end", -1, "graphemes"],
  "text.start.right.exact": ["start", 1, "graphemes"],
  "text.start.left.exact": ["start", -1, "graphemes"],
};

export interface SpanEditsPorts {
  readonly rows: Rows;
  readonly context: PaneContext;
  readonly writing: Transcribing;
  /** All of the sample. */
  spans(): readonly SpanAnnotation[];
}

export class SpanEdits {
  readonly #ports: SpanEditsPorts;

  constructor(ports: SpanEditsPorts) {
    this.#ports = ports;
  }

  /** The one selected span; none while a link is drawn or a line written in. */
  get selected(): SpanAnnotation | null {
    const { context, writing } = this.#ports;
    const { selection, linking, sample } = context.store.getState();
    const [id] = selection;
    if (selection.size !== 1 || linking !== null || writing.writing !== null) return null;
    const record = sample?.annotations.get(id ?? "")?.record;
    return record?.region.type === "text_span" ? (record as SpanAnnotation) : null;
  }

  /** A new span; the same one again is only selected. */
  mark(block: Block, span: TextSpan | null): boolean {
    if (span === null) return false;
    const { store } = this.#ports.context;
    const { ontology, activeClass } = store.getState();
    const classes = classesFor(ontology, "text_span");
    const classId = (classes.find(({ id }) => id === activeClass) ?? classes[0])?.id;
    const same = this.#ports
      .spans()
      .find(
        ({ stream, region, class_id }) =>
          stream === block.stream &&
          (region.of ?? null) === block.of &&
          region.start === span.start &&
          region.end === span.end &&
          class_id === classId,
      );
    if (same !== undefined) store.actions.select([same.id]);
    else {
      store.actions.createAnnotation({ stream: block.stream, region: span });
      this.#ports.context.announce(`Span drawn: ${span.quote}`);
    }
    return true;
  }

  run(commandId: string): boolean {
    const move = EDGE_COMMANDS[commandId];
    return move !== undefined && this.#step(...move);
  }

  #step(edge: Edge, arrow: 1 | -1, by: Grain): boolean {
    const annotation = this.selected;
    const block = this.#ports.rows.list.find(
      (row) => row.block.stream === annotation?.stream && row.block.of === (annotation.region.of ?? null),
    )?.block;
    if (annotation === null || block === undefined) return false;
    const direction = arrowDirection(block.whole, annotation.region, edge, arrow);
    const next = steppedEdge(block.whole, annotation.region, edge, direction, by);
    if (next === null) return true;
    this.#ports.context.store.actions.updateRegion(annotation.id, next);
    this.#ports.context.announce(`Span is now: ${next.quote}`);
    return true;
  }
}
