"""Media beside an annotation file: found by name, taken as streams; and copied again by writers that are asked to.

Nothing is probed here: a name's ending only proposes a modality, the importer looks into the bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from braid.base.errors import InvalidInput
from braid.formats.seam import ExportSource, ReadContext, Sources
from braid.model.records import Modality, Sampling, Stream

AUDIO: dict[str, str] = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
}
VIDEO: dict[str, str] = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".ogv": "video/ogg",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".avi": "video/x-msvideo",
}
IMAGE: dict[str, str] = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def files_below(files: Sources, *endings: str) -> Iterator[Path]:
    """Files with one of the endings (case ignored): the root itself when it is one, else below it, by name.

    Links that lead out of the folder are passed over.
    """
    if files.root.is_file():
        if files.root.name.casefold().endswith(endings):
            yield files.root
        return
    for path in sorted(files.root.rglob("*")):
        if (
            path.name.casefold().endswith(endings)
            and path.is_file()
            and path.resolve().is_relative_to(files.base)
        ):
            yield path


def media_named(files: Sources, folder: Path, name: str) -> Path | None:
    """The media file `name` in `folder`; without it, one of the same stem with another media ending."""
    wanted = PurePosixPath(name.replace("\\", "/"))
    return _first(files, folder, [wanted.name, *_with_endings(wanted.stem)])


def media_beside(files: Sources, path: Path) -> Path | None:
    """Audio or video with the same stem as `path`, also without a language ending (`talk.en.vtt`, `talk.mp4`)."""
    return _first(files, path.parent, [*_with_endings(path.stem), *_with_endings(Path(path.stem).stem)])


def _with_endings(stem: str) -> list[str]:
    return [f"{stem}{ending}" for ending in (*VIDEO, *AUDIO)]


def _first(files: Sources, folder: Path, names: list[str]) -> Path | None:
    for name in names:
        path = folder / name
        ending = PurePosixPath(name).suffix.casefold()
        if (ending in VIDEO or ending in AUDIO) and path.is_file():
            return path if path.resolve().is_relative_to(files.base) else None
    return None


def media_stream(files: Sources, context: ReadContext, sample: str, path: Path, *, name: str = "") -> Stream:
    """An audio or video file as a stream of `sample`."""
    ending = path.suffix.casefold()
    audio = ending in AUDIO
    if not audio and ending not in VIDEO:
        raise InvalidInput("not a media file by its name", where=files.name(path))
    return Stream(
        id=context.new_id(),
        sample=sample,
        name=name or ("audio" if audio else "video"),
        modality=Modality.AUDIO if audio else Modality.VIDEO,
        sampling=Sampling.CONTINUOUS if audio else Sampling.INTERVAL,
        asset=files.asset(path),
        media_type=AUDIO[ending] if audio else VIDEO[ending],
        file_name=path.name,
    )


def transcript_stream(
    files: Sources, context: ReadContext, sample: str, text: str, *, file_name: str
) -> Stream:
    """A text stream made of a transcript when there is no media to stand on."""
    return Stream(
        id=context.new_id(),
        sample=sample,
        name="transcript",
        modality=Modality.TEXT,
        sampling=Sampling.EVENT,
        asset=files.asset_of_bytes(text.encode(), store=context.scratch),
        media_type="text/plain",
        file_name=file_name,
    )


def key_of(files: Sources, path: Path) -> str:
    """A sample key from a file: its name below the root without the ending."""
    return PurePosixPath(files.name(path)).with_suffix("").as_posix()


def safe_stem(key: str) -> str:
    """A file name (without ending) from a sample key: no separators, no leading dot, at most 120 characters.

    >>> safe_stem("../day 1/talk")
    '_day 1_talk'
    """
    kept = "".join(char if char.isalnum() or char in " -_.()" else "_" for char in key).strip(" .")[:120]
    return kept or "sample"


def copy_media(source: ExportSource, stream: Stream, folder: Path) -> Path | None:
    """Copy the stream's whole-file asset into `folder` under its own name; None when it has none."""
    if stream.asset is None:
        return None
    target = folder / safe_stem(stream.file_name or stream.asset)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source.asset_path(stream.asset), target)
    return target


def image_size_px(path: Path) -> tuple[int, int] | None:
    """Width and height from a picture's header, as stored; None when it is no picture. Pixels are not decoded."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
