"""CAN logs as samples: one log one sample, one stream a message; what no database knows as ids and bytes.

Times are the recorder's own (`log` stamps). Only candump logs count Unix time; the others begin at a wall time
without a zone, which option `utc_offset` supplies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np

from braid.base.errors import InvalidInput
from braid.clock.ns import LIMIT_NS
from braid.formats.beside import files_below
from braid.formats.can.asc import Asc
from braid.formats.can.blf import Blf
from braid.formats.can.candump import Candump
from braid.formats.can.databases import DBC_OPTION, Databases, find_message, load_databases
from braid.formats.can.frames import ERROR, REMOTE, Clock, Log
from braid.formats.can.spool import MAX_BUSES, Group, Spool
from braid.formats.can.streams import Target, message_stream, raw_stream
from braid.formats.can.trc import Trc
from braid.formats.can.wall_time import offset_ns
from braid.formats.options import FormatOption
from braid.formats.read_only import ReadOnly
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.formats.troubles import Troubles
from braid.model.records import Sample, Sampling, Stream
from braid.model.timing import Stamp, Timescale, Timing

ENDINGS = (".log", ".log.gz", ".asc", ".asc.gz", ".blf", ".trc", ".trc.gz")


class Can(ReadOnly):
    """Logs of CAN buses."""

    id: ClassVar[str] = "can"
    title: ClassVar[str] = "CAN bus logs"
    purpose: ClassVar[str] = "candump, Vector ASC and BLF and PEAK TRC logs, decoded with DBC databases."
    example: ClassVar[str] = "drive.log with car.dbc"
    options: ClassVar[tuple[FormatOption, ...]] = (
        DBC_OPTION,
        FormatOption(
            name="utc_offset",
            meaning="zone of the logger's wall time, +02:00 or Z: puts ASC, BLF and TRC on UTC",
        ),
        FormatOption(
            name="undecoded",
            meaning="frames that no database knows: one stream per bus (default), or one per message id",
            values=("bus", "ids"),
        ),
    )

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per log. Raises InvalidInput without a log, or for an option that means nothing."""
        logs = list(files_below(files, *ENDINGS))
        if not logs:
            raise InvalidInput(
                "no CAN logs", where=files.root.name, wanted=" ".join(f"*{one}" for one in ENDINGS)
            )
        zone_ns = _zone(context)
        by_id = _undecoded_by_id(context)
        databases = load_databases(files, context)
        yield from databases.problems
        stems = Counter(_stem(files.name(path)) for path in logs)
        for path in logs:
            name = files.name(path)
            key = _stem(name) if stems[_stem(name)] == 1 else _dashed(name)
            yield from _read_log(
                files, context, path, key=key, databases=databases, zone_ns=zone_ns, by_id=by_id
            )


def _zone(context: ReadContext) -> int | None:
    text = context.options.get("utc_offset", "")
    found = offset_ns(text) if text else None
    if text and found is None:
        raise InvalidInput(
            "not an offset from UTC", where="option utc_offset", got=text, wanted="+02:00 or Z"
        )
    return found


def _undecoded_by_id(context: ReadContext) -> bool:
    text = context.options.get("undecoded", "bus")
    if text not in {"bus", "ids"}:
        raise InvalidInput("not a choice", where="option undecoded", got=text, wanted="bus | ids")
    return text == "ids"


def _log_of(path: Path, *, where: str) -> Log:
    name = path.name.casefold().removesuffix(".gz")
    if name.endswith(".asc"):
        return Asc(path, where=where)
    if name.endswith(".trc"):
        return Trc(path, where=where)
    return Blf(path, where=where) if name.endswith(".blf") else Candump(path, where=where)


def _read_log(
    files: Sources,
    context: ReadContext,
    path: Path,
    *,
    key: str,
    databases: Databases,
    zone_ns: int | None,
    by_id: bool,
) -> Iterator[SampleBundle | Problem]:
    where = files.name(path)
    log = _log_of(path, where=where)
    spool = Spool(context.scratch / "can-frames")
    try:
        backward = _fill(spool, log)
        if not spool.total:
            yield from log.troubles.told()
            yield Problem(where=where, code="no_frames", message="the log holds no CAN frame", rejected=True)
            return
        if backward:
            text = f"{backward} frames are stamped earlier than the one before them; they were put in order"
            log.troubles.add("unsorted", text, rejected=False)
        if spool.other_buses:
            text = f"more than {MAX_BUSES} buses; {spool.other_buses} frames of further ones share one name"
            log.troubles.add("too_many_buses", text, rejected=False)
        first_ns = _first_ns(spool)
        epoch_ns = _epoch(log, first_ns, zone_ns)
        sample = Sample(
            id=context.new_id(),
            key=key,
            epoch_ns=None if epoch_ns is None else str(epoch_ns),
            source={"format": "can", **({"start": log.clock.start_text} if log.clock.start_text else {})},
        )
        target = Target(
            files=files,
            context=context,
            sample=sample.id,
            zero_ns=first_ns,
            timing=Timing(
                timescale=Timescale.MONOTONIC if epoch_ns is None else Timescale.UTC,
                stamp=Stamp.LOG,
                zero_ns=str(first_ns if epoch_ns is None else epoch_ns),
            ),
            troubles=log.troubles,
            source={"format": "can", "stamp_resolution_ns": str(log.clock.resolution_ns)},
        )
        streams = tuple(_streams(target, spool, databases, by_id=by_id))
        yield from log.troubles.told()
        yield SampleBundle(sample=sample, records=streams)
    finally:
        spool.close()


