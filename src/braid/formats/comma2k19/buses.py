"""The raw CAN frames of a segment: three arrays beside the times, payloads as `S8` strings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.formats.can.databases import Databases, find_message
from braid.formats.can.frames import ECHO, EXTENDED, EXTENDED_IDS, STANDARD_IDS
from braid.formats.can.spool import Group, Records, record_type
from braid.formats.can.streams import Target, message_stream, raw_stream
from braid.formats.comma2k19.arrays import boot_ns, load_array
from braid.formats.comma2k19.segment import NEVER, inside
from braid.formats.seam import Sources
from braid.formats.troubles import Troubles
from braid.model.records import Stream

ECHO_SOURCE = 128
"""Sources from here on are transmissions that the interface gave back."""
PLACE = "processed_log/CAN/raw_can"


def raw_frames(files: Sources, folder: Path, troubles: Troubles) -> dict[Group, Records]:
    """Frames by bus and id; the bus of an echo is named for it."""
    times, ids, sources, data = (
        load_array(files, inside(files, folder, f"{PLACE}/{name}"), troubles, kinds=kinds)
        for name, kinds in (("t", "fiu"), ("address", "iu"), ("src", "iu"), ("data", "S"))
    )
    if times is None or ids is None or sources is None or data is None:
        return {}
    width = data.dtype.itemsize
    if len({len(times), len(ids), len(sources), len(data)}) > 1 or any(
        one.ndim != 1 for one in (times, ids, sources, data)
    ):
        troubles.add("bad_array", "times, addresses, sources and data differ in length", spot=PLACE)
        return {}
    if not 1 <= width <= 64:
        troubles.add("bad_array", f"payloads of {width} bytes", spot=f"{PLACE}/data")
        return {}
    records = _records(times, ids, sources, data, width)
    good = (records["at_ns"] != NEVER) & (ids >= 0) & (ids <= EXTENDED_IDS) & (sources >= 0) & (sources < 256)
    if not good.all():
        troubles.add(
            "bad_frame", f"{int((~good).sum())} frames have no time, or an id or bus out of range", spot=PLACE
        )
    if good.any():
        troubles.add(
            "lengths_lost",
            f"payloads are stored as text of {width} bytes, which drops zeros at their end: every frame counts as"
            f" {width} bytes long",
            spot=f"{PLACE}/data",
            rejected=False,
        )
    return _grouped(records[good], sources[good])


def _records(
    times: NDArray[Any], ids: NDArray[Any], sources: NDArray[Any], data: NDArray[Any], width: int
) -> Records:
    records = np.zeros(len(times), dtype=record_type(width))
    records["at_ns"] = boot_ns(times)
    records["can_id"] = ids & EXTENDED_IDS
    records["flags"] = np.where(sources >= ECHO_SOURCE, ECHO, 0) | np.where(ids > STANDARD_IDS, EXTENDED, 0)
    records["length"] = width
    records["data"] = np.ascontiguousarray(data).view(np.uint8).reshape(-1, width)
    return records


def _grouped(records: Records, sources: NDArray[Any]) -> dict[Group, Records]:
    order = np.lexsort((records["can_id"], sources))
    records, sources = records[order], sources[order]
    keys = sources.astype(np.int64) << 32 | records["can_id"]
    starts = (
        np.flatnonzero(np.concatenate(([True], np.diff(keys) != 0)))
        if len(keys)
        else np.zeros(0, dtype=np.int64)
    )
    groups: dict[Group, Records] = {}
    for start, end in zip(starts, [*starts[1:], len(keys)], strict=True):
        first = records[start]
        group = Group(f"can{int(sources[start])}", 0, int(first["can_id"]), bool(first["flags"] & EXTENDED))
        groups[group] = records[start:end]
    return groups


def bus_streams(target: Target, groups: dict[Group, Records], databases: Databases) -> Iterator[Stream]:
    """A stream per message that a database knows, and one per bus for the rest."""
    speaking = databases.by_bus(groups)
    unknown: dict[str, list[Records]] = {}
    for group, records in groups.items():
        found = find_message(speaking[group.bus], group)
        if found is None:
            unknown.setdefault(group.bus, []).append(records)
            continue
        message, database = found
        stream = message_stream(
            target,
            partial(_once, records),
            name=f"{group.bus}/{message.name}",
            message=message,
            source={"bus": _bus_words(group.bus), "database": database.name},
        )
        if stream is not None:
            yield stream
    for bus, rest in sorted(unknown.items()):
        stream = raw_stream(
            target,
            [partial(_once, records) for records in rest],
            name=f"{bus}/undecoded",
            source={"bus": _bus_words(bus), "messages": str(len(rest))},
        )
        if stream is not None:
            yield stream
    if unknown:
        frames = sum(len(records) for rest in unknown.values() for records in rest)
        said = "no database knows them" if databases.all else "no database (*.dbc) is beside them"
        kinds = sum(len(rest) for rest in unknown.values())
        target.troubles.add(
            "undecoded", f"{frames} CAN frames of {kinds} messages were kept as bytes: {said}", rejected=False
        )


def _once(records: Records) -> Iterator[Records]:
    yield records


def _bus_words(bus: str) -> str:
    number = int(bus.removeprefix("can"))
    return f"{number - ECHO_SOURCE} (echo)" if number >= ECHO_SOURCE else str(number)
