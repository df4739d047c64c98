from __future__ import annotations

from pathlib import Path

import pytest
from bench import store_bench


def test_the_benchmark_runs_small_and_prints_ratios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edits, reads = store_bench.main(["--annotations", "500", "--rounds", "20", "--folder", str(tmp_path)])
    said = capsys.readouterr().out
    assert "500 annotations, 300 links in 10 samples" in said
    for measured in (edits, reads):
        assert len(measured.ours_ms) == len(measured.plain_ms) == 20
        assert measured.line() in said
