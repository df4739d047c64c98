"""The facts of one file per modality, with the warnings a person should see before trusting them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.clock.lookup import median_period_ns
from braid.clock.rates import Rate
from braid.media.containers import Scan, TrackScan, scan
from braid.media.truncation import cut_short
from braid.model.records import MediaFacts

Warnings = tuple[tuple[str, str], ...]
LATE = Fraction(40, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Facts without the warning codes, which the caller adds. period_ns: median distance of video frames."""

    media_type: str
    facts: MediaFacts
    warnings: Warnings = ()
    period_ns: int | None = None


def picture_facts(path: Path) -> Found:
    """Size after EXIF orientation."""
    from braid.media.pictures import picture_size

    width, height, name = picture_size(path)
    facts = MediaFacts(width_px=width, height_px=height, frame_count=1, codec=name.lower())
    return Found(media_type=f"image/{name.lower()}", facts=facts)


def video_facts(path: Path, track: int) -> Found:
    """Frame table, rate when it is constant, and what is odd about the file's times."""
    from braid.media.video import check_area, shown_size, video_times

    found = scan(path)
    one = found.pick("video", track, where=path.name)
    check_area(one.width_px, one.height_px, path)
    if not one.width_px or not one.height_px:
        raise InvalidInput("the video has no picture size", where=path.name, hint="Its head may be damaged")
    width_px, height_px = shown_size(path, one)
    times = video_times(found, one, path)
    warnings = list(_container_warnings(path, found, one))
    if times.rate is None and len(times.ticks) > 1:
        warnings.append(("W_VARIABLE_RATE", "the time between video frames varies; the frame table is exact"))
    if times.duplicates:
        warnings.append(
            (
                "W_DUPLICATE_TIMES",
                f"{one.packets} video frames share {len(times.ticks)} times; the last of each time counts",
            )
        )
    if times.guessed:
        warnings.append(
            ("W_TIMES_GUESSED", "the container stores no presentation times; the decoder's order was used")
        )
    table = times.table
    facts = MediaFacts(
        width_px=width_px,
        height_px=height_px,
        start_ns=table.starts_ns[0],
        duration_ns=table.end_ns - table.starts_ns[0],
        frame_count=len(table),
        rate=times.rate,
        codec=one.codec,
        media_zero=_fraction_text(found.zero),
        edits=one.edits or (),
    )
    return Found(
        media_type=container_type(path, found),
        facts=facts,
        warnings=tuple(warnings),
        period_ns=median_period_ns(table.starts_ns),
    )


def audio_facts(path: Path, track: int) -> Found:
    """Start after priming, duration by packet times."""
    from braid.media.audio import check_audio

    found = scan(path)
    one = found.pick("audio", track, where=path.name)
    check_audio(one.sample_rate_hz, one.channel_count, path)
    start, end = one.start, one.end
    start_ns = None if start is None else found.media_ns(start)
    facts = MediaFacts(
        start_ns=start_ns,
        duration_ns=None if start_ns is None or end is None else max(0, found.media_ns(end) - start_ns),
        rate=Rate(num=one.sample_rate_hz),
        channel_count=one.channel_count,
        codec=one.codec,
        media_zero=_fraction_text(found.zero),
        priming=one.priming,
        padding=one.trim if one.declared_skip is not None else None,
        edits=one.edits or (),
    )
    warnings = _container_warnings(path, found, one)
    return Found(media_type=container_type(path, found), facts=facts, warnings=warnings)


def cloud_facts(path: Path, *, media_type: str, name: str) -> Found:
    """Points in the file (rows, usable or not)."""
    from braid.media.clouds import read_cloud

    cloud = read_cloud(path, media_type=media_type, name=name)
    kind = {"pcd": "x-pcd", "kitti": "x-kitti-velodyne", "nuscenes": "x-nuscenes-lidar"}[cloud.layout]
    facts = MediaFacts(point_count=len(cloud.points), codec=cloud.layout)
    return Found(media_type=f"application/{kind}", facts=facts, warnings=cloud.warnings)


