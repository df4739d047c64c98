/** Clock maps in whole numbers, the same bits as the server's: see `braid.clock.clock_map`. */
import { type Ns, ns } from "../base/ns";
import type { ClockSegment } from "../model/records";

const UNIT = 1_000_000_000_000_000n;

/** The timeline instant of a media time; before the first segment the first one is extended. */
export function toTimeline(segments: readonly ClockSegment[], mediaNs: number): Ns {
  const piece = pieceAt(segments, (segment) => segment.media_ns, mediaNs);
  return piece === undefined ? ns(mediaNs) : ns(Number(mapped(piece, BigInt(Math.floor(mediaNs)))));
}

/** The media time of a timeline instant: the latest that does not map beyond it. */
export function toMedia(segments: readonly ClockSegment[], timelineNs: number): Ns {
  const piece = pieceAt(segments, (segment) => segment.timeline_ns, timelineNs);
  if (piece === undefined) return ns(timelineNs);
  const wanted = BigInt(Math.floor(timelineNs));
  const since = wanted - BigInt(piece.timeline_ns);
  let media = BigInt(piece.media_ns) + floorDiv(since * UNIT, UNIT + BigInt(piece.rate_ppq));
  while (mapped(piece, media + 1n) <= wanted) media += 1n;
  while (mapped(piece, media) > wanted) media -= 1n;
  // An instant inside a jump between two pieces stays on the earlier one.
  const next = segments[segments.indexOf(piece) + 1];
  return ns(next === undefined ? Number(media) : Math.min(Number(media), next.media_ns - 1));
}

function pieceAt(
  segments: readonly ClockSegment[],
  start: (segment: ClockSegment) => number,
  at: number,
): ClockSegment | undefined {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment !== undefined && start(segment) <= at) low = middle + 1;
    else high = middle;
  }
  return segments[Math.max(0, low - 1)];
}

function mapped(piece: ClockSegment, media: bigint): bigint {
  const since = media - BigInt(piece.media_ns);
  return BigInt(piece.timeline_ns) + since + floorDiv(since * BigInt(piece.rate_ppq), UNIT);
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}
