/** Samples by state: one bar of four patterns, and the numbers as links to the samples. */
import type { ProjectStatistics } from "../../../model/statistics";
import { Anchor } from "../../parts";
import { counted, SAMPLE_STATES } from "../../words";
import { queryOf } from "../browser/filters";

export function Progress(props: { readonly statistics: ProjectStatistics; readonly samplesPath: string }) {
  const { statistics, samplesPath } = props;
  const counts = new Map(statistics.states.map(({ state, samples }) => [state, samples]));
  const total = Math.max(1, statistics.samples);
  const done = (counts.get("submitted") ?? 0) + (counts.get("accepted") ?? 0);
  const percent = Math.round((done / total) * 100);
  let x = 0;
  return (
    <section className="panel" aria-labelledby="progress">
      <h2 id="progress">Progress</h2>
      <p className="headline">
        <b>{percent} %</b> of {counted(statistics.samples, "sample")} submitted or accepted
      </p>
      <svg className="progress" width="100%" height="16" role="img" aria-label={`${percent} % submitted or accepted`}>
        <defs>
          <pattern id="begun" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="3" height="6" className="stripe" />
          </pattern>
        </defs>
        <rect className="ground" width="100%" height="16" rx="4" />
        {(["accepted", "submitted", "in_progress"] as const).map((state) => {
          const width = ((counts.get(state) ?? 0) / total) * 100;
          const at = x;
          x += width;
          return (
            width > 0 && <rect key={state} data-state={state} x={`${at}%`} width={`${width}%`} height="16" rx="4" />
          );
        })}
      </svg>
      <dl className="legend">
        {SAMPLE_STATES.map(([state, name]) => (
          <div key={state}>
            <dt>
              <Anchor href={samplesPath + queryOf({ state })}>
                <span className="state" data-state={state}>
                  {name}
                </span>
              </Anchor>
            </dt>
            <dd>{(counts.get(state) ?? 0).toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      {statistics.unlabelled_samples > 0 && (
        <p className="quiet">{counted(statistics.unlabelled_samples, "sample")} without a label</p>
      )}
    </section>
  );
}
