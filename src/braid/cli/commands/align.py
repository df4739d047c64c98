"""`braid align`: how one stream's clock runs against another one's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from braid.cli.group import FINDINGS, Settings
from braid.cli.opening import opened
from braid.cli.output import document, note, progress, say
from braid.work.alignment import METHODS, AlignmentView, AlignRequest, MarkedAnchor

if TYPE_CHECKING:
    from braid.model.changes import Outcome

EXAMPLES = """Example: braid align drive-7 --project drives --stream gps --to can --evidence gps.svg

braid align talk-1 -p talks --stream phone --to camera --method audio --apply

braid align talk-1 -p talks --stream camera --to phone --anchor 12.480=15.113 --anchor 301.2=303.85"""


def register(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command(epilog=EXAMPLES)(align)


def align(
    context: typer.Context,
    sample: Annotated[str, typer.Argument(help="The sample, by key or id.")],
    project: Annotated[str, typer.Option("--project", "-p", help="Slug or id of the project.")],
    stream: Annotated[str, typer.Option("--stream", "-s", help="The stream to place, by name or id.")],
    to: Annotated[
        str,
        typer.Option("--to", "-t", help="The stream it is compared with; the timeline itself when left out."),
    ] = "",
    method: Annotated[str, typer.Option(help=f"One of: {', '.join(METHODS)}.")] = "auto",
    channel: Annotated[
        str,
        typer.Option(help="Which channel of a series to compare; NAME.norm for the length of x, y and z."),
    ] = "",
    reference_channel: Annotated[str, typer.Option(help="The same of the other stream.")] = "",
    anchor: Annotated[
        list[str] | None,
        typer.Option(help="STREAM_SECONDS=REFERENCE_SECONDS of one event seen on both; repeatable."),
    ] = None,
    exchange: Annotated[
        list[str] | None,
        typer.Option(
            help="T1,T2,T3,T4 in seconds of one NTP or PTP exchange: asked and heard back on the stream's clock (T1, T4), "
            "received and answered on the reference's (T2, T3); repeatable."
        ),
    ] = None,
    evidence: Annotated[Path | None, typer.Option(help="Draw the evidence into this SVG file.")] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the clock map; without it nothing is written.")
    ] = False,
) -> None:
    """Find how a stream's clock runs against another one's, and say what correcting it would do."""
    from braid.work.aligning import align as align_streams

    settings = Settings.of(context)
    request = AlignRequest(
        stream=stream,
        reference=to,
        method=method,
        channel=channel,
        reference_channel=reference_channel,
        anchors=(*map(_anchor, anchor or ()), *map(_exchange, exchange or ())),
    )
    outcome: Outcome | None = None
    with opened(settings.workspace) as workspace, progress("Aligning", quiet=settings.json) as tick:
        owner = workspace.store.project_by_slug(project).id
        view = align_streams(workspace, owner, sample, request, progress=tick)
        if apply and view.clock_map is not None:
            from braid.work.aligning import alignment_change
            from braid.work.edit import write

            change_set = alignment_change(view, new_id=workspace.new_id())
            outcome = write(workspace.store, owner, [change_set], actor="local").outcomes[0]
    if evidence is not None:
        _draw(view, evidence, title=f"{stream} against {to or 'the timeline'}")
    if settings.json:
        document({"alignment": view, "applied": outcome})
    else:
        _print(view, outcome, evidence)
    failed = outcome is not None and outcome.state.value not in {"committed", "unchanged"}
    if view.clock_map is None or failed:
        raise typer.Exit(FINDINGS)


def _anchor(text: str) -> MarkedAnchor:
    from braid.base.errors import InvalidInput
    from braid.clock.ns import ns_from_seconds

    one, sign, other = text.partition("=")
    try:
        if not sign:
            raise ValueError(text)
        return MarkedAnchor(
            media_ns=ns_from_seconds(one.strip()), reference_ns=ns_from_seconds(other.strip())
        )
    except (ValueError, ZeroDivisionError, InvalidInput):
        raise typer.BadParameter(
            f"{text!r} is no pair of seconds like 12.480=15.113", param_hint="--anchor"
        ) from None


def _exchange(text: str) -> MarkedAnchor:
    from braid.align.stamps import exchange_anchor
    from braid.base.errors import InvalidInput
    from braid.clock.ns import ns_from_seconds

    try:
        t1_ns, t2_ns, t3_ns, t4_ns = (ns_from_seconds(part.strip()) for part in text.split(","))
        found = exchange_anchor(t1_ns, t2_ns, t3_ns, t4_ns)
    except (ValueError, ZeroDivisionError, InvalidInput) as error:
        raise typer.BadParameter(f"{text!r} is no exchange: {error}", param_hint="--exchange") from None
    return MarkedAnchor(media_ns=found.b_ns, reference_ns=found.a_ns, sigma_ns=found.sigma_ns)


def _draw(view: AlignmentView, path: Path, *, title: str) -> None:
    from braid.work.evidence_svg import evidence_svg

    path.write_text(evidence_svg(view.evidence, title=title, lines=_summary(view)[:2]), encoding="utf-8")


def _summary(view: AlignmentView) -> list[str]:
    clock_map = view.clock_map
    if clock_map is None:
        return [f"Refused by {view.method}: {view.why}.", view.hint]
    first = clock_map.segments[0]
    offset_s = (first.timeline_ns - first.media_ns) / 1e9
    rate = f"{first.rate_ppq / 1e9:+.3f} ±{clock_map.fit.rate_sigma_ppq / 1e9:.3f} ppm"
    named = f" ({view.named})" if view.named else ""
    ends = f"±{view.sigma_start_ns / 1e6:.3f} ms at the start, ±{view.sigma_end_ns / 1e6:.3f} ms at the end"
    quality = (
        "" if view.quality is None else f", quality {view.quality:g} (accepted from {view.quality_bound:g})"
    )
    return [
        f"By {view.method}: {offset_s:+.6f} s at the start, rate {rate}{named}.",
        f"Grade {view.grade}: {ends}, residuals {view.rms_ns / 1e6:.3f} ms rms{quality}.",
    ]


def _print(view: AlignmentView, outcome: Outcome | None, evidence: Path | None) -> None:
    for line in filter(None, _summary(view)):
        say(line)
    for warning in view.warnings:
        note(f"warning: {warning}")
    effect = view.effect
    if effect is not None:
        say(
            f"{effect.moved} of {_counted(effect.annotations, 'annotation')} would move on the timeline, by at most "
            f"{effect.max_shift_ns / 1e6:+.3f} ms; {effect.kept_native} would keep their frame or audio sample. "
            f"{_counted(effect.suspects, 'link')} would become suspect (tolerance {effect.tolerance_ns / 1e6:g} ms)."
        )
    if evidence is not None:
        say(f"Drew {evidence}.")
    if outcome is not None:
        refused = "; ".join(error.message for error in outcome.errors)
        say(
            f"{outcome.state.value.capitalize()}{f' as commit {outcome.seq}' if outcome.seq else ''}. {refused}".strip()
        )
    elif view.clock_map is not None:
        say("Nothing is written; add --apply to write the clock map.")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
