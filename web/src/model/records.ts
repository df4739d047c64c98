/** The nouns as the server speaks them. Members that may be absent stand at their default. */

export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue>>;
export type Point = readonly [number, number];
export type Vec3 = readonly [number, number, number];
/** A unit quaternion (w, x, y, z). */
export type Quat = readonly [number, number, number, number];

/** Pixels are edge coordinates: origin at the outer corner of the top-left pixel. */
export interface Box {
  readonly type: "box";
  readonly x0_px: number;
  readonly y0_px: number;
  readonly x1_px: number;
  readonly y1_px: number;
}
export interface RotatedBox {
  readonly type: "rotated_box";
  readonly cx_px: number;
  readonly cy_px: number;
  readonly width_px: number;
  readonly height_px: number;
  readonly angle_rad: number;
}
export interface Polygon {
  readonly type: "polygon";
  readonly rings_px: readonly (readonly Point[])[];
  readonly holes_px?: readonly (readonly Point[])[];
}
export interface Polyline {
  readonly type: "polyline";
  readonly points_px: readonly Point[];
}
/** `counts` are COCO's compressed run lengths, column-major. */
export interface Mask {
  readonly type: "mask";
  readonly width_px: number;
  readonly height_px: number;
  readonly counts: string;
  readonly crowd?: boolean;
}
export interface Keypoint {
  readonly name: string;
  readonly x_px: number;
  readonly y_px: number;
  readonly visibility: number;
}
export interface Keypoints {
  readonly type: "keypoints";
  readonly points: readonly Keypoint[];
}
export interface Cuboid {
  readonly type: "cuboid";
  readonly frame: string;
  readonly centre_m: Vec3;
  readonly size_m: Vec3;
  readonly rotation_wxyz: Quat;
}
export interface PointSet {
  readonly type: "point_set";
  readonly runs: readonly (readonly [number, number])[];
}
/** Code points [start, end) of a text stream, or of the text of the annotation `of`. */
export interface TextSpan {
  readonly type: "text_span";
  readonly start: number;
  readonly end: number;
  readonly quote: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly of?: string | null;
}
export interface TimeSpan {
  readonly type: "time_span";
  readonly start_ns: number;
  readonly end_ns: number;
}
export interface WholeStream {
  readonly type: "whole_stream";
}
export type Shape = Box | RotatedBox | Polygon | Polyline | Mask | Keypoints | Cuboid;
export interface KeyFrame {
  readonly at_ns: number;
  readonly shape: Shape | null;
  readonly index?: number | null;
  readonly occluded?: boolean;
  readonly attributes?: Attributes;
}
export interface Track {
  readonly type: "track";
  readonly key_frames: readonly KeyFrame[];
  readonly size_locked?: boolean;
}
export type Region = Shape | PointSet | TextSpan | TimeSpan | WholeStream | Track;

