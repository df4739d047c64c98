"""Writing PCD: x, y, z in metres and intensity, in the three encodings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.media.lzf import lzf_literal


def write_pcd(
    path: Path, points_m: NDArray[np.float32], *, encoding: str = "binary", claimed_points: int | None = None
) -> None:
    """Writes (N, 4) x, y, z, intensity. `encoding`: ascii, binary or binary_compressed. For exports and tests."""
    rows = np.ascontiguousarray(points_m, dtype="<f4")
    count = len(rows) if claimed_points is None else claimed_points
    head = (
        "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS x y z intensity\nSIZE 4 4 4 4\n"
        f"TYPE F F F F\nCOUNT 1 1 1 1\nWIDTH {count}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\n"
        f"POINTS {count}\nDATA {encoding}\n"
    ).encode()
    if encoding == "ascii":
        body = "".join(" ".join(repr(float(value)) for value in row) + "\n" for row in rows).encode()
    elif encoding == "binary":
        body = rows.tobytes()
    elif encoding == "binary_compressed":
        flat = np.ascontiguousarray(rows.T).tobytes()
        packed = lzf_literal(flat)
        body = len(packed).to_bytes(4, "little") + len(flat).to_bytes(4, "little") + packed
    else:
        raise InvalidInput("unknown PCD encoding", got=encoding, wanted="ascii, binary or binary_compressed")
    path.write_bytes(head + body)
