/** Comments of the sample, each on its record: go there, or resolve it. */
import { goTo } from "../go_to";
import { nameOf } from "../words";
import { useScene, useWorkbench } from "../workbench";
import { type Commented, commented, resolve } from "./comment_edits";

export function Comments() {
  const state = useScene();
  const records = state.sample === null ? [] : commented(state.sample);
  if (records.length === 0) return null;
  return (
    <div className="comments">
      <h3>
        Comments <span className="number">{records.length}</span>
      </h3>
      <ul>
        {records.slice(0, 50).map((record) => (
          <CommentRow key={record.id} record={record} />
        ))}
      </ul>
    </div>
  );
}

function CommentRow({ record }: { readonly record: Commented }) {
  const bench = useWorkbench();
  const state = useScene();
  const visit = () => {
    // A comment on a shape of a moment leads to that moment.
    if (record.kind === "annotation" && record.at_ns != null) {
      bench.playhead.seek(bench.playhead.toTimeline(record.stream, record.at_ns));
    }
    goTo(bench, [record.id]);
  };
  return (
    <li>
      <button type="button" onClick={visit}>
        <span>
          <b>{record.comment}</b>
          <small>{nameOf(state, record.id)}</small>
        </span>
      </button>
      <button type="button" className="ghost" onClick={() => resolve(bench, record)}>
        Resolve
      </button>
    </li>
  );
}
