"""NumPy files from outside: sizes are checked against the file before anything is allocated, objects are refused."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from braid.clock.ns import LIMIT_NS, SECOND_NS
from braid.formats.seam import Sources
from braid.formats.troubles import Troubles

MAX_BYTES = 2 * 2**30
MAX_COLUMNS = 64


def load_array(
    files: Sources, path: Path | None, troubles: Troubles, *, kinds: str = "fiu"
) -> NDArray[Any] | None:
    """The array, (N,) or (N, columns); None, with a trouble, when it is not one of these `kinds` of numbers."""
    if path is None:
        return None
    spot = files.name(path)
    try:
        with path.open("rb") as source:
            shape, dtype = _head(source)
            wanted = _bytes_of(shape, dtype)
            there = path.stat().st_size - source.tell()
    except (ValueError, OSError, SyntaxError, TypeError, EOFError) as error:
        troubles.add("bad_array", f"not a NumPy file: {str(error).splitlines()[0][:120]}", spot=spot)
        return None
    if dtype.hasobject:
        troubles.add("bad_array", "it holds pickled Python objects, which are never read", spot=spot)
        return None
    if dtype.kind not in kinds or dtype.fields is not None:
        troubles.add("bad_array", f"it holds {dtype}, wanted numbers", spot=spot)
        return None
    if not 1 <= len(shape) <= 2 or (len(shape) == 2 and shape[1] > MAX_COLUMNS):
        troubles.add("bad_array", f"its shape is {shape}, wanted (N,) or (N, columns)", spot=spot)
        return None
    if wanted > MAX_BYTES:
        troubles.add("too_large", f"it has {wanted} bytes, wanted at most {MAX_BYTES}", spot=spot)
        return None
    if wanted > there:
        troubles.add("truncated", f"its head announces {wanted} bytes, {there} are there", spot=spot)
        return None
    array: NDArray[Any] = np.load(path, allow_pickle=False)
    return array


def _head(source: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(source)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(source)
    elif version == (2, 0):
        shape, _, dtype = np.lib.format.read_array_header_2_0(source)
    else:
        raise ValueError(f"version {version[0]}.{version[1]}")
    return tuple(int(one) for one in shape), dtype


def _bytes_of(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    total = dtype.itemsize
    for one in shape:
        if one < 0:
            raise ValueError(f"shape {shape}")
        total *= one
    return total


def boot_ns(seconds: NDArray[Any]) -> NDArray[np.int64]:
    """Seconds since boot as nanoseconds (N,), rounded half even; the smallest int64 where there is no time.

    A float64 of seconds resolves a nanosecond up to 48 days.
    """
    scaled = np.asarray(seconds, dtype=np.float64) * SECOND_NS
    good = np.isfinite(scaled) & (np.abs(scaled) < LIMIT_NS)
    answer = np.full(len(scaled), np.iinfo(np.int64).min, dtype=np.int64)
    answer[good] = np.rint(scaled[good]).astype(np.int64)
    return answer
