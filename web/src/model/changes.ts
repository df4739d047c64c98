/** Change sets, their outcomes, and the views a screen asks for. */
import type {
  Annotation,
  AnyRecord,
  Calibration,
  ClockMap,
  Entity,
  Link,
  RecordKind,
  Sample,
  SampleState,
  Stream,
  Trajectory,
  Verdict,
} from "./records";

export type Op =
  | { readonly op: "create"; readonly record: AnyRecord }
  | { readonly op: "update"; readonly record: AnyRecord; readonly base: string }
  | { readonly op: "delete"; readonly kind: RecordKind; readonly id: string; readonly base: string };

export type Origin = "edit" | "import" | "undo" | "restore" | "migration" | "model";

/** One gesture: all of it is applied or none. Sending it twice is harmless. */
export interface ChangeSet {
  readonly id: string;
  readonly ops: readonly Op[];
  readonly reason?: string;
  readonly origin?: Origin;
  readonly undoes?: number;
}
export interface Stale {
  readonly kind: RecordKind;
  readonly id: string;
  readonly base_rev: string | null;
  readonly base: AnyRecord | null;
  readonly head_rev: string | null;
  readonly head: AnyRecord | null;
  readonly head_by: string;
  readonly head_at_ns: string;
}
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly where: string;
  readonly hint: string;
}
export interface Head {
  readonly kind: RecordKind;
  readonly id: string;
  readonly rev: string;
  readonly seq: number;
  readonly record: AnyRecord | null;
}
export interface Outcome {
  readonly id: string;
  readonly state: "committed" | "unchanged" | "stale" | "invalid";
  readonly seq?: number | null;
  readonly heads?: readonly Head[];
  readonly stale?: readonly Stale[];
  readonly errors?: readonly ErrorBody[];
}
export interface BatchResult {
  readonly outcomes: readonly Outcome[];
  readonly seq: number;
}
export interface Versioned<R> {
  readonly rev: string;
  readonly seq: number;
  readonly record: R;
}
export type Severity = "error" | "warning" | "hint";
export interface Culprit {
  readonly kind: string;
  readonly id: string;
  readonly stream?: string | null;
  readonly at_ns?: number | null;
}
export interface Finding {
  readonly check: string;
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly sample: string;
  readonly message: string;
  readonly culprits: readonly Culprit[];
  readonly score?: number;
  readonly facts?: Readonly<Record<string, string>>;
  readonly hint?: string;
}
export interface FindingView {
  readonly finding: Finding;
  readonly verdict: Verdict | null;
}
export interface SampleView {
  readonly seq: number;
  readonly sample: Versioned<Sample>;
  readonly streams: readonly Versioned<Stream>[];
  readonly clock_maps: readonly Versioned<ClockMap>[];
  readonly calibrations: readonly Versioned<Calibration>[];
  readonly trajectories: readonly Versioned<Trajectory>[];
  readonly entities: readonly Versioned<Entity>[];
  readonly annotations: readonly Versioned<Annotation>[];
  readonly links: readonly Versioned<Link>[];
  readonly verdicts: readonly Versioned<Verdict>[];
  readonly findings: readonly FindingView[];
}
export interface SampleSummary {
  readonly id: string;
  readonly key: string;
  readonly state: SampleState;
  readonly tags: readonly string[];
  readonly modalities: readonly string[];
  readonly annotations: number;
  readonly links: number;
  readonly suspects: number;
  readonly findings: number;
  readonly thumbnail: string | null;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly total?: number | null;
}
export interface ProjectSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly template: string;
  readonly seq: number;
  readonly samples: number;
  readonly annotations: number;
  readonly links: number;
  readonly suspects: number;
  readonly findings: number;
}
export interface RevisionView {
  readonly rev: string | null;
  readonly seq: number;
  readonly actor: string;
  readonly at_ns: string;
  readonly reason: string;
  readonly derived: boolean;
  readonly record: AnyRecord | null;
}
/** One record at one commit. `derived`: Braid did it (suspects); no `from_rev`: created; no `to_rev`: deleted. */
export interface Change {
  readonly kind: RecordKind;
  readonly id: string;
  readonly sample: string | null;
  readonly from_rev: string | null;
  readonly to_rev: string | null;
  readonly derived?: boolean;
  readonly changed?: readonly string[];
}
export interface Commit {
  readonly seq: number;
  readonly id: string;
  readonly actor: string;
  /** Unix nanoseconds as digits. */
  readonly at_ns: string;
  readonly origin: Origin;
  readonly reason: string;
  readonly changes: readonly Change[];
  readonly undoes?: number | null;
}
/** What became of one record between two states; null: it was not there. */
export interface RecordDiff {
  readonly kind: RecordKind;
  readonly id: string;
  readonly before: AnyRecord | null;
  readonly after: AnyRecord | null;
  readonly changed: readonly string[];
}
export interface DiffView {
  readonly from_seq: number;
  readonly to_seq: number;
  readonly records: readonly RecordDiff[];
}
export interface CommitEvent {
  readonly seq: number;
  readonly commit: string;
  readonly actor: string;
  readonly samples: readonly string[];
  readonly kinds: readonly string[];
}
export interface Session {
  readonly actor: string;
  readonly layer_name: string;
  readonly csrf: string;
  /** Whether the server imports from paths of its own disk. */
  readonly local?: boolean;
}
