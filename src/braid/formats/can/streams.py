"""Frames of one message as a numeric series: a column per signal, or id and bytes when no database knows the message."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from braid.clock.ns import LIMIT_NS
from braid.formats.can.dbc import Message
from braid.formats.can.decode import decode
from braid.formats.can.frames import EXTENDED, FLAG_NAMES
from braid.formats.can.spool import Records
from braid.formats.recording.series_asset import MAX_COLUMNS, Column, SeriesAsset
from braid.formats.recording.stamps import median_period_ns
from braid.formats.recording.streams import stream_of
from braid.formats.seam import ReadContext, Sources
from braid.formats.troubles import Troubles
from braid.model.records import Modality, Sampling, Stream
from braid.model.timing import Timing

Chunks = Callable[[], Iterator[Records]]
MAX_CHOICES_TEXT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where streams of one recording go: sample, zero of media time on its clock, what is true of every stream."""

    files: Sources
    context: ReadContext
    sample: str
    zero_ns: int
    timing: Timing
    troubles: Troubles
    source: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Survey:
    """One pass over the frames: what varies, how many bytes, how far apart in time."""

    count: int = 0
    all_flags: int = 0
    common_flags: int = -1
    longest: int = 0
    far: int = 0
    times: list[NDArray[np.int64]] = field(default_factory=list)


def message_stream(
    target: Target, chunks: Chunks, *, name: str, message: Message, source: dict[str, str]
) -> Stream | None:
    """The signals of one message over time; None when there are no frames."""
    survey = _survey(target, chunks)
    signals = message.signals[: MAX_COLUMNS - len(FLAG_NAMES)]
    varying = _varying(survey)
    columns = [
        *(Column(name=signal.name, unit=signal.unit) for signal in signals),
        *(Column(name=word, kind="int64") for _, word in varying),
    ]
    if not signals:
        return None
    if len(signals) < len(message.signals):
        left = len(message.signals) - len(signals)
        target.troubles.add(
            "too_many_signals", f"{name}: {left} of {len(message.signals)} signals were left out"
        )
    short = 0
    series = SeriesAsset(target.context.scratch, columns)
    for records in _near(target, chunks):
        values = decode(message, records["data"], records["length"])
        short += int((records["length"] < message.length).sum())
        series.add_many(
            records["at_ns"] - target.zero_ns,
            [*(values[signal.name] for signal in signals), *_flag_columns(records, varying)],
        )
    if short:
        target.troubles.add(
            "short_frames",
            f"{name}: {short} of {survey.count} frames are shorter than the {message.length} bytes of the database;"
            " signals beyond their end are missing",
            rejected=False,
        )
    facts = {"message": message.name, "id": f"{message.can_id:#x}", **source}
    for signal in signals:
        if signal.choices:
            words = ", ".join(f"{value}={text}" for value, text in sorted(signal.choices.items()))
            facts[f"choices:{signal.name}"] = (
                words if len(words) <= MAX_CHOICES_TEXT else f"{words[:MAX_CHOICES_TEXT]} …"
            )
    return _stream(target, series, survey, name=name, source=facts, sampling=Sampling.INSTANT)


def raw_stream(
    target: Target,
    parts: Sequence[Chunks],
    *,
    name: str,
    source: dict[str, str],
    sampling: Sampling = Sampling.INSTANT,
    payload: bool = True,
) -> Stream | None:
    """Ids, lengths and bytes of frames as they are; bytes that were not sent are missing. payload: there are bytes."""

    def chunks() -> Iterator[Records]:
        for part in parts:
            yield from part()

    survey = _survey(target, chunks)
    width = survey.longest if payload else 0
    varying = _varying(survey)
    if (survey.all_flags & ~survey.common_flags) & EXTENDED:
        varying = (*varying, (EXTENDED, "extended"))
    columns = [
        Column(name="id", kind="int64"),
        Column(name="length", unit="B", kind="int64"),
        *(Column(name=f"byte {place}") for place in range(width)),
        *(Column(name=word, kind="int64") for _, word in varying),
    ]
    series = SeriesAsset(target.context.scratch, columns)
    for records in _near(target, chunks):
        sent = np.arange(width) < records["length"][:, None]
        data = np.where(sent, records["data"][:, :width].astype(np.float64), np.nan)
        series.add_many(
            records["at_ns"] - target.zero_ns,
            [
                records["can_id"].astype(np.int64),
                records["length"].astype(np.int64),
                *(data[:, place] for place in range(width)),
                *_flag_columns(records, varying),
            ],
        )
    return _stream(target, series, survey, name=name, source=source, sampling=sampling)


def _survey(target: Target, chunks: Chunks) -> _Survey:
    survey = _Survey()
    for records in chunks():
        near = _is_near(target, records)
        survey.far += int((~near).sum())
        kept = records[near]
        if not len(kept):
            continue
        survey.count += len(kept)
        survey.all_flags |= int(np.bitwise_or.reduce(kept["flags"]))
        survey.common_flags &= int(np.bitwise_and.reduce(kept["flags"]))
        survey.longest = max(survey.longest, int(kept["length"].max()))
        survey.times.append(kept["at_ns"].astype(np.int64))
    return survey


def _is_near(target: Target, records: Records) -> NDArray[np.bool_]:
    since = records["at_ns"] - target.zero_ns
    return np.asarray((since >= 0) & (since < LIMIT_NS))


def _near(target: Target, chunks: Chunks) -> Iterator[Records]:
    for records in chunks():
        kept = records[_is_near(target, records)]
        if len(kept):
            yield kept


def _varying(survey: _Survey) -> tuple[tuple[int, str], ...]:
    """Flags that some frames have and others have not."""
    mixed = survey.all_flags & ~survey.common_flags
    return tuple((bit, word) for bit, word in FLAG_NAMES if mixed & bit)


def _flag_columns(records: Records, varying: tuple[tuple[int, str], ...]) -> list[NDArray[np.int64]]:
    return [((records["flags"] & bit) != 0).astype(np.int64) for bit, _ in varying]


def _stream(
    target: Target,
    series: SeriesAsset,
    survey: _Survey,
    *,
    name: str,
    source: dict[str, str],
    sampling: Sampling,
) -> Stream | None:
    if survey.far:
        target.troubles.add(
            "far_time",
            f"{name}: {survey.far} frames are stamped before the start or more than 104 days after it",
        )
    digest = series.finish(target.files)
    if digest is None:
        return None
    facts = {**target.source, **source, "frames": str(survey.count)}
    common = [word for bit, word in FLAG_NAMES if survey.common_flags & bit]
    if common:
        facts["flags"] = " ".join(common)
    if survey.common_flags & EXTENDED:
        facts["id_bits"] = "29"
    times_ns = np.concatenate(survey.times)
    return stream_of(
        target.context,
        sample=target.sample,
        name=name,
        modality=Modality.SERIES,
        sampling=sampling,
        asset=digest,
        timing=msgspec.structs.replace(target.timing, period_ns=median_period_ns(times_ns)),
        source=facts,
    )
