/** What the server answers about clocks: an alignment with its evidence, and what a clock map would do. */
import type { ClockMap } from "../model/records";
import type { Api } from "./api";

export const METHODS = ["auto", "audio", "transcript", "series", "rotation", "events", "stamps"] as const;
export type Method = (typeof METHODS)[number] | "anchors";

export interface MarkedAnchor {
  readonly media_ns: number;
  readonly reference_ns: number;
  readonly name?: string;
}

export interface AlignRequest {
  readonly stream: string;
  /** A stream's id; "" is the timeline. */
  readonly reference: string;
  readonly method: Method;
  readonly anchors?: readonly MarkedAnchor[];
}

export interface Curve {
  readonly title: string;
  readonly x_label: string;
  readonly y_label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly style: "line" | "points";
}

export interface Effect {
  readonly annotations: number;
  readonly moved: number;
  readonly kept_native: number;
  readonly suspects: number;
  readonly max_shift_ns: number;
  readonly tolerance_ns: number;
  readonly rows: readonly { readonly annotation: string; readonly before_ns: number; readonly after_ns: number }[];
}

export interface AlignmentView {
  readonly outcome: "estimate" | "refused";
  readonly method: string;
  readonly why: string;
  readonly hint: string;
  readonly clock_map: ClockMap | null;
  /** Revision of the map that it replaces. */
  readonly base: string | null;
  readonly grade: string;
  readonly rms_ns: number;
  readonly sigma_start_ns: number;
  readonly sigma_end_ns: number;
  readonly quality: number | null;
  readonly quality_bound: number | null;
  readonly named: string;
  readonly warnings: readonly string[];
  readonly evidence: readonly Curve[];
  readonly effect: Effect | null;
}

export function align(api: Api, sample: string, request: AlignRequest): Promise<AlignmentView> {
  return api.post(api.path(`/samples/${encodeURIComponent(sample)}/align`), request);
}
