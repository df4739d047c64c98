/** How a project stands, and what an import brings: counts as the server sends them. */
import type { Severity } from "./changes";
import type { Modality, SampleState } from "./records";

export interface ClassTally {
  readonly class_id: string;
  readonly annotations: number;
  readonly entities: number;
  readonly by_modality: Readonly<Partial<Record<Modality, number>>>;
}
export interface LinkTally {
  readonly type_id: string;
  readonly links: number;
  readonly suspects: number;
}
export interface PairTally {
  readonly type_id: string;
  readonly source_class: string;
  readonly target_class: string;
  readonly links: number;
}
export type LayerOfCheck = "within" | "across" | "whole";
export interface FindingTally {
  readonly check: string;
  readonly title: string;
  readonly layer: LayerOfCheck | null;
  readonly severity: Severity;
  readonly open: number;
  readonly settled: number;
}
export interface ProjectStatistics {
  readonly seq: number;
  readonly samples: number;
  readonly annotations: number;
  readonly entities: number;
  readonly links: number;
  readonly suspects: number;
  readonly suspect_samples: number;
  readonly unlabelled_samples: number;
  readonly states: readonly { readonly state: SampleState; readonly samples: number }[];
  readonly modalities: readonly {
    readonly modality: Modality;
    readonly streams: number;
    readonly annotations: number;
  }[];
  readonly classes: readonly ClassTally[];
  readonly link_types: readonly LinkTally[];
  readonly pairs: readonly PairTally[];
  readonly other_pairs: number;
  readonly findings: readonly FindingTally[];
}
export interface FormatInfo {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  readonly example: string;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly options: readonly { readonly name: string; readonly meaning: string; readonly values: readonly string[] }[];
}
export interface ImportedClass {
  readonly id: string;
  readonly name: string;
  readonly annotations: number;
  readonly entities: number;
  readonly is_new: boolean;
}
export interface ImportReport {
  readonly accepted: {
    readonly samples: number;
    readonly streams: number;
    readonly annotations: number;
    readonly links: number;
    readonly entities: number;
  };
  readonly rejected: readonly { readonly where: string; readonly reason: string }[];
  readonly warnings: readonly { readonly where: string; readonly code: string; readonly message: string }[];
  readonly classes: readonly ImportedClass[];
}