def text_facts(path: Path, *, why_not_series: str = "") -> Found:
    """Length in code points. `why_not_series`: what kept a table from being read as one."""
    from braid.media.texts import read_text

    text = read_text(path)
    facts = MediaFacts(text_length=len(text.text), codec=text.encoding)
    warnings = text.warnings
    if why_not_series:
        warnings += (("W_NOT_A_SERIES", f"kept as text: {why_not_series}"),)
    return Found(media_type="text/plain", facts=facts, warnings=warnings)


def series_facts(path: Path) -> Found:
    """Channels, units, first and last reading."""
    from braid.media.series import read_summary

    summary = read_summary(path)
    facts = MediaFacts(
        start_ns=summary.start_ns,
        duration_ns=summary.end_ns - summary.start_ns,
        frame_count=summary.total,
        channel_count=len(summary.channels),
        channels=tuple(name for name, _ in summary.channels),
        units=tuple(unit for _, unit in summary.channels),
        codec=summary.layout,
    )
    kind = "text/csv" if summary.layout == "csv" else "application/vnd.apache.parquet"
    return Found(media_type=kind, facts=facts, warnings=summary.warnings)


def container_type(path: Path, found: Scan) -> str:
    """The media type by content; a container without video is audio."""
    kind = "video" if any(one.kind == "video" for one in found.tracks) else "audio"
    first = found.container
    if first == "mp4":
        return f"{kind}/mp4"
    if first == "matroska":
        with path.open("rb") as source:
            return f"{kind}/webm" if b"webm" in source.read(64) else f"{kind}/x-matroska"
    names = {
        "mp3": "audio/mpeg", "wav": "audio/wav", "w64": "audio/x-w64", "flac": "audio/flac", "aac": "audio/aac",
        "ogg": f"{kind}/ogg", "aiff": "audio/aiff", "au": "audio/basic", "avi": "video/x-msvideo",
        "mpeg": "video/mpeg", "mpegvideo": "video/mpeg", "mpegts": "video/mp2t", "flv": "video/x-flv",
    }  # fmt: skip
    return names.get(first, f"{kind}/x-{first}")


def _container_warnings(path: Path, found: Scan, one: TrackScan) -> Warnings:
    warnings: list[tuple[str, str]] = []
    cut = found.damaged or cut_short(path, found.container)
    missing = one.claimed_frames - one.packets - one.discarded
    if found.container == "mp4" and missing > 0:
        cut = f"the header claims {one.claimed_frames} packets, {one.packets + one.discarded} are present"
    if cut:
        warnings.append(("W_TRUNCATED", f"the file is cut short or damaged: {cut}"))
    if not found.says_duration:
        warnings.append(("W_NO_DURATION", "the file does not say how long it is; its packets were counted"))
    if any(audio.kind == "audio" and audio.priming is None for audio in found.tracks):
        warnings.append(
            (
                "W_PRIMING_UNKNOWN",
                "the audio may start 20 to 50 ms late: its encoder delay is not stored in the file",
            )
        )
    video = min((t.start for t in found.tracks if t.kind == "video" and t.start is not None), default=None)
    audio_start = min(
        (t.start for t in found.tracks if t.kind == "audio" and t.start is not None), default=None
    )
    if video is not None and audio_start is not None and audio_start - video > LATE:
        late_ms = round(float(audio_start - video) * 1000)
        warnings.append(
            ("W_AUDIO_LATE", f"the audio starts {late_ms} ms after the video; it is placed there")
        )
    if video is not None and audio_start is not None and video - audio_start > LATE:
        late_ms = round(float(video - audio_start) * 1000)
        warnings.append(
            ("W_VIDEO_LATE", f"the video starts {late_ms} ms after the audio; it is placed there")
        )
    return tuple(warnings)


def _fraction_text(seconds: Fraction) -> str:
    return str(seconds) if seconds else ""
