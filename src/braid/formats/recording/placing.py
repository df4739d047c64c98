"""Which stamp places a track, and on whose clock: the recording's, or one of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.recording.stamps import Chosen, Ints, choose
from braid.formats.recording.streams import UNIX_FROM_NS, Origin
from braid.formats.recording.tracks import Track
from braid.formats.seam import Problem
from braid.model.timing import Stamp, Timescale

if TYPE_CHECKING:
    from braid.formats.recording.assembly import Assembly


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTrack:
    """A track that has readings: the first and last instant on the recording's clock. own: it keeps a clock of its own."""

    name: str
    track: Track
    first_ns: int
    last_ns: int
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedTrack:
    """A track with its stamps and where its media time starts."""

    name: str
    track: Track
    columns: dict[Stamp, Ints]
    chosen: Chosen
    origin: Origin
    clock_ns: Ints | None
    """Instants on the timeline, (N,), for a track with a clock of its own."""


def placed_tracks(assembly: Assembly, problems: list[Problem]) -> Iterator[PlacedTrack]:
    """All tracks with readings, by topic; what is odd about their stamps goes to `problems`."""
    names = Counter(topic for topic, _, _ in assembly.tracks)
    for (topic, kind, _), track in sorted(assembly.tracks.items()):
        columns = track.stamps()
        if not columns or not len(next(iter(columns.values()))):
            track.close()
            continue
        name = topic if names[topic] == 1 else f"{topic} ({kind})"
        chosen = _chosen(columns, assembly.stamp)
        if chosen.code:
            where = f"{assembly.key}, {name}"
            problems.append(
                Problem(where=where, code=chosen.code, message=chosen.problem_text, rejected=False)
            )
        own = _is_own(columns, chosen)
        placed = _logged(columns, chosen) if own else chosen.used_ns
        yield PlacedTrack(
            name=name, track=track, first_ns=int(placed.min()), last_ns=int(placed.max()), own=own
        )


def timed_track(one: PlacedTrack, forced: Stamp | None, origin: Origin) -> TimedTrack:
    """The track with all its stamps. origin: the recording's."""
    columns = one.track.stamps()
    chosen = _chosen(columns, forced)
    if not one.own:
        return TimedTrack(
            name=one.name, track=one.track, columns=columns, chosen=chosen, origin=origin, clock_ns=None
        )
    zero = int(chosen.used_ns.min())
    return TimedTrack(
        name=one.name,
        track=one.track,
        columns=columns,
        chosen=chosen,
        origin=Origin(zero_ns=zero, epoch_ns=None, timescale=Timescale.MONOTONIC),
        clock_ns=_logged(columns, chosen) - origin.zero_ns,
    )


def _is_own(columns: dict[Stamp, Ints], chosen: Chosen) -> bool:
    """Whether the used stamps are of a clock that is not Unix while the recorder's is (a boot clock that was asked for)."""
    if chosen.stamp is Stamp.LOG or Stamp.LOG not in chosen.believed:
        return False
    return int(chosen.used_ns.max()) < UNIX_FROM_NS <= int(columns[Stamp.LOG].max())


def _logged(columns: dict[Stamp, Ints], chosen: Chosen) -> Ints:
    """The recorder's stamps, those that cannot be right by their neighbours."""
    return choose({Stamp.LOG: np.where(chosen.believed[Stamp.LOG], columns[Stamp.LOG], 0)}).used_ns


def _chosen(columns: dict[Stamp, Ints], forced: Stamp | None) -> Chosen:
    """The forced stamp where a channel has it, else the usual choice."""
    if forced is not None:
        try:
            return choose(columns, forced=forced)
        except InvalidInput:
            pass
    return choose(columns)
