/** One line of the tree: an entity with its counts, or one of its mentions. */
import type { Modality } from "../../model/records";
import { className, colourOf } from "../../store/ontology";
import { Icon, type IconName } from "../icons";
import { kindWord, nameOf } from "../words";
import { useScene, useWorkbench } from "../workbench";
import type { EntityRow, Line } from "./entity_rows";

export const LINE_PX = 30;

const ICONS: Readonly<Record<Modality, IconName>> = {
  image: "image",
  video: "video",
  audio: "audio",
  text: "text",
  point_cloud: "point_cloud",
  series: "series",
};

const MODALITY_WORDS: Readonly<Record<Modality, string>> = {
  image: "in pictures",
  video: "in video",
  audio: "in sound",
  text: "in text",
  point_cloud: "in points",
  series: "in series",
};

export function EntityLine(props: {
  readonly id: string;
  readonly line: Line;
  readonly index: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly onPick: (toggle: boolean) => void;
  readonly onOpen: (isOpen: boolean) => void;
}) {
  const { line } = props;
  const { store } = useWorkbench();
  const hovered = line.kind === "entity" ? line.row.entity.id : line.mention.id;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys and names its active line
    <div
      id={props.id}
      role="treeitem"
      aria-level={line.kind === "entity" ? 1 : 2}
      aria-selected={props.isSelected}
      {...(line.kind === "entity" ? { "aria-expanded": line.isOpen } : {})}
      tabIndex={-1}
      className="entity-line"
      data-kind={line.kind}
      data-active={props.isActive}
      style={{ top: props.index * LINE_PX, height: LINE_PX }}
      onClick={(event) => props.onPick(event.ctrlKey || event.metaKey || event.shiftKey)}
      onPointerEnter={() => store.actions.setHover(hovered)}
      onPointerLeave={() => store.actions.setHover(null)}
    >
      {line.kind === "entity" ? (
        <EntityCells {...props} row={line.row} isOpen={line.isOpen} />
      ) : (
        <MentionCells {...props} />
      )}
    </div>
  );
}

function EntityCells(props: {
  readonly row: EntityRow;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}) {
  const { row } = props;
  const { ontology } = useScene();
  const odd = row.fit.contrary.length + row.fit.coarser.length;
  return (
    <>
      <span
        className="entity-twist"
        data-open={props.isOpen}
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          props.onOpen(!props.isOpen);
        }}
      >
        <Icon name="next" size={12} />
      </span>
      <i className="swatch" style={{ background: `var(--c-${colourOf(ontology, row.entity.class_id)})` }} />
      <b title={`${row.name}, ${row.className}`}>{row.name}</b>
      {row.name !== row.className && <small>{row.className}</small>}
      <span className="entity-counts">
        {odd > 0 && (
          <span data-tone="odd" title={`${odd} of its mentions have another class`}>
            <Icon name="finding" size={13} />
            <span className="unseen">{odd} mentions have another class,</span>
          </span>
        )}
        {row.suspects > 0 && (
          <span data-tone="suspect" title={`${row.suspects} suspect`}>
            <Icon name="suspect" size={13} />
            {row.suspects}
            <span className="unseen"> suspect,</span>
          </span>
        )}
        {row.counts.length === 0 && <span>none</span>}
        {row.counts.map(([modality, count]) => (
          <span key={modality} title={`${count} ${MODALITY_WORDS[modality]}`}>
            <Icon name={ICONS[modality]} size={13} />
            {count}
            <span className="unseen"> {MODALITY_WORDS[modality]},</span>
          </span>
        ))}
      </span>
    </>
  );
}

function MentionCells({ line }: { readonly line: Line }) {
  const state = useScene();
  if (line.kind !== "mention") return null;
  const { mention, row } = line;
  const stream = state.sample?.streams.get(mention.stream)?.record;
  const isText = mention.region.type === "text_span";
  const isCoarser = row.fit.coarser.includes(mention.id);
  const isContrary = row.fit.contrary.includes(mention.id);
  return (
    <>
      <Icon name={isText ? "text" : ICONS[stream?.modality ?? "image"]} size={13} />
      <b>{isText ? nameOf(state, mention.id) : kindWord(mention.region.type)}</b>
      <small>{stream?.name}</small>
      {(isCoarser || isContrary) && (
        <span className="entity-counts">
          <span data-tone="odd">
            {className(state.ontology, mention.class_id)}
            {isCoarser ? ", coarser" : ", other class"}
          </span>
        </span>
      )}
    </>
  );
}
