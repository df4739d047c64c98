/** Comments of the sample, each on its record: go there, or resolve it. */
import { goTo } from "../go_to";
import { nameOf } from "../words";
import { useScene, useWorkbench } from "../workbench";
import { type Commented, commented, resolve } from "./comment_edits";
import { momentOf } from "./moment";

export function Comments() {
  const state = useScene();
  const records = state.sample === null ? [] : commented(state.sample);
  if (records.length === 0) return null;
  return (
    <div className="comments">
      <h2>
        Comments <span className="number">{records.length}</span>
      </h2>
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
    const moment = state.sample === null ? null : momentOf(state.sample, [record.id]);
    if (moment !== null) bench.playhead.seek(bench.playhead.toTimeline(moment.stream, moment.at_ns));
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
