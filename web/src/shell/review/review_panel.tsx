/** The queue of review: what is next, why, how it was when it was judged, and the keys that settle it. */
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Link } from "../../model/records";
import { differenceLines, recordName } from "../history/change_words";
import { Icon } from "../icons";
import { causeWords, counted, linkWords } from "../words";
import { useScene, useWorkbench, useWorkspace } from "../workbench";
import { Comments } from "./comments";
import { NoteField } from "./note_field";
import type { QueueItem } from "./queue";
import "./review.css";
import { type ReviewSession, type ReviewState, reviewOf } from "./review_session";
import { SOURCES } from "./sources";

export function ReviewPanel() {
  const bench = useWorkbench();
  const session = reviewOf(bench.project);
  const review = useSyncExternalStore(session.subscribe, () => session.state);
  const sampleId = useWorkspace((state) => state.sample?.sample.record.id);
  useEffect(() => {
    // Findings and links come with the sample; a session that goes on takes up its first item.
    if (sampleId !== undefined && session.state.isOn && !session.state.isPaused) session.arrive(bench);
  }, [bench, session, sampleId]);
  if (sampleId === undefined) return null;
  return (
    <section
      className="review"
      aria-label="Review"
      data-running={review.isOn && !review.isPaused && review.at !== null}
    >
      <Sources session={session} review={review} />
      {review.isOn ? <Running session={session} review={review} /> : <Start session={session} />}
      <Comments />
    </section>
  );
}

function Sources({ session, review }: { readonly session: ReviewSession; readonly review: ReviewState }) {
  const bench = useWorkbench();
  const state = useScene();
  return (
    <fieldset className="review-sources">
      <legend className="unseen">What to review</legend>
      {SOURCES.map((source) => (
        <label key={source.id}>
          <input
            type="checkbox"
            checked={review.sources.has(source.id)}
            onChange={(event) => session.chooseSource(bench, source.id, event.target.checked)}
          />
          <Icon name={source.icon} size={13} />
          {source.title}
          <span className="number">{source.itemsOf(state).length}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Start({ session }: { readonly session: ReviewSession }) {
  const bench = useWorkbench();
  return (
    <div className="review-start">
      <p>
        Go through suspects, findings and submitted samples of the project one by one. While review is on, single
        letters give verdicts.
      </p>
      <button type="button" className="primary" onClick={() => void session.start(bench)}>
        Start review <kbd>Shift+V</kbd>
      </button>
    </div>
  );
}

function Running({ session, review }: { readonly session: ReviewSession; readonly review: ReviewState }) {
  const bench = useWorkbench();
  // Counts follow the sample.
  useScene();
  const { done, total } = session.progress(bench);
  const { at } = review;
  return (
    <>
      <div className="review-progress">
        <meter min={0} max={Math.max(1, total)} value={done} aria-hidden="true" />
        <span role="status">
          {at === null ? `${done} of ${total}` : `${Math.min(done + 1, total)} of ${total}`}
          {review.waiting.length > 0 && <small>, {counted(review.waiting.length, "more sample")}</small>}
        </span>
        <button type="button" className="ghost" onClick={() => session.stop(bench)}>
          Leave<span className="unseen"> the review</span>
        </button>
      </div>
      {review.isPaused && (
        <p className="review-paused">
          Editing.{" "}
          <button type="button" className="primary" onClick={() => session.arrive(bench)}>
            Go on <kbd>Shift+V</kbd>
          </button>
        </p>
      )}
      {at === null && <p className="review-empty">Nothing is left in the queue</p>}
      {at !== null && !review.isPaused && <Item key={at.key} session={session} review={review} item={at} />}
    </>
  );
}

function Item(props: { readonly session: ReviewSession; readonly review: ReviewState; readonly item: QueueItem }) {
  const { session, review, item } = props;
  const bench = useWorkbench();
  const state = useScene();
  const isBefore = useWorkspace((now) => now.past !== null);
  const note = useRef<HTMLTextAreaElement>(null);
  const source = SOURCES.find(({ id }) => id === item.source);
  const link = state.sample?.links.get(item.ids[0] ?? "")?.record;
  const finding = state.sample?.findings.find((view) => view.finding.fingerprint === item.key)?.finding;
  if (source === undefined) return null;
  const written = () => note.current?.value ?? "";
  return (
    <article className="review-item" data-source={item.source}>
      <h3>
        <Icon name={source.icon} size={14} />
        {source.id === "suspects" && link !== undefined ? linkWords(state, link) : item.title}
      </h3>
      {source.id === "suspects" && link !== undefined && <Why link={link} review={review} />}
      {finding !== undefined && (
        <p className="quiet">
          {finding.severity}, {finding.check}
          {finding.hint ? `. ${finding.hint}` : ""}
        </p>
      )}
      {source.id === "suspects" && (
        <button
          type="button"
          className="review-blink"
          aria-pressed={isBefore}
          disabled={review.judged === null}
          onClick={() => session.blink(bench)}
        >
          {isBefore ? "Shown: as it was judged" : "Shown: now"} <kbd>B</kbd>
        </button>
      )}
      <div className="review-verdicts">
        <button type="button" className="primary" onClick={() => session.verdict(bench, "accept", written())}>
          {source.verdicts.accept} <kbd>A</kbd>
        </button>
        <button type="button" onClick={() => session.verdict(bench, "reject", written())}>
          {source.verdicts.reject} <kbd>R</kbd>
        </button>
        <button type="button" onClick={() => session.edit(bench)}>
          Edit <kbd>E</kbd>
        </button>
        <button type="button" onClick={() => session.skip(bench)}>
          Skip <kbd>S</kbd>
        </button>
      </div>
      <NoteField field={note} session={session} item={item} asked={review.asksNote} />
    </article>
  );
}

/** What changed, who did it, when, by how much; then the ends, judged beside present. */
function Why({ link, review }: { readonly link: Link; readonly review: ReviewState }) {
  const state = useScene();
  return (
    <div className="review-why">
      <ul className="causes">
        {link.causes?.map((cause) => (
          <li key={`${cause.end}${cause.at_ns}${cause.to_rev ?? ""}`}>{causeWords(state, link, cause)}</li>
        ))}
      </ul>
      {review.judged !== null && review.judged.records.length > 0 && (
        <dl>
          {review.judged.records.map((diff) => (
            <div key={diff.id}>
              <dt>{diff.before === null ? "?" : recordName(state, diff.before)}</dt>
              {differenceLines(state, diff).map((line) => (
                <dd key={line}>{line}</dd>
              ))}
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
