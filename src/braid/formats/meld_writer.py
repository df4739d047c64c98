"""Utterances as a MELD table: one row for each annotation that bears text on a time span or text span."""

from __future__ import annotations

import csv
from pathlib import Path

from braid.formats.losses import LossCounter
from braid.formats.seam import ExportSource, Loss, SampleBundle
from braid.model.records import Annotation, Entity, Link
from braid.model.regions import TextSpan, TimeSpan, kind_of

COLUMNS = [
    "Sr No.",
    "Utterance",
    "Speaker",
    "Emotion",
    "Sentiment",
    "Dialogue_ID",
    "Utterance_ID",
    "Season",
    "Episode",
    "StartTime",
    "EndTime",
]


def write_meld(source: ExportSource, path: Path) -> tuple[Loss, ...]:
    """Write the table with CRLF, as the original has it."""
    loss = LossCounter()
    number = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\r\n")
        table.writerow(COLUMNS)
        for bundle in source.bundles():
            for row in _rows(bundle, loss):
                number += 1
                table.writerow([number, *row])
    return loss.report()


def _rows(bundle: SampleBundle, loss: LossCounter) -> list[list[str]]:
    """The rows of one sample without their running number, in the order of speech."""
    entities = {record.id: record for record in bundle.records if isinstance(record, Entity)}
    spoken: dict[str, str] = {}
    for record in bundle.records:
        if isinstance(record, Link) and record.type_id == "spoken-by" and record.target.id in entities:
            spoken.setdefault(record.source.id, entities[record.target.id].name)
        elif isinstance(record, Link):
            loss.add(f"{record.type_id} link", "a row holds only its speaker")
    loss.add_kinds(
        bundle.records, kinds=("calibration", "trajectory", "verdict"), why="a row has no place for it"
    )
    rows: list[tuple[tuple[int, int, str], list[str]]] = []
    source = bundle.sample.source
    for record in bundle.records:
        if not isinstance(record, Annotation):
            continue
        region = record.region
        if record.text is None or not isinstance(region, TimeSpan | TextSpan):
            loss.add(f"{kind_of(region)} annotation", "not an utterance with a text")
            continue
        timed = isinstance(region, TimeSpan)
        start = region.start_ns if isinstance(region, TimeSpan) else region.start
        times = [_clock(region.start_ns), _clock(region.end_ns)] if isinstance(region, TimeSpan) else ["", ""]
        if timed and (region.start_ns % 10**6 or region.end_ns % 10**6):  # type: ignore[union-attr]
            loss.add("time below a millisecond", "the table counts milliseconds")
        for name in sorted(set(record.attributes) - {"emotion", "sentiment"}):
            loss.add(f"attribute {name}", "the table has no such column")
        rows.append(
            (
                (0 if timed else 1, start, record.id),
                [
                    record.text,
                    spoken.get(record.id, ""),
                    str(record.attributes.get("emotion", "")),
                    str(record.attributes.get("sentiment", "")),
                    source.get("dialogue", bundle.sample.key),
                    record.source_id,
                    source.get("season", ""),
                    source.get("episode", ""),
                    *times,
                ],
            )
        )
    return [cells for _, cells in sorted(rows, key=lambda row: row[0])]


def _clock(at_ns: int) -> str:
    whole_ms = at_ns // 10**6
    seconds, milliseconds = divmod(whole_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{milliseconds:03}"
