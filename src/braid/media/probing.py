"""Probing: what a file is and what it holds, decided by its content. Names and media types are only claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.media import sniff as families
from braid.media.facts import (
    Found,
    audio_facts,
    cloud_facts,
    picture_facts,
    series_facts,
    text_facts,
    video_facts,
)
from braid.media.sniff import HEAD_BYTES, Sniffed, is_web_page, sniff
from braid.model.records import MediaFacts, Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a stream made of this file would be. warnings: (code, message), codes as `W_VARIABLE_RATE`.

    period_ns: the median distance of video frames. on_media_clock: the container times the readings.
    """

    modality: Modality
    media_type: str
    facts: MediaFacts
    warnings: tuple[tuple[str, str], ...] = field(default=())
    period_ns: int | None = None
    on_media_clock: bool = False


_CLAIMS: dict[Modality, tuple[str, ...]] = {
    Modality.IMAGE: (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    Modality.VIDEO: (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".ts", ".wmv", ".flv"),
    Modality.AUDIO: (
        ".wav",
        ".mp3",
        ".flac",
        ".ogg",
        ".oga",
        ".opus",
        ".m4a",
        ".aac",
        ".aif",
        ".aiff",
        ".wma",
    ),
    Modality.POINT_CLOUD: (".pcd", ".bin", ".las", ".laz", ".npy"),
    Modality.SERIES: (".csv", ".tsv", ".parquet"),
    Modality.TEXT: (".txt", ".md"),
}
_NAME_OF_FORMAT: dict[str, tuple[str, ...]] = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "GIF": (".gif",),
    "BMP": (".bmp", ".dib"),
    "TIFF": (".tif", ".tiff"),
}


def probe(
    path: Path, *, modality: Modality | None = None, media_type: str = "", name: str = "", track: int = 0
) -> Probe:
    """Modality, media type, facts and warnings of a file.

    modality: what the stream shall be (a video file has audio tracks too); None lets the content decide.
    media_type, name: what the source claims; a claim that the content contradicts is a warning or a refusal.
    track: which track of that modality, counted from 0. Raises NotFound or InvalidInput with a reason.
    """
    shown = name or path.name
    found = sniff(path)
    claimed = modality or _claimed(media_type, shown)
    chosen = _choose(path, found, modality=modality, claimed=claimed, shown=shown)
    if chosen is Modality.IMAGE:
        result = picture_facts(path)
    elif chosen is Modality.VIDEO:
        result = video_facts(path, track)
    elif chosen is Modality.AUDIO:
        result = audio_facts(path, track)
    elif chosen is Modality.POINT_CLOUD:
        result = cloud_facts(path, media_type=media_type, name=shown)
    elif chosen is Modality.SERIES:
        try:
            result = series_facts(path)
        except InvalidInput as error:
            if modality is Modality.SERIES or found.family != families.TEXT:
                raise
            chosen = Modality.TEXT  # a table without times is still a text
            result = text_facts(path, why_not_series=error.what)
    else:
        result = text_facts(path)
    warnings = result.warnings + _name_warning(found, shown)
    codes = tuple(sorted({code for code, _ in warnings}))
    return Probe(
        modality=chosen,
        media_type=result.media_type,
        facts=_with_warnings(result, codes),
        warnings=warnings,
        period_ns=result.period_ns,
        on_media_clock=chosen in {Modality.VIDEO, Modality.AUDIO},
    )


def _with_warnings(result: Found, codes: tuple[str, ...]) -> MediaFacts:
    import msgspec

    return msgspec.structs.replace(result.facts, warnings=codes)


def _claimed(media_type: str, shown: str) -> Modality | None:
    kind = media_type.partition("/")[0].lower()
    if kind in {"image", "video", "audio"}:
        return Modality(kind)
    lower = shown.lower()
    for modality, endings in _CLAIMS.items():
        if lower.endswith(endings):
            return modality
    return None


def _choose(
    path: Path, found: Sniffed, *, modality: Modality | None, claimed: Modality | None, shown: str
) -> Modality:
    if found.family == families.EMPTY and modality is not Modality.TEXT:
        raise InvalidInput(
            "the file is empty", where=shown, got="0 bytes", hint="Was the download interrupted?"
        )
    raw_cloud = claimed is Modality.POINT_CLOUD and shown.lower().endswith(".bin")
    if found.family == families.REFUSED and not raw_cloud:
        raise InvalidInput("this kind of file is not a stream", where=shown, got=found.name)
    if modality is Modality.POINT_CLOUD or (raw_cloud and found.family != families.PCD):
        return Modality.POINT_CLOUD
    possible = _possible(path, found, claimed=claimed)
    if modality is not None:
        if modality not in possible:
            raise _contradiction(path, found, wanted=modality, shown=shown)
        return modality
    if found.family == families.TEXT and claimed in {Modality.IMAGE, Modality.VIDEO, Modality.AUDIO}:
        raise _contradiction(path, found, wanted=claimed, shown=shown)
    if not possible:
        raise InvalidInput(
            "the file's content is not recognised",
            where=shown,
            got=found.name or found.family,
            wanted="a picture, video, audio, point cloud (.bin, .pcd), text, CSV or Parquet",
        )
    return possible[0]


def _possible(path: Path, found: Sniffed, *, claimed: Modality | None) -> tuple[Modality, ...]:
    """What a file of that content can be, the likeliest first."""
    if found.family == families.PICTURE:
        return (Modality.IMAGE,)
    if found.family == families.CONTAINER:
        return _container_modalities(path)
    if found.family == families.PCD:
        return (Modality.POINT_CLOUD,)
    if found.family == families.PARQUET:
        return (Modality.SERIES,)
    if found.family in {families.TEXT, families.EMPTY}:
        both = (Modality.TEXT, Modality.SERIES)
        return both[::-1] if claimed is Modality.SERIES else both
    return ()


def _container_modalities(path: Path) -> tuple[Modality, ...]:
    from braid.media.containers import scan

    kinds = {one.kind for one in scan(path).tracks}
    return tuple(one for one in (Modality.VIDEO, Modality.AUDIO) if one.value in kinds)


def _contradiction(path: Path, found: Sniffed, *, wanted: Modality, shown: str) -> InvalidInput:
    with path.open("rb") as source:
        page = found.family == families.TEXT and is_web_page(source.read(HEAD_BYTES))
    return InvalidInput(
        f"the file is not {_ARTICLE[wanted]}",
        where=shown,
        got="an HTML page" if page else (found.name or found.family),
        wanted=wanted.value,
        hint="A failed download often leaves an error page; fetch it again" if page else "",
    )


_ARTICLE = {
    Modality.IMAGE: "a picture",
    Modality.VIDEO: "a video",
    Modality.AUDIO: "audio",
    Modality.TEXT: "text",
    Modality.POINT_CLOUD: "a point cloud",
    Modality.SERIES: "a series",
}


def _name_warning(found: Sniffed, shown: str) -> tuple[tuple[str, str], ...]:
    endings = _NAME_OF_FORMAT.get(found.name)
    lower = shown.lower()
    all_endings = tuple(ending for group in _CLAIMS.values() for ending in group)
    if endings and not lower.endswith(endings) and lower.endswith(all_endings):
        return (("W_NAME_MISMATCH", f"{shown} is {found.name} by its content; the content counts"),)
    return ()
