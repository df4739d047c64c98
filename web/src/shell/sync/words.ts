/** What the synchronisation panel says, in words. */
import type { ClockMap } from "../../model/records";
import { offsetText } from "../../playhead/reading_at";
import type { AlignmentView, Effect } from "../../store/aligning";

const GRADES: Readonly<Record<string, string>> = {
  A: "within 1 ms",
  B: "within half a video frame",
  C: "lips look in time",
  D: "not good enough to rely on",
};

export function gradeWords(grade: string): string {
  return GRADES[grade] ?? "";
}

/** `+7.3 s, +35.0 ppm`: where the stream begins and how fast its clock runs. */
export function mapWords(map: ClockMap | undefined): string {
  const [first, ...more] = map?.segments ?? [];
  if (first === undefined) return "on the timeline as it is";
  const offset = offsetWords(first.timeline_ns - first.media_ns);
  const ppm = first.rate_ppq / 1e9;
  const drift = Math.abs(ppm) < 0.005 ? "no drift" : `${ppm > 0 ? "+" : "−"}${Math.abs(ppm).toFixed(2)} ppm`;
  return `${offset}, ${drift}${more.length > 0 ? `, ${more.length + 1} pieces` : ""}`;
}

/** Down to a tenth of a millisecond, from seconds up too. */
function offsetWords(offset_ns: number): string {
  if (Math.abs(offset_ns) < 1e9) return offsetText(offset_ns, 0) || "0 ms";
  return `${offset_ns < 0 ? "−" : "+"}${(Math.abs(offset_ns) / 1e9).toFixed(4)} s`;
}

export function sureWords(view: AlignmentView): string {
  const [start, end] = [view.sigma_start_ns, view.sigma_end_ns].map((sigma) => sizeText(sigma));
  return start === end ? `±${start}` : `±${start} at the start, ±${end} at the end`;
}

export function effectWords(effect: Effect): string {
  if (effect.annotations === 0) return "No annotation stands on this stream.";
  const moves =
    effect.moved === 0
      ? "No annotation moves"
      : `${count(effect.moved, "annotation")} ${effect.moved === 1 ? "moves" : "move"}, at most ${sizeText(Math.abs(effect.max_shift_ns))}`;
  const kept =
    effect.kept_native === effect.annotations ? "all keep their frame" : `${effect.kept_native} keep their frame`;
  const doubt =
    effect.suspects === 0
      ? `No link becomes suspect (tolerance ${sizeText(effect.tolerance_ns)}).`
      : `${count(effect.suspects, "link")} ${effect.suspects === 1 ? "becomes" : "become"} suspect.`;
  return `${moves}; ${kept}. ${doubt}`;
}

export function sizeText(size_ns: number): string {
  if (size_ns < 1000) return `${Math.round(size_ns)} ns`;
  if (size_ns < 1e6) return `${(size_ns / 1e3).toPrecision(3)} µs`;
  if (size_ns < 1e9) return `${(size_ns / 1e6).toPrecision(3)} ms`;
  return `${(size_ns / 1e9).toPrecision(4)} s`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
