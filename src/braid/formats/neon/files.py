"""A recording's files: parts of a sensor (`gaze ps1.raw`, `gaze ps2.raw`), their records and stamps, the manifest."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.formats.seam import Sources
from braid.formats.troubles import Troubles

Ints = NDArray[np.int64]
Records = NDArray[Any]

PART_LIMIT = 2 * 2**30
MAX_PARTS = 1000
MAX_FIELDS = 128
_FIELD = re.compile(r'\(\s*"(\w{1,64})"\s*,\s*"(u?int(?:8|16|32|64)|float(?:32|64))"\s*,?\s*\)')
_STRUCTURE = re.compile(r"[\s,\[\]]")

KNOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "gaze": (("x", "float32"), ("y", "float32")),
    "worn": (("worn", "uint8"),),
}
"""Records of recordings that are older than their descriptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """All parts of a sensor in order: unix_ns (N,), records (N,) with named fields. starts: where each part begins."""

    name: str
    unix_ns: Ints
    records: Records
    starts: tuple[int, ...]


class ManifestFile(msgspec.Struct, frozen=True):
    """A line of the manifest."""

    name: str
    size: int = 0
    crc: str = ""


def part_paths(files: Sources, folder: Path, stem: str, ending: str) -> list[Path]:
    """`stem.raw` or `stem psN.raw` in the order of their numbers."""
    pattern = re.compile(rf"^{re.escape(stem)}(?: ps(\d{{1,6}}))?{re.escape(ending)}$")
    found = [
        (int(match[1] or 0), path)
        for path in folder.iterdir()
        if (match := pattern.match(path.name))
        and path.is_file()
        and path.resolve().is_relative_to(files.base)
    ]
    return [path for _, path in sorted(found)[:MAX_PARTS]]


def read_stamps(files: Sources, path: Path, troubles: Troubles) -> Ints:
    """Whole int64 stamps of a `.time` file (N,), Unix nanoseconds."""
    raw = files.read(path, limit=PART_LIMIT)
    if len(raw) % 8:
        troubles.add("truncated", f"{len(raw)} bytes are no whole stamps of 8", spot=path.name)
    stamps: Ints = np.frombuffer(raw[: len(raw) // 8 * 8], dtype="<i8").astype(np.int64)
    return stamps


def read_dtype(files: Sources, folder: Path, name: str, troubles: Troubles) -> np.dtype[Any] | None:
    """The record of `name.dtype`, little-endian and packed; None, with a trouble, when it is none."""
    path = folder / f"{name}.dtype"
    if not path.is_file():
        known = KNOWN.get(name)
        return None if known is None else np.dtype([(field, _little(kind)) for field, kind in known])
    text = files.read(path, limit=2**16).decode("utf-8", "replace")
    fields = _FIELD.findall(text)
    rest = _STRUCTURE.sub("", _FIELD.sub("", text))
    if not fields or rest or len(fields) > MAX_FIELDS or len({field for field, _ in fields}) < len(fields):
        troubles.add("bad_dtype", f"no list of names and types: {text.strip()[:80]}", spot=path.name)
        return None
    return np.dtype([(field, _little(kind)) for field, kind in fields])


def _little(kind: str) -> str:
    return np.dtype(kind).newbyteorder("<").str


def read_sensor(
    files: Sources, folder: Path, stem: str, dtype: np.dtype[Any], troubles: Troubles, *, times_of: str = ""
) -> Sensor | None:
    """Records and stamps of every part; where one is longer than the other the rest is a trouble.

    times_of: the sensor whose stamps are used when this one has none of its own.
    """
    stamps: list[Ints] = []
    records: list[Records] = []
    starts: list[int] = []
    count = 0
    for path in part_paths(files, folder, stem, ".raw"):
        time_path = path.with_suffix(".time")
        if not time_path.is_file() and times_of:
            time_path = folder / (path.name.removesuffix(".raw").replace(stem, times_of, 1) + ".time")
        if not time_path.is_file():
            troubles.add("no_times", "there is no .time beside it", spot=path.name)
            continue
        raw = files.read(path, limit=PART_LIMIT)
        if len(raw) % dtype.itemsize:
            text = f"{len(raw)} bytes are no whole records of {dtype.itemsize}"
            troubles.add("truncated", text, spot=path.name)
        rows = np.frombuffer(raw[: len(raw) // dtype.itemsize * dtype.itemsize], dtype=dtype)
        times = read_stamps(files, time_path, troubles)
        whole = min(len(rows), len(times))
        if len(rows) != len(times):
            text = f"{len(rows)} records and {len(times)} stamps; the first {whole} were paired"
            troubles.add("count_differs", text, spot=path.name)
        if whole:
            stamps.append(times[:whole])
            records.append(rows[:whole])
            starts.append(count)
            count += whole
    if not stamps:
        return None
    return Sensor(
        name=stem, unix_ns=np.concatenate(stamps), records=np.concatenate(records), starts=tuple(starts)
    )


def check_manifest(files: Sources, folder: Path, troubles: Troubles) -> None:
    """Files that the manifest names: missing ones are listed, others are held against their size and CRC-32."""
    path = folder / "manifest.json"
    if not path.is_file():
        return
    try:
        listed = msgspec.json.decode(files.read(path, limit=2**22), type=list[ManifestFile])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        troubles.add("bad_manifest", f"it cannot be read: {str(error)[:100]}", spot=path.name, rejected=False)
        return
    missing: list[str] = []
    for one in listed[:10_000]:
        if "/" in one.name or "\\" in one.name or not (folder / one.name).is_file():
            missing.append(one.name[:100])
            continue
        found = folder / one.name
        if found.stat().st_size != one.size:
            text = f"the manifest says {one.size} bytes, {found.stat().st_size} are there"
            troubles.add("size_differs", text, spot=one.name, rejected=False)
        elif one.crc and _crc(found) != one.crc.lstrip("0"):
            troubles.add(
                "crc_differs", "its bytes are not those of the recording", spot=one.name, rejected=False
            )
    if missing:
        text = f"{len(missing)} files of the manifest are not there: {', '.join(missing)[:400]}"
        troubles.add("missing_files", text, rejected=False)


def _crc(path: Path) -> str:
    value = 0
    with path.open("rb") as source:
        while chunk := source.read(1 << 20):
            value = zlib.crc32(chunk, value)
    return f"{value:x}"


def recording_folders(files: Sources) -> list[Path]:
    """Folders with info.json and at least one `.time` file. Raises InvalidInput when there is none."""
    if not files.root.is_dir():
        raise InvalidInput("a Neon recording is a folder", where=files.root.name)
    found = sorted(
        path.parent
        for path in files.root.rglob("info.json")
        if path.resolve().is_relative_to(files.base) and any(path.parent.glob("*.time"))
    )
    if not found:
        raise InvalidInput(
            "no Neon recording", where=files.root.name, wanted="info.json beside *.raw and *.time"
        )
    return found
