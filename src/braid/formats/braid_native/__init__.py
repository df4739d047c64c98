"""Braid's own export: the one format that loses nothing. The same state gives the same bytes.

`project.json` has the project, its ontology and layers; `samples.ndjson` one record a line as canonical JSON (samples
by key, in each the order of RECORD_KINDS, then ids); `assets/` bytes by SHA-256; `history.ndjson` the log, when asked
for (`history=yes`); `manifest.json` the SHA-256 and size of every other file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from braid.formats.braid_native.reader import NativeReader
from braid.formats.braid_native.writer import write_native
from braid.formats.seam import ExportSource, Loss, Problem, ReadContext, SampleBundle, Sources
from braid.model.records import AnyRecord


class BraidNative:
    """The lossless export. Ids, layers, revisions and, if there, the history come back as they were."""

    id: ClassVar[str] = "braid"
    title: ClassVar[str] = "Braid"
    purpose: ClassVar[str] = (
        "Everything a project holds, lossless: records, assets and, when asked for, the history."
    )
    example: ClassVar[str] = "braid export braid --project pictures --out ./pictures-braid --history"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """Samples in the order of the file, with their own ids and layers.

        Raises Corrupt when a digest of the manifest does not fit, InvalidInput when it is no export of Braid.
        """
        return NativeReader(files).bundles(context)

    def project_records(self, files: Sources) -> tuple[AnyRecord, ...]:
        """Project, ontology and layers of the export."""
        return NativeReader(files).project_records()

    def history(self, files: Sources) -> Iterator[bytes] | None:
        """The lines of the log, None when the export has none."""
        return NativeReader(files).history()

    def write(self, source: ExportSource, out: Path, *, options: dict[str, str]) -> tuple[Loss, ...]:
        """Write the folder. Options: `history=yes`. Losses: assets that are not there, and, without the
        history, what suspect links were judged on."""
        return write_native(source, out, history=options.get("history", "") not in {"", "no", "false", "0"})