export interface Project {
  readonly kind: "project";
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly template?: string;
  readonly description?: string;
}
export type AttributeType = "text" | "number" | "boolean" | "choice" | "choices";
export interface Attribute {
  readonly id: string;
  readonly name: string;
  /** Absent means "choice". */
  readonly type?: AttributeType;
  readonly values?: readonly string[];
  readonly minimum?: number | null;
  readonly maximum?: number | null;
  readonly required?: boolean;
  readonly default?: AttributeValue | null;
  readonly description?: string;
}
export interface OntologyClass {
  readonly id: string;
  readonly name: string;
  readonly parent?: string | null;
  readonly regions?: readonly string[];
  readonly attributes?: readonly Attribute[];
  readonly colour?: number | null;
  readonly deprecated?: boolean;
  readonly replaced_by?: string | null;
  readonly synonyms?: readonly string[];
  readonly skeleton?: readonly string[];
  readonly description?: string;
}
export interface LinkEnd {
  readonly kinds?: readonly string[];
  readonly classes?: readonly string[];
  readonly modalities?: readonly string[];
}
export interface LinkType {
  readonly id: string;
  readonly name: string;
  readonly source?: LinkEnd;
  readonly target?: LinkEnd;
  readonly attributes?: readonly Attribute[];
  readonly symmetric?: boolean;
  readonly temporal?: string;
  readonly spatial?: string;
  readonly same_entity?: boolean;
  readonly inverse_name?: string;
  readonly deprecated?: boolean;
  readonly description?: string;
}
export interface Ontology {
  readonly kind: "ontology";
  readonly id: string;
  readonly version: number;
  readonly classes?: readonly OntologyClass[];
  readonly link_types?: readonly LinkType[];
}
export interface Layer {
  readonly kind: "layer";
  readonly id: string;
  readonly name: string;
  readonly actor: string;
  readonly layer_kind?: "person" | "model" | "import" | "consensus";
  readonly model_version?: string;
}
export type SampleState = "todo" | "in_progress" | "submitted" | "accepted";
export interface Sample {
  readonly kind: "sample";
  readonly id: string;
  readonly key: string;
  readonly epoch_ns?: string | null;
  readonly state?: SampleState;
  readonly tags?: readonly string[];
  readonly source?: Readonly<Record<string, string>>;
}
export type Modality = "image" | "video" | "audio" | "text" | "point_cloud" | "series";
export type Sampling = "instant" | "interval" | "sweep" | "event" | "continuous";
export interface Reading {
  readonly at_ns: number;
  readonly asset: string;
  readonly name?: string;
  readonly stamps?: Readonly<Record<string, number>>;
}
export interface Rate {
  readonly num: number;
  readonly den: number;
}
/** One entry of a container's edit list; `from_ns` null: nothing is shown for `duration_ns`. */
export interface Edit {
  readonly duration_ns: number;
  readonly from_ns: number | null;
}
export interface MediaFacts {
  readonly width_px?: number | null;
  readonly height_px?: number | null;
  readonly start_ns?: number | null;
  readonly duration_ns?: number | null;
  readonly frame_count?: number | null;
  readonly rate?: Rate | null;
  readonly channel_count?: number | null;
  readonly point_count?: number | null;
  readonly text_length?: number | null;
  readonly codec?: string;
  readonly channels?: readonly string[];
  readonly units?: readonly string[];
  readonly warnings?: readonly string[];
  readonly media_zero?: string;
  readonly priming?: number | null;
  readonly padding?: number | null;
  readonly edits?: readonly Edit[];
}
export type Lookup = "hold" | "nearest" | "linear" | "slerp" | "none";
export type Stamp = "media" | "device" | "publish" | "log";
/** How far another stamp of the same readings is from the one that is used. */
export interface StampGap {
  readonly stamp: Stamp;
  readonly count: number;
  readonly median_ns: number;
  readonly p95_ns: number;
}
export interface Timing {
  readonly lookup?: Lookup | null;
  readonly period_ns?: number | null;
  readonly timescale?: "utc" | "tai" | "gps" | "monotonic" | "media" | "unknown";
  readonly stamp?: Stamp;
  readonly part?: "start" | "middle" | "end";
  readonly exposure_offset_ns?: number;
  readonly exposure_ns?: number | null;
  readonly readout_ns?: number | null;
  readonly sweep_ns?: number | null;
  readonly zero_ns?: string;
  readonly gaps?: readonly StampGap[];
}
export interface Stream {
  readonly kind: "stream";
  readonly id: string;
  readonly sample: string;
  readonly name: string;
  readonly modality: Modality;
  readonly sampling: Sampling;
  readonly asset?: string | null;
  readonly readings?: readonly Reading[];
  readonly track?: number;
  readonly media_type?: string;
  readonly file_name?: string;
  readonly facts?: MediaFacts;
  readonly frame?: string;
  readonly tolerance_ns?: number | null;
  readonly timing?: Timing;
  readonly source?: Readonly<Record<string, string>>;
}
export interface ClockSegment {
  readonly media_ns: number;
  readonly timeline_ns: number;
  readonly rate_ppq: number;
}
export interface ClockAnchor {
  readonly media_ns: number;
  readonly timeline_ns: number;
  readonly sigma_ns?: number;
  readonly residual_ns?: number;
  readonly used?: boolean;
  readonly name?: string;
}
export interface ClockFit {
  readonly offset_sigma_ns?: number;
  readonly rate_sigma_ppq?: number;
  readonly system_sigma_ns?: number;
  readonly centre_ns?: number;
}
export interface ClockMap {
  readonly kind: "clock_map";
  readonly id: string;
  readonly sample: string;
  readonly stream: string;
  readonly segments: readonly ClockSegment[];
  readonly fit?: ClockFit;
  readonly method?: string;
  readonly reference?: string;
  readonly anchors?: readonly ClockAnchor[];
  readonly valid_from_ns?: number | null;
  readonly valid_to_ns?: number | null;
}
export interface Pose {
  readonly rotation_wxyz: Quat;
  readonly translation_m: Vec3;
}
/** Intrinsics in pixels; pixel centres are integers (OpenCV), so edge coordinates are 0.5 larger. */
export interface Camera {
  readonly fx_px: number;
  readonly fy_px: number;
  readonly cx_px: number;
  readonly cy_px: number;
  readonly width_px: number;
  readonly height_px: number;
  readonly skew_px: number;
  readonly distortion: string;
  readonly coefficients: readonly number[];
}
export interface Calibration {
  readonly kind: "calibration";
  readonly id: string;
  readonly sample: string;
  readonly stream: string;
  readonly frame: string;
  readonly parent_frame: string;
  readonly parent_from_frame?: Pose;
  readonly camera?: Camera | null;
}
export interface TimedPose {
  readonly at_ns: number;
  readonly pose: Pose;
}
export interface Trajectory {
  readonly kind: "trajectory";
  readonly id: string;
  readonly sample: string;
  readonly frame: string;
  readonly parent_frame: string;
  readonly poses: readonly TimedPose[];
}
export interface Entity {
  readonly kind: "entity";
  readonly id: string;
  readonly sample: string;
  readonly layer: string;
  readonly class_id: string;
  readonly name?: string;
  readonly attributes?: Attributes;
  readonly source_id?: string;
}
export interface Word {
  readonly start: number;
  readonly end: number;
  readonly start_ns: number;
  readonly end_ns: number;
}
export interface Annotation {
  readonly kind: "annotation";
  readonly id: string;
  readonly sample: string;
  readonly stream: string;
  readonly layer: string;
  readonly class_id: string;
  readonly region: Region;
  /** Media time of a shape on a stream that moves. */
  readonly at_ns?: number | null;
  readonly index?: number | null;
  readonly text?: string | null;
  readonly language?: string;
  readonly words?: readonly Word[];
  readonly attributes?: Attributes;
  readonly entity?: string | null;
  readonly score?: number | null;
  readonly comment?: string;
  readonly source_id?: string;
}
export interface End {
  readonly id: string;
  readonly judged: string;
  /** Absent means "annotation". */
  readonly kind?: "annotation" | "entity";
}
export interface Cause {
  readonly end: string;
  readonly changed: readonly string[];
  readonly by: string;
  readonly at_ns: string;
  readonly from_rev: string;
  readonly to_rev: string | null;
  readonly amount?: string;
}
export interface Link {
  readonly kind: "link";
  readonly id: string;
  readonly sample: string;
  readonly layer: string;
  readonly type_id: string;
  readonly source: End;
  readonly target: End;
  readonly attributes?: Attributes;
  readonly status?: "proposed" | "accepted";
  readonly causes?: readonly Cause[];
  readonly score?: number | null;
  readonly comment?: string;
  readonly source_id?: string;
}
export interface Verdict {
  readonly kind: "verdict";
  readonly id: string;
  readonly sample: string;
  readonly fingerprint: string;
  readonly decision: "fixed" | "waived" | "not_an_error";
  readonly reason?: string;
}
export type AnyRecord =
  | Project
  | Ontology
  | Layer
  | Sample
  | Stream
  | ClockMap
  | Calibration
  | Trajectory
  | Entity
  | Annotation
  | Link
  | Verdict;
export type RecordKind = AnyRecord["kind"];
