"""Probing of what an import brings: facts are measured, not believed; unreadable media are refused with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from braid.base.errors import BraidError
from braid.formats.seam import Problem
from braid.model.records import MediaFacts, Modality, Reading, Stream
from braid.model.timing import Stamp, Timescale, Timing

if TYPE_CHECKING:
    from braid.media.probing import Probe


class Prober(Protocol):
    """`braid.media.probe`: measures a file, or raises a BraidError that says why it cannot be read."""

    def __call__(
        self, path: Path, *, modality: Modality, media_type: str, name: str, track: int
    ) -> Probe: ...


class Remuxer(Protocol):
    """Writes the packets of a file into a container that players agree on (option `remux` of every import)."""

    def __call__(self, path: Path) -> Remuxed | None:
        """None when there is nothing to cure. Raises a BraidError when it cannot be done without loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remuxed:
    """The new asset, and what was cured."""

    asset: str
    why: str


@dataclass(slots=True, kw_only=True)
class StreamProbe:
    """Probes streams, each file once for each way of looking at it."""

    probe: Prober
    assets: Mapping[str, Path]
    shown: Callable[[Path], str]
    remux: Remuxer | None = None
    _remuxed: dict[str, Remuxed | BraidError | None] = field(default_factory=dict)
    _seen: dict[tuple[str, Modality, int], Probe | BraidError] = field(default_factory=dict)

    def measured(self, stream: Stream) -> Iterator[Stream | Problem]:
        """Warnings and refusals, and last the stream with its facts, when there is one.

        A stream of readings loses those that cannot be read, and is refused when none is left.
        """
        if stream.asset is not None:
            yield from self._of_file(stream, stream.asset)
        elif stream.readings:
            yield from self._of_readings(stream)
        else:
            yield stream

    def _of_file(self, stream: Stream, asset: str) -> Iterator[Stream | Problem]:
        where = self._where(stream, asset, stream.file_name)
        found = self._probed(stream, asset, stream.file_name)
        if isinstance(found, BraidError):
            yield _refusal(where, found)
            return
        yield from _oddities(where, found, stream.facts)
        made = _with_facts(stream, found)
        if self.remux is None or stream.modality not in {Modality.VIDEO, Modality.AUDIO}:
            yield made
        else:
            yield from self._in_new_container(made, asset, where)

    def _in_new_container(self, stream: Stream, asset: str, where: str) -> Iterator[Stream | Problem]:
        """The stream on the remuxed file, with the original's hash; as it was when that brings nothing or fails.

        What the original could not say (its encoder's delay) the copy cannot know either: those facts stay.
        """
        moved = self._remux_once(asset)
        if moved is None:
            yield stream
            return
        found = moved if isinstance(moved, BraidError) else self._probed(stream, moved.asset, "")
        if isinstance(moved, BraidError) or isinstance(found, BraidError):
            message = f"kept as it is: {found.letter() if isinstance(found, BraidError) else ''}"
            yield Problem(where=where, code="not-remuxed", message=message, rejected=False)
            yield stream
            return
        message = (
            f"its packets were put into an MP4 with an edit list ({moved.why}); original SHA-256 {asset}"
        )
        yield Problem(where=where, code="remuxed", message=message, rejected=False)
        before = stream.facts
        placed = _with_facts(
            msgspec.structs.replace(
                stream, asset=moved.asset, source={**stream.source, "original_sha256": asset}
            ),
            found,
        )
        kept = msgspec.structs.replace(
            placed.facts,
            media_zero=found.facts.media_zero,
            priming=before.priming,
            padding=before.padding,
            warnings=tuple(sorted({*before.warnings, *placed.facts.warnings})),
        )
        yield msgspec.structs.replace(placed, facts=kept)

    def _remux_once(self, asset: str) -> Remuxed | BraidError | None:
        if self.remux is not None and asset not in self._remuxed:
            try:
                self._remuxed[asset] = self.remux(self.assets[asset])
            except BraidError as error:
                self._remuxed[asset] = error
        return self._remuxed.get(asset)

    def _of_readings(self, stream: Stream) -> Iterator[Stream | Problem]:
        kept: list[Reading] = []
        first: Probe | None = None
        told: set[str] = set()
        for reading in stream.readings:
            where = self._where(stream, reading.asset, reading.name)
            found = self._probed(stream, reading.asset, reading.name)
            if isinstance(found, BraidError):
                yield _refusal(where, found)
                continue
            for problem in _oddities(where, found, stream.facts):
                if problem.code not in told:
                    told.add(problem.code)
                    yield problem
            first = first or found
            kept.append(reading)
        if first is None:
            return
        yield _with_facts(msgspec.structs.replace(stream, readings=tuple(kept)), first)

    def _probed(self, stream: Stream, asset: str, name: str) -> Probe | BraidError:
        key = (asset, stream.modality, stream.track)
        if key not in self._seen:
            path = self.assets[asset]
            try:
                self._seen[key] = self.probe(
                    path,
                    modality=stream.modality,
                    media_type=stream.media_type,
                    name=name or path.name,
                    track=stream.track,
                )
            except BraidError as error:
                self._seen[key] = error
        return self._seen[key]

    def _where(self, stream: Stream, asset: str, name: str) -> str:
        return f"{name or self.shown(self.assets[asset])} (stream {stream.name})"


def _refusal(where: str, error: BraidError) -> Problem:
    return Problem(where=where, code="unreadable-media", message=error.letter(), rejected=True)


def _oddities(where: str, found: Probe, claimed: MediaFacts) -> Iterator[Problem]:
    for code, message in found.warnings:
        yield Problem(where=where, code=code, message=message, rejected=False)
    size = (found.facts.width_px, found.facts.height_px)
    if None not in size and claimed.width_px is not None and (claimed.width_px, claimed.height_px) != size:
        message = (
            f"the picture is {size[0]} x {size[1]} px, its labels were made for "
            f"{claimed.width_px} x {claimed.height_px} px"
        )
        yield Problem(where=where, code="W_SIZE_DIFFERS", message=message, rejected=False)


def _with_facts(stream: Stream, found: Probe) -> Stream:
    """What was measured counts; what cannot be measured stays as the source says."""
    facts = {name: getattr(found.facts, name) for name in MediaFacts.__struct_fields__}
    known = {name: value for name, value in facts.items() if value not in (None, "", ())}
    return msgspec.structs.replace(
        stream,
        facts=msgspec.structs.replace(stream.facts, **known),
        media_type=found.media_type or stream.media_type,
        timing=_timing(stream.timing, found),
    )


def _timing(said: Timing, found: Probe) -> Timing:
    """What the container tells of its clock, where the source says nothing."""
    if not found.on_media_clock or said.stamp is not Stamp.MEDIA:
        return said
    known: dict[str, Any] = {}
    if said.timescale is Timescale.UNKNOWN:
        known["timescale"] = Timescale.MEDIA
    if said.period_ns is None and found.period_ns is not None:
        known["period_ns"] = found.period_ns
    return msgspec.structs.replace(said, **known)
