"""Feather files (Arrow IPC, version 2) as columns, bounded. The part between its two magics is an Arrow stream."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.seam import Sources

MAGIC = b"ARROW1\0\0"
MAX_ROWS = 20_000_000
TEXT = "text"
Column = NDArray[Any]


def read_feather(
    files: Sources, path: Path, columns: Mapping[str, str], *, limit: int = 512 * 2**20
) -> dict[str, Column]:
    """The named columns, each of N values; a kind is a NumPy type, or TEXT (an object array of str).

    Raises InvalidInput for files that are no Feather, lack a column, or hold another type or empty values in one;
    LimitExceeded beyond `limit` bytes or MAX_ROWS rows.
    """
    import nanoarrow as na
    from nanoarrow import ipc

    where = files.name(path)
    data = files.read(path, limit=limit)
    if data[:8] != MAGIC or data[-6:] != MAGIC[:6]:
        raise InvalidInput(
            "not a Feather file, or cut short", where=where, wanted="ARROW1 at its start and end"
        )
    parts: dict[str, list[Column]] = {name: [] for name in columns}
    rows = 0
    try:
        with ipc.InputStream.from_readable(data[8:]) as source:
            stream = na.c_array_stream(source)
            names = [child.name for child in stream.get_schema().children]
            missing = [name for name in columns if name not in names]
            if missing:
                raise InvalidInput(
                    "a Feather file lacks columns",
                    where=where,
                    got=", ".join(map(str, names)),
                    wanted=", ".join(missing),
                )
            for chunk in stream:
                rows += chunk.length
                if rows > MAX_ROWS:
                    raise LimitExceeded("a table is too long", where=where, wanted=f"<= {MAX_ROWS} rows")
                for name, kind in columns.items():
                    parts[name].append(
                        _values(chunk.child(names.index(name)), kind, f"{where}, column {name}")
                    )
    except (RuntimeError, ValueError, MemoryError, OverflowError) as error:
        if isinstance(error, InvalidInput | LimitExceeded):
            raise
        raise InvalidInput("a Feather file is damaged", where=where, got=str(error)[:200]) from error
    return {name: np.concatenate(found) if found else np.empty(0) for name, found in parts.items()}


def _values(child: Any, kind: str, where: str) -> Column:
    """One batch of one column. Raises InvalidInput for another type or empty values."""
    import nanoarrow as na

    view = child.view()
    if view.null_count:
        raise InvalidInput("a column has empty values", where=where, got=f"{view.null_count} of them")
    if kind == TEXT:
        texts = na.Array(child).to_pylist()
        if not all(isinstance(text, str) for text in texts):
            raise InvalidInput("a column holds no text", where=where)
        return np.asarray(texts, dtype=object)
    values = np.asarray(view.buffer(1))
    if values.dtype.kind not in "iuf" or len(values) < view.offset + view.length:
        raise InvalidInput("a column holds another type", where=where, got=str(values.dtype), wanted=kind)
    return values[view.offset : view.offset + view.length].astype(kind)
