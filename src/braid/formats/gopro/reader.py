"""GoPro clips as samples: video, audio and every telemetry stream on the clip's own clock.

The camera stamps no sample: those of a payload are spread over its second, and a clock map states the uncertainty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockFit, ClockSegment
from braid.clock.ns import LIMIT_NS, SECOND_NS, seconds_text
from braid.formats.beside import files_below, key_of
from braid.formats.gopro.mp4 import Clip, read_clip
from braid.formats.gopro.telemetry import (
    STATES,
    Matrix,
    Telemetry,
    Track,
    check_counts,
    split_raw,
    take_payload,
    utc_ns,
)
from braid.formats.gopro.timing import Ints, PayloadTime, spread, stamps_ns
from braid.formats.read_only import ReadOnly
from braid.formats.recording.series_asset import Column, SeriesAsset
from braid.formats.recording.stamps import median_period_ns
from braid.formats.recording.streams import stream_of
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.formats.troubles import Troubles
from braid.model.records import AnyRecord, ClockMap, Modality, Sample, Sampling, Stream
from braid.model.timing import Stamp, StampGap, Timescale, Timing

CLIPS = (".mp4", ".mov", ".360", ".lrv")
RAW = (".raw", ".gpmf")
RAW_PAYLOAD_NS = 1_001_000_000
"""How long a payload lasts that no container places: the usual second of 29.97 frames."""
RAW_LIMIT = 256 * 2**20
DATE_2000_S = 946_684_800
FIX = 2
"""A receiver with two or three dimensions has a time."""


class Gopro(ReadOnly):
    """Clips with a GPMF telemetry track."""

    id: ClassVar[str] = "gopro"
    title: ClassVar[str] = "GoPro telemetry"
    purpose: ClassVar[str] = "Action camera clips with their accelerometer, gyro, GPS and more (GPMF)."
    example: ClassVar[str] = "GX010001.MP4"

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per clip or raw GPMF file."""
        paths = list(files_below(files, *CLIPS, *RAW))
        if not paths:
            raise InvalidInput("no GoPro clips", where=files.root.name, wanted="*.mp4 or *.raw with GPMF")
        stems = Counter(key_of(files, path) for path in paths)
        for path in paths:
            key = key_of(files, path)
            yield from _read_one(
                files, context, path, key=key if stems[key] == 1 else f"{key}-{path.suffix[1:]}"
            )


def _read_one(
    files: Sources, context: ReadContext, path: Path, *, key: str
) -> Iterator[SampleBundle | Problem]:
    where = files.name(path)
    troubles = Troubles(where)
    try:
        clip = (
            _raw_clip(files, path, troubles)
            if path.suffix.casefold() in RAW
            else read_clip(path, where=where)
        )
    except InvalidInput as error:
        yield Problem(where=where, code="unreadable", message=error.letter(), rejected=True)
        return
    telemetry = Telemetry()
    for number, payload in enumerate(clip.payloads):
        take_payload(telemetry, payload, number, troubles)
    if clip.dropped:
        troubles.add("too_large", f"{clip.dropped} payloads are too large or too many")
    if not telemetry.tracks:
        yield from troubles.told()
        yield Problem(
            where=where, code="no_telemetry", message="the clip has no GPMF telemetry", rejected=True
        )
        return
    check_counts(list(telemetry.tracks.values()), troubles)
    epoch_ns, epoch_words = _epoch(telemetry, clip.times)
    sample = Sample(
        id=context.new_id(),
        key=key,
        epoch_ns=None if epoch_ns is None else str(epoch_ns),
        source={"format": "gopro", **clip.about, **epoch_words},
    )
    records: list[AnyRecord] = list(_media(files, context, sample, path, clip))
    keys = Counter(one.key for one in telemetry.tracks)
    for track in telemetry.tracks.values():
        name = track.key.key
        if keys[name] > 1:
            name = f"{track.device_name or track.key.device}/{name}"
        records += _series(
            files, context, sample, track, clip.times, name=name, epoch_ns=epoch_ns, troubles=troubles
        )
    records += _states(files, context, sample, telemetry, clip.times)
    if telemetry.texts:
        said = ", ".join(f"{name}: {text}" for name, text in sorted(telemetry.texts.items()))
        troubles.add("texts", f"texts in the telemetry are no series: {said[:300]}", rejected=False)
    yield from troubles.told()
    yield SampleBundle(sample=sample, records=tuple(records))


