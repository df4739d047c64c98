/** The peaks pyramid: min and max per bin and channel as int8, full scale 127. Draws any zoom from the right level. */
import type { Api } from "../../store/api";

export interface PeaksLevel {
  readonly samples_per_bin: number;
  readonly bins: number;
  /** Where the level begins in the bytes. */
  readonly offset: number;
}

export interface PeaksHeader {
  readonly rate: { readonly num: number; readonly den: number };
  readonly channels: number;
  readonly start_ns: number;
  readonly duration_ns: number;
  readonly levels: readonly PeaksLevel[];
}

export interface Peaks {
  readonly header: PeaksHeader;
  readonly bytes: Int8Array;
}

/** One pixel column of one channel, in -1..1; null where the sound has nothing. */
export type Column = { readonly low: number; readonly high: number } | null;

/** A stream's peaks from the server; throws what kept them away. */
export async function loadPeaks(api: Api, stream: string): Promise<Peaks> {
  const header = await api.streamJson<PeaksHeader>(stream, "peaks");
  const response = await fetch(api.streamUrl(stream, "peaks.bin"));
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return decodePeaks(header, await response.arrayBuffer());
}

export function decodePeaks(header: PeaksHeader, buffer: ArrayBuffer): Peaks {
  for (const level of header.levels) {
    const wanted = level.offset + level.bins * header.channels * 2;
    if (wanted > buffer.byteLength) {
      throw new RangeError(`peaks end at byte ${buffer.byteLength}, level of ${level.samples_per_bin} wants ${wanted}`);
    }
  }
  return { header, bytes: new Int8Array(buffer) };
}

function binLengthNs(header: PeaksHeader, level: PeaksLevel): number {
  return (level.samples_per_bin * header.rate.den * 1e9) / header.rate.num;
}

/** The coarsest level that still has a bin per pixel; the finest when none has. */
export function levelFor(header: PeaksHeader, ns_per_px: number): PeaksLevel | null {
  let best: PeaksLevel | null = null;
  for (const level of header.levels) {
    if (best === null || binLengthNs(header, level) <= ns_per_px) best = level;
  }
  return best;
}

/** Columns for pixels that begin at the given media times; `edges_ns` has one more entry than columns. */
export function columns(peaks: Peaks, channel: number, edges_ns: readonly number[]): readonly Column[] {
  const { header, bytes } = peaks;
  const first = edges_ns[0] ?? 0;
  const last = edges_ns[edges_ns.length - 1] ?? 0;
  const level = levelFor(header, (last - first) / Math.max(1, edges_ns.length - 1));
  if (level === null) return edges_ns.slice(1).map(() => null);
  const bin_ns = binLengthNs(header, level);
  return edges_ns.slice(1).map((end_ns, index) => {
    const start_ns = edges_ns[index] ?? end_ns;
    if (end_ns <= header.start_ns || start_ns >= header.start_ns + header.duration_ns) return null;
    const from = Math.max(0, Math.floor((start_ns - header.start_ns) / bin_ns));
    const to = Math.min(level.bins, Math.max(from + 1, Math.ceil((end_ns - header.start_ns) / bin_ns)));
    let low = 127;
    let high = -128;
    for (let bin = from; bin < to; bin++) {
      const at = level.offset + (bin * header.channels + channel) * 2;
      low = Math.min(low, bytes[at] ?? 127);
      high = Math.max(high, bytes[at + 1] ?? -128);
    }
    return high < low ? null : { low: low / 127, high: high / 127 };
  });
}
