"""Looks whether everything that Braid needs is on this computer."""

from __future__ import annotations

import importlib
import platform
import shutil
import sys
from pathlib import Path

import msgspec

from braid.base.errors import BraidError

FREE_BYTES = 2**30
SQLITE_OLDEST = (3, 35, 0)


class Checkup(msgspec.Struct, frozen=True, kw_only=True):
    """One thing looked at. hint: what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


def examine(workspace: Path, *, web_built: bool) -> tuple[Checkup, ...]:
    """All looks, in the order in which they are worth repairing."""
    return (
        _python(),
        _sqlite(),
        *_codecs(),
        Checkup(
            name="web app",
            ok=web_built,
            detail="built" if web_built else "not built",
            hint="Run `make web` in a checkout, or install the published package.",
        ),
        _disk(workspace),
        _database(workspace),
    )


def _python() -> Checkup:
    ok = sys.version_info >= (3, 11)
    return Checkup(
        name="python", ok=ok, detail=platform.python_version(), hint="Braid needs Python 3.11 or newer."
    )


def _sqlite() -> Checkup:
    # Only its version is asked for; the store alone speaks to databases.
    version: str = importlib.import_module("sqlite3").sqlite_version
    ok = tuple(int(part) for part in version.split(".")) >= SQLITE_OLDEST
    return Checkup(name="sqlite", ok=ok, detail=version, hint="Use a Python with SQLite 3.35 or newer.")


def _codecs() -> tuple[Checkup, ...]:
    try:
        import av
    except ImportError as error:
        return (Checkup(name="video", ok=False, detail=str(error), hint="Install PyAV: pip install av."),)
    known = av.codecs_available
    wanted = (("H.264", "h264"), ("VP9", "vp9"), ("AAC", "aac"), ("Opus", "opus"))
    return tuple(
        Checkup(
            name=f"codec {name}",
            ok=codec in known,
            detail=f"PyAV {av.__version__}",
            hint="Install the PyAV wheel that carries FFmpeg.",
        )
        for name, codec in wanted
    )


def _disk(workspace: Path) -> Checkup:
    place = workspace.resolve()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    detail = f"{free / 2**30:.1f} GiB free at {place}"
    return Checkup(name="disk", ok=free >= FREE_BYTES, detail=detail, hint="Free at least 1 GiB.")


def _database(workspace: Path) -> Checkup:
    if not workspace.is_dir():
        return Checkup(name="database", ok=True, detail=f"no workspace at {workspace} yet")
    from braid.work.workspace import Workspace

    try:
        with Workspace.open(workspace) as opened:
            count = len(opened.store.projects())
    except Exception as error:  # noqa: BLE001 - whatever it is, the doctor is here to tell it
        told = error.letter() if isinstance(error, BraidError) else str(error)
        hint = "Restore this file from a copy, or name another workspace."
        return Checkup(name="database", ok=False, detail=told.rstrip("."), hint=hint)
    return Checkup(name="database", ok=True, detail=f"{count} projects in {workspace}")