def _raw_clip(files: Sources, path: Path, troubles: Troubles) -> Clip:
    payloads = list(split_raw(files.read(path, limit=RAW_LIMIT)))
    times = [
        PayloadTime(start_ns=number * RAW_PAYLOAD_NS, end_ns=(number + 1) * RAW_PAYLOAD_NS)
        for number in range(len(payloads))
    ]
    troubles.add(
        "time_assumed",
        f"a raw file has no times: each of {len(payloads)} payloads was taken as {seconds_text(RAW_PAYLOAD_NS)} s long",
        rejected=False,
    )
    return Clip(payloads=payloads, times=times)


def _media(files: Sources, context: ReadContext, sample: Sample, path: Path, clip: Clip) -> Iterator[Stream]:
    if not clip.video and not clip.audio:
        return
    asset = files.asset(path)
    for there, modality, sampling in (
        (clip.video, Modality.VIDEO, Sampling.INTERVAL),
        (clip.audio, Modality.AUDIO, Sampling.CONTINUOUS),
    ):
        if there:
            yield Stream(
                id=context.new_id(),
                sample=sample.id,
                name=modality.value,
                modality=modality,
                sampling=sampling,
                asset=asset,
                media_type="video/mp4",
                file_name=path.name,
                timing=Timing(timescale=Timescale.MEDIA),
                source={"format": "gopro"},
            )


def _series(
    files: Sources,
    context: ReadContext,
    sample: Sample,
    track: Track,
    times: list[PayloadTime],
    *,
    name: str,
    epoch_ns: int | None,
    troubles: Troubles,
) -> list[AnyRecord]:
    pieces = [piece for piece in track.pieces if len(piece.values)]
    placed = spread(pieces, times)
    values = np.concatenate([piece.values for piece in pieces])
    device_ns, told = _device_stamps(track, values, epoch_ns, first_ns=int(placed.media_ns[0]))
    gaps = () if device_ns is None else (_gap(device_ns - placed.media_ns),)
    columns = [
        Column(name=column, unit=unit) for column, unit in zip(track.columns, track.units, strict=True)
    ]
    series = SeriesAsset(context.scratch, columns, stamps=() if device_ns is None else ("device",))
    series.add_many(
        placed.media_ns,
        [values[:, place] for place in range(values.shape[1])],
        [] if device_ns is None else [device_ns],
    )
    stream = stream_of(
        context,
        sample=sample.id,
        name=name,
        modality=Modality.SERIES,
        sampling=Sampling.INSTANT,
        asset=series.finish(files),
        timing=Timing(period_ns=placed.period_ns, timescale=Timescale.MEDIA, gaps=gaps),
        source={
            "format": "gopro",
            "key": track.key.key,
            "title": track.title,
            "device": track.device_name,
            "axes": ", ".join(track.columns),
            **track.about,
            **told,
        },
    )
    clock = ClockMap(
        id=context.new_id(),
        sample=sample.id,
        stream=stream.id,
        segments=(ClockSegment(media_ns=0, timeline_ns=0),),
        fit=ClockFit(system_sigma_ns=placed.sigma_ns),
        method=f"samples spread evenly over {len(pieces)} payloads",
        valid_from_ns=int(placed.media_ns[0]),
        valid_to_ns=int(placed.media_ns[-1]),
    )
    return [stream, clock]


