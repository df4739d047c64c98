"""Sweeps that a reader has to write down: PCD with every column that the source had."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.formats.seam import Sources

KINDS = {"f": "F", "i": "I", "u": "U"}


def sweep_asset(files: Sources, columns: Mapping[str, NDArray[Any]], *, scratch: Path) -> Path:
    """A binary PCD of columns of N values each (x, y, z in metres of the sensor's frame), kept in folder `scratch`.

    float16 becomes float32, which holds it exactly.
    """
    whole = {
        name: values.astype("<f4") if values.dtype == np.float16 else values
        for name, values in columns.items()
    }
    count = len(next(iter(whole.values())))
    rows = np.empty(count, dtype=[(name, values.dtype.newbyteorder("<")) for name, values in whole.items()])
    for name, values in whole.items():
        rows[name] = values
    sizes = " ".join(str(values.dtype.itemsize) for values in whole.values())
    kinds = " ".join(KINDS[values.dtype.kind] for values in whole.values())
    head = (
        f"# .PCD v0.7\nVERSION 0.7\nFIELDS {' '.join(whole)}\nSIZE {sizes}\nTYPE {kinds}\n"
        f"COUNT {' '.join('1' for _ in whole)}\nWIDTH {count}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\n"
        f"POINTS {count}\nDATA binary\n"
    )
    return files.assets[files.asset_of_bytes(head.encode() + rows.tobytes(), store=scratch)]
