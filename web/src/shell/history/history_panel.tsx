/** History of the sample, or of the selected record: by person and sitting, with a look, a comparison and a way back. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Commit, RecordDiff } from "../../model/changes";
import { lookUp } from "../../store/sample";
import { goTo } from "../go_to";
import { Icon } from "../icons";
import { nameOf, timeOf } from "../words";
import { useScene, useWorkbench, useWorkspace } from "../workbench";
import { commitLines, commitTitle, differenceLines, recordName } from "./change_words";
import { dayOf, sittings } from "./groups";
import "./history.css";
import {
  backToNow,
  type Comparison,
  compare,
  differWords,
  isShown,
  look,
  restoreRecord,
  takeBack,
} from "./history_session";

const PAGE = 60;

export function HistoryPanel() {
  const bench = useWorkbench();
  const state = useScene();
  const past = useWorkspace((now) => now.past);
  const isSaved = useWorkspace((now) => now.sync.state === "saved");
  const [ofRecord, setOfRecord] = useState(false);
  const [compared, setCompared] = useState<Comparison | null>(null);
  const sampleId = state.sample?.sample.record.id;
  const presentSeq = useWorkspace((now) => (now.past === null ? (now.sample?.seq ?? 0) : 0));
  const [only] = state.selection;
  const record = ofRecord && state.selection.size === 1 ? only : undefined;
  const { data, fetchNextPage, hasNextPage, error } = useInfiniteQuery({
    queryKey: ["commits", bench.project, sampleId, record, isSaved, presentSeq],
    queryFn: ({ pageParam }) =>
      bench.api.commits({
        limit: PAGE,
        ...(record === undefined ? { sample: sampleId } : { record }),
        ...(pageParam === 0 ? {} : { before: pageParam }),
      }),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.next === null ? undefined : Number(page.next)),
    enabled: sampleId !== undefined,
    placeholderData: (before) => before,
  });
  if (compared !== null) {
    return (
      <Compared
        comparison={compared}
        onClose={() => {
          setCompared(null);
          bench.store.actions.setGhosts([]);
        }}
      />
    );
  }
  const commits = data?.pages.flatMap((page) => page.items) ?? [];
  const begin = (commit: Commit) => void compare(bench, commit).then(setCompared);
  return (
    <section className="history-panel" aria-label="History">
      <div className="side-head">
        <h2>{record === undefined ? "History of the sample" : `History of ${nameOf(state, record)}`}</h2>
        <label className="history-scope">
          <input
            type="checkbox"
            checked={ofRecord}
            disabled={state.selection.size !== 1 && !ofRecord}
            onChange={(event) => setOfRecord(event.target.checked)}
          />
          Selected only
        </label>
      </div>
      {error !== null && <p role="alert">History could not be read: {error.message}</p>}
      {data !== undefined && commits.length === 0 && <p className="quiet">Nothing has happened here yet</p>}
      <button
        type="button"
        className="history-now"
        aria-pressed={past === null}
        disabled={past === null}
        onClick={() => backToNow(bench)}
      >
        <Icon name="next" size={14} />
        Now
      </button>
      {sittings(commits).map((sitting) => (
        <section key={`${sitting.actor}${sitting.to_ns}`} className="sitting">
          <h3>
            <b className="sitting-who">{sitting.actor}</b>
            <span>
              {dayOf(sitting.to_ns, Date.now())} {timesOf(sitting.from_ns, sitting.to_ns)}
            </span>
          </h3>
          <ol>
            {sitting.commits.map((commit) => (
              <CommitRow
                key={commit.seq}
                commit={commit}
                isShown={past?.seq === commit.seq}
                record={record}
                onCompare={() => begin(commit)}
              />
            ))}
          </ol>
        </section>
      ))}
      {hasNextPage && (
        <button type="button" className="ghost" onClick={() => void fetchNextPage()}>
          Earlier
        </button>
      )}
    </section>
  );
}

function timesOf(fromNs: string, toNs: string): string {
  const [from, to] = [timeOf(fromNs), timeOf(toNs)];
  return from === to ? to : `${from}–${to}`;
}

function CommitRow(props: {
  readonly commit: Commit;
  readonly isShown: boolean;
  readonly record: string | undefined;
  readonly onCompare: () => void;
}) {
  const { commit, record } = props;
  const bench = useWorkbench();
  const state = useScene();
  const past = useWorkspace((now) => now.past);
  const title = commitTitle(state, commit);
  const lines = commitLines(state, commit).filter((line) => line !== title);
  const toggle = () => (props.isShown ? backToNow(bench) : void look(bench, commit));
  return (
    <li className="commit" data-on={props.isShown}>
      <button type="button" className="commit-look" aria-pressed={props.isShown} onClick={toggle}>
        <time>{timeOf(commit.at_ns)}</time>
        <span>
          <b>{title}</b>
          {lines.slice(0, 3).map((line) => (
            <small key={line}>{line}</small>
          ))}
          {lines.length > 3 && <small>and {lines.length - 3} more sorts of change</small>}
        </span>
        <span className="commit-seq">{commit.seq}</span>
      </button>
      <div className="commit-acts">
        <button type="button" className="ghost" onClick={props.onCompare}>
          Compare
          <span className="unseen">
            {` commit ${commit.seq} with ${past?.seq === undefined || props.isShown ? "now" : `commit ${past.seq}`}`}
          </span>
        </button>
        {record === undefined ? (
          <button type="button" className="ghost" onClick={() => void takeBack(bench, commit)}>
            Take back<span className="unseen"> commit {commit.seq}</span>
          </button>
        ) : (
          <button type="button" className="ghost" onClick={() => void restoreAt(bench, commit, record)}>
            Restore it<span className="unseen"> as after commit {commit.seq}</span>
          </button>
        )}
      </div>
    </li>
  );
}

async function restoreAt(bench: ReturnType<typeof useWorkbench>, commit: Commit, id: string): Promise<void> {
  const { items } = await bench.api.revisions(id);
  const then = items.find(({ seq }) => seq <= commit.seq);
  const kind = commit.changes.find((change) => change.id === id)?.kind;
  if (then !== undefined && kind !== undefined) restoreRecord(bench, kind, id, then.record);
}

function Compared({ comparison, onClose }: { readonly comparison: Comparison; readonly onClose: () => void }) {
  const { records, title } = comparison;
  return (
    <section className="history-panel" aria-label="Comparison">
      <div className="side-head">
        <h2>{title}</h2>
        <button type="button" className="ghost" onClick={onClose}>
          <Icon name="previous" size={14} /> History
        </button>
      </div>
      <p className="quiet" role="status">
        {sentence(differWords(records.length))}
        {records.length > 0 && ". Dashed: "}
        {records.length > 0 && comparison.dashed}
      </p>
      <ul className="differences">
        {records.slice(0, 200).map((diff) => (
          <DiffRow key={diff.id} diff={diff} />
        ))}
      </ul>
      {records.length > 200 && <p className="quiet">The first 200 are listed</p>}
    </section>
  );
}

function DiffRow({ diff }: { readonly diff: RecordDiff }) {
  const bench = useWorkbench();
  const state = useScene();
  const record = diff.after ?? diff.before;
  if (record === null) return null;
  const sort = diff.before === null ? "made" : diff.after === null ? "deleted" : "changed";
  const here = isShown(state.sample, diff.id);
  const isNameable = here && ["annotation", "entity", "link"].includes(diff.kind);
  const name = isNameable ? nameOf(state, diff.id) : recordName(state, record);
  return (
    <li data-sort={sort}>
      <button type="button" disabled={!here} onClick={() => goTo(bench, [diff.id])}>
        <i aria-hidden="true">{{ made: "+", deleted: "−", changed: "~" }[sort]}</i>
        <span>
          <b>{name}</b>
          {differenceLines(state, diff).map((line) => (
            <small key={line}>{line}</small>
          ))}
        </span>
      </button>
      {state.past === null && (
        <button
          type="button"
          className="ghost"
          onClick={() => restoreRecord(bench, diff.kind, diff.id, diff.before)}
          disabled={diff.before === null && lookUpIn(state.sample, diff.id) === false}
        >
          Restore<span className="unseen"> {name}</span>
        </button>
      )}
    </li>
  );
}

function lookUpIn(sample: Parameters<typeof isShown>[0], id: string): boolean {
  return sample !== null && lookUp(sample, id) !== undefined;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
