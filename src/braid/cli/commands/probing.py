"""`braid probe`: what a file is, and what its container says of its time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from braid.cli.group import Settings
from braid.cli.output import document, note, say

if TYPE_CHECKING:
    from braid.media.probing import Probe


def register(app: typer.Typer) -> None:
    """Add the command of this topic."""
    app.command(epilog="Example: braid probe drive.mp4 --json")(probe)


def probe(
    context: typer.Context, path: Annotated[Path, typer.Argument(help="A media, text or series file.")]
) -> None:
    """Measure a file as an import would: tracks, rates, starts, encoder delay, edit list, warnings."""
    from braid.media import list_tracks
    from braid.media import probe as measure
    from braid.model.records import Modality

    found = [measure(path)]
    if found[0].modality in {Modality.VIDEO, Modality.AUDIO}:
        found = [measure(path, modality=Modality(one.kind), track=one.track) for one in list_tracks(path)]
    if Settings.of(context).json:
        document({"items": [_shown(one) for one in found]})
        return
    for one in found:
        say(_line(one))
    for code, message in sorted({warning for one in found for warning in one.warnings}):
        note(f"warning: {message} [{code}]")


def _shown(one: Probe) -> dict[str, object]:
    warnings = [{"code": code, "message": message} for code, message in one.warnings]
    return {
        "modality": one.modality,
        "media_type": one.media_type,
        "facts": one.facts,
        "period_ns": one.period_ns,
        "warnings": warnings,
    }


def _line(one: Probe) -> str:
    """One stream in words."""
    facts = one.facts
    parts = [f"{one.modality.value} {facts.codec}".strip(), one.media_type]
    if facts.width_px is not None:
        parts.append(f"{facts.width_px} x {facts.height_px} px")
    if facts.rate is not None:
        per_second = facts.rate.per_second
        parts.append(f"{per_second} {'Hz' if one.modality.value == 'audio' else 'a second'}")
    if facts.frame_count is not None and facts.start_ns is not None:
        parts.append(f"{facts.frame_count} {'video frames' if one.modality.value == 'video' else 'readings'}")
    if facts.start_ns is not None:
        parts.append(f"from {_seconds(facts.start_ns)}")
    if facts.duration_ns is not None:
        parts.append(f"for {_seconds(facts.duration_ns)}")
    if facts.media_zero:
        parts.append(
            f"media time 0 is {_seconds(round(Fraction(facts.media_zero) * 10**9))} of its container"
        )
    if facts.priming:
        parts.append(f"priming of {facts.priming} audio samples cut")
    if facts.padding:
        parts.append(f"padding of {facts.padding} cut")
    parts += [
        f"edit: {_seconds(edit.duration_ns)} {'of nothing' if edit.from_ns is None else f'from {_seconds(edit.from_ns)}'}"
        for edit in facts.edits
    ]
    return ", ".join(part for part in parts if part)


def _seconds(at_ns: int) -> str:
    from braid.clock.ns import seconds_text

    return f"{seconds_text(at_ns)} s"
