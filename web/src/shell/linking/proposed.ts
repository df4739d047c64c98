/** Proposals that still stand: what the server suggests and what models linked, without what is settled. */

import type { Proposal } from "../../model/proposals";
import type { Link } from "../../model/records";
import { linksOf } from "../../store/derive";
import { lookUp, type SampleData } from "../../store/sample";

export interface Proposed {
  readonly fingerprint: string;
  readonly type_id: string;
  readonly source: string;
  readonly target: string;
  /** 0 to 1; null when a model gave none. */
  readonly score: number | null;
  readonly reason: string;
  /** The link, where a model made it already. */
  readonly link: string | null;
}

/** Best first. */
export function standing(data: SampleData | null, suggested: readonly Proposal[]): readonly Proposed[] {
  if (data === null) return [];
  const settled = new Set([...data.verdicts.values()].map(({ record }) => record.fingerprint));
  const computed = suggested.filter(
    (one) =>
      one.sample === data.sample.record.id &&
      lookUp(data, one.source) !== undefined &&
      lookUp(data, one.target) !== undefined &&
      !joins(data, one),
  );
  const rows = [
    ...computed.map(({ fingerprint, type_id, source, target, score, reason }) => ({
      ...{ fingerprint, type_id, source, target, score, reason },
      link: null,
    })),
    ...[...data.links.values()]
      .filter(({ record }) => record.status === "proposed")
      .map(({ record }) => ofModel(record)),
  ];
  return rows
    .filter(({ fingerprint }) => !settled.has(fingerprint))
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || (a.fingerprint < b.fingerprint ? -1 : 1));
}

function ofModel(link: Link): Proposed {
  return {
    fingerprint: `proposed-link:${link.id}`,
    type_id: link.type_id,
    source: link.source.id,
    target: link.target.id,
    score: link.score ?? null,
    reason: "Linked by a model",
    link: link.id,
  };
}

function joins(data: SampleData, { type_id, source, target }: Proposal): boolean {
  return linksOf(data, source).some(
    ({ record }) =>
      record.type_id === type_id &&
      ((record.source.id === source && record.target.id === target) ||
        (record.source.id === target && record.target.id === source)),
  );
}
