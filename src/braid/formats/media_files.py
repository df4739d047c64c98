"""Loose media files as samples: what one folder holds was recorded together, so it becomes one sample.

Names say nothing about time: every stream starts at the sample's zero until it is synchronised. The sound of a video
becomes a stream of its own. Streams bear the names of their files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.beside import AUDIO, IMAGE, VIDEO, key_of
from braid.formats.options import FormatOption
from braid.formats.read_only import ReadOnly
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.model.records import Modality, Sample, Sampling, Stream

OTHERS: dict[str, tuple[Modality, Sampling, str]] = {
    **{ending: (Modality.AUDIO, Sampling.CONTINUOUS, kind) for ending, kind in AUDIO.items()},
    **{ending: (Modality.VIDEO, Sampling.INTERVAL, kind) for ending, kind in VIDEO.items()},
    **{ending: (Modality.IMAGE, Sampling.INSTANT, kind) for ending, kind in IMAGE.items()},
    ".webp": (Modality.IMAGE, Sampling.INSTANT, "image/webp"),
    ".txt": (Modality.TEXT, Sampling.EVENT, "text/plain"),
    ".csv": (Modality.SERIES, Sampling.INSTANT, "text/csv"),
    ".parquet": (Modality.SERIES, Sampling.INSTANT, "application/vnd.apache.parquet"),
    ".pcd": (Modality.POINT_CLOUD, Sampling.SWEEP, "application/vnd.pcd"),
}
MAX_STREAMS = 64


class MediaFiles(ReadOnly):
    """Folders of sound, video, pictures, texts, tables and point clouds."""

    id: ClassVar[str] = "media"
    title: ClassVar[str] = "Media files"
    purpose: ClassVar[str] = "Loose recordings without labels: one sample per folder, or per file."
    example: ClassVar[str] = "braid import media ./interview --project talks"
    options: ClassVar[tuple[FormatOption, ...]] = (
        FormatOption(
            name="samples",
            meaning="what becomes a sample: each folder with all its files (default), or each file",
            values=("folders", "files"),
        ),
    )

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """Samples by name. Files of other kinds are told and passed over."""
        groups: dict[str, list[Path]] = {}
        for path in _files(files):
            if path.suffix.casefold() not in OTHERS:
                name = files.name(path)
                message = f"files ending in {path.suffix or 'nothing'} are no media; it was left out"
                yield Problem(where=name, code="not_media", message=message, rejected=False)
                continue
            alone = context.options.get("samples") == "files" or files.root.is_file()
            key = key_of(files, path) if alone else files.name(path.parent)
            groups.setdefault(files.root.name if key == "." else key, []).append(path)
        if not groups:
            raise InvalidInput(
                "no media file", where=files.root.name, wanted=f"a name ending in {', '.join(OTHERS)}"
            )
        for key, paths in sorted(groups.items()):
            if len(paths) > MAX_STREAMS:
                message = f"{len(paths)} files are too many for one sample, at most {MAX_STREAMS} go together"
                hint = "The option samples=files makes one of each"
                yield Problem(where=key, code="too_many", message=f"{message}. {hint}", rejected=True)
                continue
            sample = Sample(id=context.new_id(), key=key, source={"format": "media"})
            streams = tuple(stream for path in paths for stream in _streams(files, context, sample, path))
            yield SampleBundle(sample=sample, records=streams)


def _files(files: Sources) -> list[Path]:
    """The root itself, or all files below it by name; hidden ones and links that lead out are passed over."""
    if files.root.is_file():
        return [files.root]
    return [
        path
        for path in sorted(files.root.rglob("*"))
        if path.is_file()
        and path.resolve().is_relative_to(files.base)
        and not any(part.startswith(".") for part in path.relative_to(files.root).parts)
    ]


def _streams(files: Sources, context: ReadContext, sample: Sample, path: Path) -> Iterator[Stream]:
    modality, sampling, media_type = OTHERS[path.suffix.casefold()]
    asset = files.asset(path)
    yield Stream(
        id=context.new_id(),
        sample=sample.id,
        name=path.stem,
        modality=modality,
        sampling=sampling,
        asset=asset,
        media_type=media_type,
        file_name=path.name,
    )
    if modality is Modality.VIDEO and _has_sound(path):
        yield Stream(
            id=context.new_id(),
            sample=sample.id,
            name=f"{path.stem} sound",
            modality=Modality.AUDIO,
            sampling=Sampling.CONTINUOUS,
            asset=asset,
            media_type=media_type,
            file_name=path.name,
        )


def _has_sound(path: Path) -> bool:
    """Whether a container declares an audio track; a file that cannot be opened is refused later, with its reason."""
    import av

    try:
        with av.open(str(path)) as container:
            return bool(container.streams.audio)
    except (av.FFmpegError, ValueError):
        return False