def _device_stamps(
    track: Track, values: Matrix, epoch_ns: int | None, *, first_ns: int
) -> tuple[Ints | None, dict[str, str]]:
    """What the device itself says of each sample, in media time: GPS9 days and seconds, STMP, or GPSU of payloads."""
    pieces = [piece for piece in track.pieces if len(piece.values)]
    counts = [len(piece.values) for piece in pieces]
    if track.key.key == "GPS9" and values.shape[1] >= 7 and epoch_ns is not None:
        days, seconds = values[:, 5], values[:, 6]
        if (
            np.isfinite(days).all()
            and np.isfinite(seconds).all()
            and (days >= 0).all()
            and (days < 40_000).all()
        ):
            unix_ns = (DATE_2000_S + days.astype(np.int64) * 86_400) * SECOND_NS
            unix_ns += np.rint(seconds * SECOND_NS).astype(np.int64)
            if int(np.abs(unix_ns - epoch_ns).max()) < LIMIT_NS:
                return unix_ns - epoch_ns, {"device_stamps": "GPS days and seconds"}
    micros = [None if piece.stamp_us is None else piece.stamp_us * 1000 for piece in pieces]
    stamps = stamps_ns(micros, counts)
    if stamps is not None and int(stamps[-1] - stamps[0]) < LIMIT_NS:
        return stamps - stamps[0] + first_ns, {"device_stamps": "STMP, counted from the first sample"}
    if epoch_ns is not None:
        fixed = [utc_ns(piece.utc) if (piece.fix or 0) >= FIX else None for piece in pieces]
        stamps = stamps_ns(fixed, counts)
        if stamps is not None and int(np.abs(stamps - epoch_ns).max()) < LIMIT_NS:
            return stamps - epoch_ns, {"device_stamps": "GPS time (GPSU) of payloads, spread in between"}
    return None, {}


def _states(
    files: Sources, context: ReadContext, sample: Sample, telemetry: Telemetry, times: list[PayloadTime]
) -> Iterator[Stream]:
    """What a device says once a payload, as a series at the payload's start."""
    for device, payloads in telemetry.states.items():
        keys = [key for key in STATES if any(key in told for told in payloads.values())]
        series = SeriesAsset(
            context.scratch, [Column(name=STATES[key][0], unit=STATES[key][1]) for key in keys]
        )
        starts = [times[number].start_ns for number in sorted(payloads)]
        for number in sorted(payloads):
            series.add(times[number].start_ns, [payloads[number].get(key) for key in keys])
        yield stream_of(
            context,
            sample=sample.id,
            name=f"{device} state",
            modality=Modality.SERIES,
            sampling=Sampling.EVENT,
            asset=series.finish(files),
            timing=Timing(
                period_ns=median_period_ns(np.array(starts, dtype=np.int64)), timescale=Timescale.MEDIA
            ),
            source={"format": "gopro", "device": device, "keys": ", ".join(keys)},
        )


def _gap(apart_ns: Ints) -> StampGap:
    ordered = np.sort(apart_ns)
    return StampGap(
        stamp=Stamp.DEVICE,
        count=len(ordered),
        median_ns=int(ordered[len(ordered) // 2]),
        p95_ns=int(ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]),
    )


def _epoch(telemetry: Telemetry, times: list[PayloadTime]) -> tuple[int | None, dict[str, str]]:
    """The clip's zero as Unix time: the median of GPS times of payloads with a fix, minus where the payload starts."""
    found = sorted(
        at_ns - times[piece.payload].start_ns
        for track in telemetry.tracks.values()
        for piece in track.pieces
        if piece.utc and (piece.fix or 0) >= FIX and (at_ns := utc_ns(piece.utc)) is not None
    )
    if not found:
        return None, {}
    middle = found[len(found) // 2]
    spread_ns = max(middle - found[0], found[-1] - middle)
    said = f"GPS time (GPSU) of {len(found)} payloads, +-{seconds_text(max(spread_ns, SECOND_NS // 2))} s"
    return middle, {"epoch": said}
