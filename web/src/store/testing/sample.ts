/** A small sample with a caption, two boxes and two spans, for tests. */

import type { SampleView, Versioned } from "../../model/changes";
import type { Annotation, AnyRecord, Link, Ontology, Region } from "../../model/records";
import { revisionOf } from "../../model/revision";

export const SAMPLE = "00000000-0000-7000-8000-000000000001";
export const IMAGE = "00000000-0000-7000-8000-000000000002";
export const TEXT = "00000000-0000-7000-8000-000000000003";
export const LAYER = "00000000-0000-7000-8000-000000000004";
export const CAR = "00000000-0000-7000-8000-000000000011";
export const MAN = "00000000-0000-7000-8000-000000000012";
export const CAR_SPAN = "00000000-0000-7000-8000-000000000013";
export const MAN_SPAN = "00000000-0000-7000-8000-000000000014";

export const ONTOLOGY: Ontology = {
  kind: "ontology",
  id: "00000000-0000-7000-8000-000000000021",
  version: 1,
  classes: [
    { id: "thing", name: "Thing" },
    { id: "vehicle", name: "Vehicle", parent: "thing", colour: 1 },
    { id: "car", name: "Car", parent: "vehicle" },
    { id: "person", name: "Person", parent: "thing", colour: 2 },
  ],
  link_types: [
    { id: "refers-to", name: "Refers to", source: { kinds: ["text_span"] }, target: { kinds: ["box", "entity"] } },
    { id: "next-to", name: "Next to", source: { kinds: ["box"] }, target: { kinds: ["box"] }, symmetric: true },
    { id: "holds", name: "Holds", source: { kinds: ["box"], classes: ["person"] }, target: { kinds: ["box"] } },
  ],
};

export function box(x0: number, y0: number, x1: number, y1: number): Region {
  return { type: "box", x0_px: x0, y0_px: y0, x1_px: x1, y1_px: y1 };
}

export function annotation(id: string, stream: string, classId: string, region: Region): Annotation {
  return { kind: "annotation", id, sample: SAMPLE, stream, layer: LAYER, class_id: classId, region };
}

export function versioned<R extends AnyRecord>(record: R, seq = 1): Versioned<R> {
  return { rev: revisionOf(record), seq, record };
}

export function sampleView(links: readonly Link[] = []): SampleView {
  const base = { kind: "stream", sample: SAMPLE, sampling: "instant" } as const;
  const span = (start: number, end: number, quote: string): Region => ({ type: "text_span", start, end, quote });
  return {
    seq: 1,
    sample: versioned({ kind: "sample", id: SAMPLE, key: "one" }),
    streams: [
      versioned({ ...base, id: IMAGE, name: "image", modality: "image" }),
      versioned({ ...base, id: TEXT, name: "caption", modality: "text" }),
    ],
    clock_maps: [],
    calibrations: [],
    trajectories: [],
    entities: [],
    annotations: [
      versioned(annotation(CAR, IMAGE, "car", box(0, 0, 10, 10))),
      versioned(annotation(MAN, IMAGE, "person", box(20, 0, 30, 10))),
      versioned(annotation(CAR_SPAN, TEXT, "car", span(0, 3, "car"))),
      versioned(annotation(MAN_SPAN, TEXT, "person", span(8, 11, "man"))),
    ],
    links: links.map((link) => versioned(link)),
    verdicts: [],
    findings: [],
  };
}
