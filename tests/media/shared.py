"""Where the real test data lies, when it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def shared_file(name: str) -> Path:
    """A file or folder of the shared test data. Skips the test when the data is not on this machine."""
    named = os.environ.get("BRAID_TEST_DATA")
    roots = (
        [Path(named)]
        if named
        else [parent / "shared" / "data" for parent in Path(__file__).resolve().parents]
    )
    for root in roots:
        if (root / name).exists():
            return root / name
    pytest.skip(f"no shared test data ({name}); set BRAID_TEST_DATA to its folder")
