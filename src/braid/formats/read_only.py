"""Formats that come in and are not written again: one refusal, with what to write instead."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.seam import ExportSource, Loss


class ReadOnly:
    """The half of `Format` that readers without a writer share. instead: ids of formats that hold the same things."""

    title: ClassVar[str]
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = False
    instead: ClassVar[tuple[str, ...]] = ("braid",)

    def write(self, source: ExportSource, out: Path, *, options: dict[str, str]) -> tuple[Loss, ...]:
        """Not offered. Raises InvalidInput."""
        raise InvalidInput(
            "this format is read only", where=self.title, hint=f"Write {' or '.join(self.instead)}"
        )
