"""Servers for the browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.e2e.serving import Served


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served workspace with the demo projects."""
    served = Served(tmp_path_factory.mktemp("e2e") / "demo", demo=True)
    served.start()
    yield served
    if served.process is not None:
        served.stop()
