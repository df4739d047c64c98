/** The evidence of an alignment as small pictures: correlation, residuals. Numbers stand at the axes. */
import type { Curve } from "../../store/aligning";

const WIDTH = 320;
const HEIGHT = 96;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 14;

export function Evidence({ curves }: { readonly curves: readonly Curve[] }) {
  return (
    <div className="sync-evidence">
      {curves.map((curve) => (
        <figure key={curve.title}>
          <figcaption>{curve.title}</figcaption>
          <Plot curve={curve} />
        </figure>
      ))}
    </div>
  );
}

function Plot({ curve }: { readonly curve: Curve }) {
  const points = curve.x.map((x, index) => [x, curve.y[index] ?? Number.NaN] as const).filter(isFinitePair);
  if (points.length === 0) return <p className="quiet">No points</p>;
  const [x0, x1] = rangeOf(points.map(([x]) => x));
  const [y0, y1] = rangeOf(points.map(([, y]) => y));
  const px = (x: number) => LEFT + ((x - x0) / (x1 - x0)) * (WIDTH - LEFT - 6);
  const py = (y: number) => HEIGHT - BOTTOM - ((y - y0) / (y1 - y0)) * (HEIGHT - BOTTOM - TOP);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${curve.title}: ${curve.y_label} over ${curve.x_label}`}
    >
      <path className="axis" d={`M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - 6}`} />
      {y0 < 0 && y1 > 0 && <path className="zero" d={`M${LEFT} ${py(0)}H${WIDTH - 6}`} />}
      {curve.style === "line" ? (
        <polyline points={points.map(([x, y]) => `${px(x).toFixed(1)},${py(y).toFixed(1)}`).join(" ")} />
      ) : (
        <path className="dots" d={points.map(([x, y]) => `M${px(x).toFixed(1)} ${py(y).toFixed(1)}h0`).join("")} />
      )}
      <text x={LEFT - 4} y={TOP + 6} textAnchor="end">
        {short(y1)}
      </text>
      <text x={LEFT - 4} y={HEIGHT - BOTTOM} textAnchor="end">
        {short(y0)}
      </text>
      <text x={LEFT} y={HEIGHT - BOTTOM + 12}>
        {short(x0)}
      </text>
      <text x={WIDTH - 6} y={HEIGHT - BOTTOM + 12} textAnchor="end">
        {short(x1)}
      </text>
      <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 2} textAnchor="middle" className="label">
        {curve.x_label}
      </text>
      <text x={LEFT} y={TOP - 5} className="label">
        {curve.y_label}
      </text>
    </svg>
  );
}

function isFinitePair(pair: readonly [number, number]): boolean {
  return Number.isFinite(pair[0]) && Number.isFinite(pair[1]);
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return high > low ? [low, high] : [low - 1, high + 1];
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