def _fill(spool: Spool, log: Log) -> int:
    """All frames into the spool; how many are stamped earlier than the one before."""
    backward = 0
    last_ns: int | None = None
    for frame in log.frames():
        backward += last_ns is not None and frame.at_ns < last_ns
        last_ns = frame.at_ns
        spool.add(frame)
    return backward


def _first_ns(spool: Spool) -> int:
    """The earliest stamp; of a log with stamps further apart than media times reach, the earliest around the median."""
    if spool.last_ns - spool.first_ns < LIMIT_NS:
        return spool.first_ns
    stamps = np.concatenate([records["at_ns"] for group in spool.counts for records in spool.records(group)])
    middle = int(np.median(stamps))
    return int(stamps[np.abs(stamps - middle) < LIMIT_NS // 2].min())


def _epoch(log: Log, first_ns: int, zone_ns: int | None) -> int | None:
    """Media time 0 as Unix time, when it is known."""
    clock: Clock = log.clock
    if clock.unix:
        return first_ns
    if clock.start_ns is None:
        return None
    if zone_ns is not None:
        return clock.start_ns - zone_ns + first_ns
    log.troubles.add(
        "no_time_zone",
        f'the log began at "{clock.start_text}", but does not say in which zone; its times count from there.'
        " Option utc_offset=+01:00 puts it in UTC",
        rejected=False,
    )
    return None


def _streams(target: Target, spool: Spool, databases: Databases, *, by_id: bool) -> Iterator[Stream]:
    speaking = databases.by_bus(spool.counts)
    unknown: dict[tuple[str, str], list[Group]] = {}
    for group in sorted(spool.counts):
        found = None if group.kind else find_message(speaking.get(group.bus, []), group)
        if found is None:
            unknown.setdefault((group.bus, _raw_name(group, by_id=by_id)), []).append(group)
            continue
        message, database = found
        stream = message_stream(
            target,
            partial(spool.records, group),
            name=f"{group.bus}/{message.name}",
            message=message,
            source={"bus": group.bus, "database": database.name},
        )
        if stream is not None:
            yield stream
    for (bus, name), groups in sorted(unknown.items()):
        stream = raw_stream(
            target,
            [partial(spool.records, group) for group in groups],
            name=f"{bus}/{name}",
            source={"bus": bus},
            sampling=Sampling.EVENT if groups[0].kind else Sampling.INSTANT,
            payload=not groups[0].kind & REMOTE,
        )
        if stream is not None:
            yield stream
    _tell_unknown(target.troubles, spool, unknown, databases)


def _raw_name(group: Group, *, by_id: bool) -> str:
    if group.kind & ERROR:
        return "error frames"
    if group.kind & REMOTE:
        return "remote frames"
    if not by_id or group.can_id < 0:
        return "undecoded"
    return f"{group.can_id:#010x}" if group.extended else f"{group.can_id:#x}"


def _tell_unknown(
    troubles: Troubles, spool: Spool, unknown: dict[tuple[str, str], list[Group]], databases: Databases
) -> None:
    groups = [group for found in unknown.values() for group in found if not group.kind]
    if not groups:
        return
    frames = sum(spool.counts[group] for group in groups)
    known = "no database was given" if not databases.all else "no database knows them"
    ids = ", ".join(sorted({f"{group.can_id:#x}" for group in groups})[:8])
    more = ", …" if len({group.can_id for group in groups}) > 8 else ""
    text = f"{frames} frames of {len(groups)} messages were kept as bytes, {known}: {ids}{more}"
    troubles.add("undecoded", text, rejected=False)


def _stem(where: str) -> str:
    """The log's name below the root without its endings."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if where.casefold().endswith(ending):
            return where[: -len(ending)]
    return where


def _dashed(where: str) -> str:
    """A whole file name as a key: logs of one stem differ in their endings only."""
    folder, slash, name = where.rpartition("/")
    return f"{folder}{slash}{name.replace('.', '-')}"
