"""The list of samples: filtered, in the order of keys (or newest first), a page at a time."""

# ruff: noqa: S608 - only names and marks from this package are put into statements, values never

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from braid.history.codec import decode_record
from braid.model.findings import Severity
from braid.model.records import Modality, SampleState, Stream, kind_of_record
from braid.model.views import SampleFilter, SamplePage, SampleSummary
from braid.store.database import Session, chunks

RANKS = {severity: rank for rank, severity in enumerate(Severity)}
"""How findings sort: errors first."""

_OF = "SELECT 1 FROM head h WHERE h.project = s.project AND h.sample = s.id"
_OPEN = (
    "SELECT 1 FROM finding f WHERE f.project = s.project AND f.sample = s.id{more} AND NOT EXISTS "
    "(SELECT 1 FROM head v WHERE v.project = f.project AND v.sample = f.sample AND v.kind = 'verdict' "
    "AND v.payload LIKE ? || f.fingerprint || ?)"
)


def sample_page(
    session: Session,
    no: int,
    *,
    after: str | None,
    limit: int,
    search: str,
    state: str,
    only: SampleFilter,
    newest: bool = False,
    counted: bool = False,
) -> SamplePage:
    """Samples with their counts. newest: by descending id, and `after` is an id. counted: say how many fit in all."""
    limit = max(1, min(limit, 1000))
    conditions, values = _conditions(no, search=search, state=state, only=only)
    where = "".join(f" AND {condition}" for condition in conditions)
    order = "s.id" if newest else "s.key"
    page, extra = where, list(values)
    if after is not None:
        page, extra = f"{page} AND {order} {'<' if newest else '>'} ?", [*values, after]
    rows = session.rows(
        "SELECT s.id, s.key, s.state, h.payload FROM sample_head s "
        "JOIN head h ON h.project = s.project AND h.id = s.id "
        f"WHERE s.project = ?{page} ORDER BY {order}{' DESC' if newest else ''} LIMIT {limit + 1}",
        (no, *extra),
    )
    total = None
    if counted:
        found = session.rows(f"SELECT COUNT(*) FROM sample_head s WHERE s.project = ?{where}", (no, *values))
        total = found[0][0]
    shown = rows[:limit]
    last = (shown[-1][0] if newest else shown[-1][1]) if len(rows) > limit else None
    return SamplePage(items=_items(session, no, shown), next=last, total=total)


def _conditions(no: int, *, search: str, state: str, only: SampleFilter) -> tuple[list[str], list[Any]]:
    """Conditions on the row `s` of sample_head; each is looked up by the sample's index, links by one pass."""
    found: list[str] = []
    values: list[Any] = []

    def add(condition: str, *more: Any) -> None:
        found.append(condition)
        values.extend(more)

    if search:
        escaped = search.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
        add("LOWER(s.key) LIKE ? ESCAPE '!'", f"%{escaped}%")
    if state:
        add("s.state = ?", state)
    if only.classes:
        marks = ",".join("?" * len(only.classes))
        add(
            f"EXISTS ({_OF} AND h.kind IN ('annotation', 'entity') AND h.class_id IN ({marks}))",
            *only.classes,
        )
    if only.link_type:
        add(
            # Asked once for the whole list: links are not indexed by sample.
            "s.id IN (SELECT l.sample FROM link_head l WHERE l.project = ? AND l.type_id = ?)",
            no,
            only.link_type,
        )
    if only.is_suspect:
        add(
            "EXISTS (SELECT 1 FROM link_head l WHERE l.project = s.project AND l.sample = s.id AND l.suspect = 1)"
        )
    if only.modality is not None:
        # Payloads are canonical JSON, so this text stands nowhere inside of a string.
        add(f"EXISTS ({_OF} AND h.kind = 'stream' AND h.payload LIKE ?)", f'%"modality":"{only.modality}"%')
    if only.has_findings or only.check or only.severity is not None:
        more = ""
        wanted: list[Any] = []
        if only.severity is not None:
            more, wanted = f"{more} AND f.rank = ?", [*wanted, RANKS[only.severity]]
        if only.check:
            name = only.check.replace("!", "!!").replace("%", "!%").replace("_", "!_")
            more, wanted = f"{more} AND f.payload LIKE ? ESCAPE '!'", [*wanted, f'{{"check":"{name}",%']
        add(f"EXISTS ({_OPEN.format(more=more)})", *wanted, '%"fingerprint":"', '"%')
    return found, values


def _items(session: Session, no: int, rows: list[tuple[Any, ...]]) -> tuple[SampleSummary, ...]:
    ids = [row[0] for row in rows]
    counts = _counts(session, no, ids)
    looks = _looks(session, no, ids)
    items = []
    for record, key, standing, payload in rows:
        modalities, thumbnail = looks.get(record, ((), None))
        tags = msgspec.json.decode(payload, type=_Tagged).tags
        items.append(
            SampleSummary(
                id=record,
                key=key,
                state=SampleState(standing),
                tags=tags,
                modalities=modalities,
                annotations=counts.get((record, "annotation"), 0),
                links=counts.get((record, "link"), 0),
                suspects=counts.get((record, "suspect"), 0),
                findings=counts.get((record, "finding"), 0),
                thumbnail=thumbnail,
            )
        )
    return tuple(items)


class _Tagged(msgspec.Struct):
    """The one field of a sample that its row in the list needs."""

    tags: tuple[str, ...] = ()


def _counts(session: Session, no: int, samples: Iterable[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for marks, part in chunks(samples):
        for what, sql in (
            (
                "",
                f"SELECT sample, kind, COUNT(*) FROM head WHERE project = ? AND sample IN ({marks}) GROUP BY sample, kind",
            ),
            (
                "suspect",
                f"SELECT sample, 1, COUNT(*) FROM link_head WHERE project = ? AND suspect = 1 AND sample IN ({marks}) GROUP BY sample",
            ),
            (
                "finding",
                f"SELECT sample, 1, COUNT(*) FROM finding WHERE project = ? AND sample IN ({marks}) GROUP BY sample",
            ),
        ):
            for sample, kind, count in session.rows(sql, (no, *part)):
                found[sample, what or kind] = count
    return found


def _looks(
    session: Session, no: int, samples: Iterable[str]
) -> dict[str, tuple[tuple[str, ...], str | None]]:
    """By sample: the modalities of its streams and the stream to show a picture of, images before videos."""
    seen: dict[str, tuple[set[str], str | None]] = {}
    videos: dict[str, str] = {}
    for marks, part in chunks(samples):
        rows = session.rows(
            f"SELECT sample, id, payload FROM head WHERE project = ? AND sample IN ({marks}) AND kind = 'stream'",
            (no, *part),
        )
        for sample, _, payload in sorted(rows):
            stream = decode_record(payload)
            assert isinstance(stream, Stream), kind_of_record(stream)
            modalities, picture = seen.get(sample, (set(), None))
            if picture is None and stream.modality is Modality.IMAGE:
                picture = stream.id
            elif stream.modality is Modality.VIDEO:
                videos.setdefault(sample, stream.id)
            seen[sample] = (modalities | {stream.modality.value}, picture)
    return {
        sample: (tuple(sorted(modalities)), picture or videos.get(sample))
        for sample, (modalities, picture) in seen.items()
    }
