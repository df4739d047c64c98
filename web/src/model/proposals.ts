/** A link that geometry, time or words suggest: computed by the server, never stored. */
export interface Proposal {
  readonly fingerprint: string;
  readonly sample: string;
  readonly kind: "projection" | "time" | "words";
  readonly type_id: string;
  readonly source: string;
  readonly target: string;
  readonly score: number;
  readonly reason: string;
  readonly facts?: Readonly<Record<string, string>>;
}
