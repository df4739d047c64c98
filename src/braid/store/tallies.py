"""Counts over the heads of a project: each is one pass by index over narrow columns; no annotation is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from braid.store.database import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallies:
    """Counts at commit `seq`, as rows.

    states: (state, samples). streams: stream id to modality. labels: (class, stream, annotations).
    entities: (class, entities). links: (type, links, suspects). pairs: (type, source class, target class, links).
    """

    seq: int
    states: tuple[tuple[str, int], ...]
    streams: dict[str, str]
    labels: tuple[tuple[str, str, int], ...]
    entities: tuple[tuple[str, int], ...]
    links: tuple[tuple[str, int, int], ...]
    pairs: tuple[tuple[str, str, str, int], ...]
    suspect_samples: int
    labelled_samples: int


def tallies(session: Session, no: int, *, seq: int) -> Tallies:
    """Count the heads of a project."""
    streams = session.rows("SELECT id, payload FROM head WHERE project = ? AND kind = 'stream'", (no,))
    return Tallies(
        seq=seq,
        states=_rows(session, no, "SELECT state, COUNT(*) FROM sample_head WHERE project = ? GROUP BY state"),
        streams={stream: _MODALITY.decode(payload.encode()).modality for stream, payload in streams},
        labels=_rows(
            session,
            no,
            "SELECT class_id, stream, COUNT(*) FROM head WHERE project = ? AND kind = 'annotation' "
            "GROUP BY class_id, stream",
        ),
        entities=_rows(
            session,
            no,
            "SELECT class_id, COUNT(*) FROM head WHERE project = ? AND kind = 'entity' GROUP BY class_id",
        ),
        links=_rows(
            session,
            no,
            "SELECT type_id, COUNT(*), SUM(suspect) FROM link_head WHERE project = ? GROUP BY type_id",
        ),
        pairs=_rows(
            session,
            no,
            "SELECT l.type_id, s.class_id, t.class_id, COUNT(*) FROM link_head l "
            "JOIN head s ON s.project = l.project AND s.id = l.source_id "
            "JOIN head t ON t.project = l.project AND t.id = l.target_id "
            "WHERE l.project = ? AND s.class_id IS NOT NULL AND t.class_id IS NOT NULL "
            "GROUP BY l.type_id, s.class_id, t.class_id",
        ),
        suspect_samples=session.rows(
            "SELECT COUNT(DISTINCT sample) FROM link_head WHERE project = ? AND suspect = 1", (no,)
        )[0][0],
        labelled_samples=session.rows(
            "SELECT COUNT(DISTINCT sample) FROM head WHERE project = ? AND kind = 'annotation'", (no,)
        )[0][0],
    )


class _Stream(msgspec.Struct):
    """The one field of a stream that is counted by."""

    modality: str


_MODALITY = msgspec.json.Decoder(_Stream)


def _rows(session: Session, no: int, sql: str) -> tuple[Any, ...]:
    return tuple(session.rows(sql, (no,)))
