/** A note to the item under review: the reason of a waiver, or a comment on the records it is about. */
import { type RefObject, useEffect } from "react";
import { useWorkbench } from "../workbench";
import { addComment } from "./comment_edits";
import type { QueueItem } from "./queue";
import type { ReviewSession } from "./review_session";

export function NoteField(props: {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly session: ReviewSession;
  readonly item: QueueItem;
  /** Grows when the note of this item is asked for. */
  readonly asked: number;
}) {
  const { field, session, item, asked } = props;
  const bench = useWorkbench();
  useEffect(() => {
    if (asked > 0) field.current?.focus();
  }, [asked, field]);
  const isReason = item.source === "findings";
  const place = isReason ? "Why it may stay" : "Note on this";
  const save = () => {
    const text = field.current?.value.trim() ?? "";
    if (text === "" || field.current === null) return;
    if (isReason) session.verdict(bench, "accept", text);
    else if (addComment(bench, item.ids, text)) field.current.value = "";
    field.current?.blur();
  };
  if (item.ids.length === 0 && !isReason) return null;
  return (
    <div className="review-note">
      <textarea
        ref={field}
        rows={2}
        aria-label={place}
        placeholder={`${place} (Enter keeps it)`}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") event.currentTarget.blur();
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          save();
        }}
      />
      <kbd>N</kbd>
    </div>
  );
}
