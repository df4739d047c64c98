/** What is worth knowing about a stream, in short lines: what it is, its stamps, its clock, how sure, its container. */
import { formatNs } from "../../base/ns";
import type { ClockMap, MediaFacts, Stamp, StampGap, Stream, Timing } from "../../model/records";
import { beyondNs, sigmaNs } from "../../playhead/sigma";
import { mapWords, sizeText } from "../sync/words";
import CODES from "./warning_codes.json";

export interface Line {
  readonly term: string;
  readonly words: string;
  /** Something to be careful with. */
  readonly isDoubtful?: boolean;
}

const STAMPS: Readonly<Record<Stamp, string>> = {
  media: "container",
  device: "device",
  publish: "publisher",
  log: "recorder",
};
const SCALES: Readonly<Record<string, string>> = {
  utc: "UTC",
  tai: "TAI",
  gps: "GPS time",
  monotonic: "counts from a start of its own",
};
const KINDS: Readonly<Record<string, string>> = {
  point_cloud: "point cloud",
};

/** `media_ns`: media time of the stream at the playhead. */
export function streamLines(stream: Stream, map: ClockMap | undefined, media_ns: number): readonly Line[] {
  const { facts = {}, timing = {} } = stream;
  const kept = [
    { term: "Kind", words: kindWords(stream) },
    { term: "Readings", words: readingWords(stream) },
    { term: "Stamps", words: stampWords(timing) },
    { term: "Time scale", words: scaleWords(timing) },
    { term: "Clock", words: clockWords(map) },
    ...trustLines(map, media_ns),
    { term: "Container", words: containerWords(facts) },
    { term: "Exposure", words: exposureWords(timing) },
    { term: "Frame", words: stream.frame ?? "" },
  ];
  const warnings = (facts.warnings ?? []).map((code) => ({ term: "Warning", words: said(code), isDoubtful: true }));
  return [...kept.filter(({ words }) => words !== ""), ...warnings];
}

function said(code: string): string {
  return (CODES as Readonly<Record<string, string>>)[code] ?? code;
}

/** `video, h264, 1280 × 720` */
function kindWords({ modality, facts = {} }: Stream): string {
  const { codec = "", width_px, height_px, channel_count, channels = [] } = facts;
  const size = width_px != null && height_px != null ? `${width_px} × ${height_px}` : "";
  const many =
    modality === "series" && channels.length > 0
      ? plural(channels.length, "channel")
      : modality === "audio" && channel_count != null
        ? plural(channel_count, "channel")
        : "";
  return joined(KINDS[modality] ?? modality, codec, size, many);
}

function readingWords({ facts = {}, readings = [], timing, modality }: Stream): string {
  const { frame_count, rate, start_ns, duration_ns } = facts;
  const count = readings.length > 0 ? readings.length : frame_count;
  const period_ns = timing?.period_ns;
  const hz = rate != null ? rate.num / rate.den : period_ns != null && period_ns > 0 ? 1e9 / period_ns : null;
  const often = hz === null ? "" : `${Number(hz.toPrecision(5))} Hz`;
  const until = start_ns != null && duration_ns != null && duration_ns > 0 && modality !== "image";
  const range = until ? `${formatNs(start_ns)} to ${formatNs(start_ns + duration_ns)} of its own time` : "";
  return joined(count == null ? "" : count.toLocaleString("en"), often, range);
}

/** `device; recorder +28 ms (p95 36 ms)` */
function stampWords({ stamp = "media", gaps = [] }: Timing): string {
  return stamp === "media" && gaps.length === 0 ? "" : [STAMPS[stamp], ...gaps.map(gapWords)].join("; ");
}

function gapWords({ stamp, median_ns, p95_ns }: StampGap): string {
  const sign = median_ns < 0 ? "−" : "+";
  return `${STAMPS[stamp]} ${sign}${sizeText(Math.abs(median_ns))} (p95 ${sizeText(Math.abs(p95_ns))})`;
}

function scaleWords({ timescale = "media", zero_ns = "" }: Timing): string {
  const name = SCALES[timescale] ?? "";
  if (zero_ns === "") return name;
  const ms = Number(BigInt(zero_ns) / 1_000_000n);
  const zero =
    timescale === "utc"
      ? new Date(ms).toISOString().replace("T", " ")
      : `second ${(ms / 1000).toFixed(3)} of its clock`;
  return joined(name, `zero is ${zero}`);
}

function clockWords(map: ClockMap | undefined): string {
  const how = map?.method ? `by ${map.method.replaceAll("_", " ")}` : "";
  return joined(mapWords(map), how);
}

function trustLines(map: ClockMap | undefined, media_ns: number): readonly Line[] {
  if (map === undefined) return [];
  const beyond_ns = beyondNs(map, media_ns);
  const sigma_ns = sigmaNs(map, media_ns);
  const sure = { term: "Sure here to", words: sigma_ns > 0 ? `±${sizeText(sigma_ns)}` : "" };
  if (beyond_ns === 0) return [sure];
  const words = `extrapolated: ${sizeText(beyond_ns)} outside the range in which the clocks were compared`;
  return [sure, { term: "Doubt", words, isDoubtful: true }];
}

function containerWords({ media_zero = "", priming, padding, edits = [] }: MediaFacts): string {
  return joined(
    media_zero === "" ? "" : `its own second ${media_zero} is time 0`,
    priming ? `${plural(priming, "sample")} of priming left out` : "",
    padding ? `${plural(padding, "sample")} of padding left out` : "",
    edits.length > 0 ? plural(edits.length, "edit") : "",
  );
}

function exposureWords({ exposure_ns, exposure_offset_ns, readout_ns, sweep_ns, part = "start" }: Timing): string {
  return joined(
    exposure_ns == null ? "" : `${sizeText(exposure_ns)} long`,
    exposure_offset_ns ? `${sizeText(Math.abs(exposure_offset_ns))} from the stamp` : "",
    readout_ns == null ? "" : `rows read out in ${sizeText(readout_ns)}`,
    sweep_ns == null ? "" : `a sweep takes ${sizeText(sweep_ns)}`,
    part === "start" ? "" : `stamped at the ${part}`,
  );
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
