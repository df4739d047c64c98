"""Which files below a folder are one recording: a rosbag2 folder with its metadata.yaml, or a file of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from braid.base.errors import BraidError, InvalidInput
from braid.formats.seam import Problem, Sources

METADATA = "metadata.yaml"
ENDINGS = (".mcap", ".bag", ".db3", ".mcap.zstd", ".db3.zstd")
MAX_FILES = 10_000
MAX_METADATA = 4 * 2**20

MCAP, ROS1, SQLITE, ZSTD = "mcap", "ros1", "sqlite3", "zstd"
_MAGICS = (
    (b"\x89MCAP", MCAP),
    (b"#ROSBAG V", ROS1),
    (b"SQLite format 3\x00", SQLITE),
    (b"\x28\xb5\x2f\xfd", ZSTD),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """One recording. key: of its sample. compression: of each message, "" for none. expected: messages, when it says so."""

    key: str
    paths: tuple[Path, ...]
    compression: str = ""
    expected: int | None = None


def kind_of_file(path: Path) -> str:
    """What a file is by its first bytes, "" when it is none of ours."""
    with path.open("rb") as source:
        head = source.read(16)
    return next((kind for magic, kind in _MAGICS if head.startswith(magic)), "")


def find_bags(files: Sources) -> Iterator[Bag | Problem]:
    """All recordings of an import, by name. Raises InvalidInput when a folder holds none."""
    if files.root.is_file():
        if files.root.name == METADATA:
            yield from _folder(files, files.base)
            return
        yield Bag(key=_stem(files.root), paths=(files.root,))
        return
    found = False
    for one in _walk(files, files.base):
        found = True
        yield one
    if not found:
        raise InvalidInput(
            "the folder holds no recording",
            where=files.root.name,
            wanted=f"{METADATA} or {', '.join(ENDINGS[:3])}",
        )


def _walk(files: Sources, folder: Path) -> Iterator[Bag | Problem]:
    seen = 0
    for here, folders, names in os.walk(folder):
        folders.sort()
        seen += len(names)
        if seen > MAX_FILES:
            raise InvalidInput("the folder holds too many files", got=seen, wanted=f"<= {MAX_FILES}")
        if METADATA in names:
            folders.clear()
            yield from _folder(files, Path(here))
            continue
        for name in sorted(names):
            if name.lower().endswith(ENDINGS):
                path = Path(here, name)
                try:
                    relative = files.name(path)
                except InvalidInput as error:
                    yield Problem(where=name, code=error.code, message=error.letter(), rejected=True)
                    continue
                yield Bag(key=_key(relative), paths=(path,))


def _folder(files: Sources, folder: Path) -> Iterator[Bag | Problem]:
    path = folder / METADATA
    where = METADATA
    try:
        where = files.name(path)
        said = _metadata(files, path, where)
        listed = said.get("relative_file_paths")
        names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    except BraidError as error:
        yield Problem(where=where, code=error.code, message=error.letter(), rejected=True)
        return
    paths: list[Path] = []
    prefix = files.name(folder)
    for name in names[:MAX_FILES]:
        try:
            there = files.find(f"{prefix}/{name}" if prefix != "." else name)
        except BraidError as error:
            yield Problem(where=where, code=error.code, message=error.letter(), rejected=True)
            continue
        if there is None:
            message = f'the file "{name[:120]}" that it lists is not here'
            yield Problem(where=where, code="missing-file", message=message, rejected=True)
        elif there not in paths:
            paths.append(there)
    if not paths:
        yield Problem(where=where, code="no-file", message="it lists no file that is here", rejected=True)
        return
    expected = said.get("message_count")
    per_message = said.get("compression_mode") in {"message", "MESSAGE"}
    yield Bag(
        key=prefix if prefix != "." else (files.base.name or "recording"),
        paths=tuple(paths),
        compression=str(said.get("compression_format", "")) if per_message else "",
        expected=expected if isinstance(expected, int) else None,
    )


def _metadata(files: Sources, path: Path, where: str) -> dict[str, Any]:
    text = files.read(path, limit=MAX_METADATA)
    try:
        whole = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError, UnicodeDecodeError) as error:
        raise InvalidInput("the metadata is not YAML", where=where, got=str(error)[:120]) from None
    said = whole.get("rosbag2_bagfile_information") if isinstance(whole, dict) else None
    if not isinstance(said, dict):
        raise InvalidInput(
            "the metadata is not that of a recording", where=where, wanted="rosbag2_bagfile_information"
        )
    return said


def _key(relative: str) -> str:
    head, _, name = relative.rpartition("/")
    return f"{head}/{_stem(Path(name))}" if head else _stem(Path(name))


def _stem(path: Path) -> str:
    lower = path.name.lower()
    ending = max((one for one in ENDINGS if lower.endswith(one)), key=len, default="")
    return path.name[: len(path.name) - len(ending)] or path.name
