"""A camera that disagrees with cuboids all along: is its clock off, or its calibration? (rules C15 and S11)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from braid.checks.frames import camera_of
from braid.checks.registry import Check, register
from braid.checks.sightings import StreamPair, fit_pair, sightings
from braid.checks.tables import Tables
from braid.checks.timing import clock_sigma_ns
from braid.model.findings import Culprit, Finding, LayerOfCheck, Severity
from braid.space.residuals import ResidualFit

CONFIDENCE = 0.997
"""An error is named when an interval of this confidence does not reach zero..."""
CLOCK_MS = 5.0
YAW_DEG = 0.1
OTHER_DEG = 0.2
"""... and when it is larger than this. Boxes are less sure in height than in width, so pitch and roll may be more."""
EXPLAINED_PX, UNDECIDED_THINGS = 1.5, 8
AXES = ("pitch", "yaw", "roll")


@register
class ClockOrCalibration(Check):
    """Fits clock and turn of each camera at once over all things that it shows with their cuboids."""

    id = "clock-or-calibration"
    title = "Cameras agree with cuboids in time and direction"
    layer = LayerOfCheck.ACROSS
    severity = Severity.ERROR
    purpose = (
        "Cuboids miss their camera regions in step with how fast things move when a clock is off, and all by the same "
        "turn when the calibration is."
    )
    example = (
        "The camera's stamps are 30 ms early; the camera was turned by 0.2 degrees after it was calibrated."
    )
    reads = ("links", "annotations", "streams", "clock_maps", "calibrations")
    cost = "heavy"
    source = (
        "Regression of residuals on image velocity: the slope is seconds. Named from 5 ms, 0.1 degrees of yaw, 0.2 of "
        "pitch and roll, at 99.7 % confidence; at least 24 sightings of 4 things."
    )

    def run(self, tables: Tables) -> Iterator[Finding]:
        """At most one finding about the clock and one about the calibration for each pair of streams."""
        for streams, seen in sightings(tables).items():
            fit = fit_pair(seen)
            if fit is not None:
                yield from self._judge(tables, streams, fit)

    def _judge(self, tables: Tables, streams: StreamPair, fit: ResidualFit) -> Iterator[Finding]:
        flat, solid = tables.streams[streams.flat], tables.streams[streams.solid]
        sure, reach = fit.reach(CONFIDENCE), fit.reach()
        known_ms = (
            2
            * math.hypot(clock_sigma_ns(tables, streams.flat, 0), clock_sigma_ns(tables, streams.solid, 0))
            / 1e6
        )
        off_ms, sigma_ms = fit.seconds * 1e3, fit.seconds_sigma * 1e3
        clock = abs(off_ms) > max(sure * sigma_ms, CLOCK_MS, known_ms)
        turns = [
            (axis, math.degrees(turn), math.degrees(sigma))
            for axis, turn, sigma in zip(AXES, fit.turn_rad, fit.turn_sigma_rad, strict=True)
        ]
        turned = [
            (axis, turn, sigma)
            for axis, turn, sigma in turns
            if abs(turn) > max(sure * sigma, YAW_DEG if axis == "yaw" else OTHER_DEG)
        ]
        straight = not turned and reach * math.degrees(fit.turn_sigma_rad[1]) < YAW_DEG
        punctual = not clock and reach * sigma_ms < CLOCK_MS
        facts = _facts(fit, reach)
        calibration = camera_of(tables, flat)
        clocks = [tables.clock_maps.get(stream.id) for stream in (flat, solid)]
        if clock:
            way = "later" if off_ms > 0 else "earlier"
            yield self.finding(
                sample=streams.sample,
                message=(
                    f"{flat.name} shows what {solid.name} has {abs(off_ms):.1f} ms {way} "
                    f"(± {reach * sigma_ms:.1f} ms): a clock is off{', not the calibration' if straight else ''}."
                ),
                culprits=[
                    *(tables.culprit(stream) for stream in (flat, solid)),
                    *(tables.culprit(record) for record in clocks if record is not None),
                ],
                facet="clock",
                score=1.0 - math.exp(-abs(off_ms) / 30.0),
                facts=facts,
                hint=f"Align {flat.name}: its times want {off_ms:+.1f} ms",
            )
        if turned:
            by = ", ".join(f"{axis} {turn:+.2f}° ± {reach * sigma:.2f}°" for axis, turn, sigma in turned)
            yield self.finding(
                sample=streams.sample,
                message=(
                    f"{flat.name} is turned against its calibration: {by}"
                    f"{', and its clock is right' if punctual else ''}."
                ),
                culprits=[
                    *(tables.culprit(stream) for stream in (flat, solid)),
                    *([tables.culprit(calibration)] if calibration else []),
                ],
                facet="calibration",
                score=1.0 - math.exp(-max(abs(turn) for _, turn, _ in turned) / 0.2),
                facts=facts,
                hint="Calibrate the camera again, or correct the turn about its own axes",
            )
        if not clock and not turned and _undecided(fit):
            culprits: list[Culprit] = [tables.culprit(stream) for stream in (flat, solid)]
            yield self.finding(
                sample=streams.sample,
                message=(
                    f"{flat.name} and the cuboids of {solid.name} differ by {fit.explained_px:.1f} px all along; "
                    "things move too evenly to say whether a clock or the calibration is off."
                ),
                culprits=culprits,
                facet="undecided",
                severity=Severity.WARNING,
                score=0.5,
                facts=facts,
                hint="Link more things, or things that move otherwise",
            )


def _undecided(fit: ResidualFit) -> bool:
    """Whether clock and turn together are far from zero though neither is alone (chi squared, 4 degrees of freedom)."""
    from scipy.special import chdtri

    return (
        fit.explained_px > EXPLAINED_PX
        and fit.wald > float(chdtri(4, 1e-4)) * (fit.reach(CONFIDENCE) / 3) ** 2
    )


def _facts(fit: ResidualFit, reach: float) -> dict[str, str]:
    """The evidence: values with 95 % intervals, and how well they explain what is seen."""
    facts = {
        "clock_ms": f"{fit.seconds * 1e3:+.2f}",
        "clock_ms_95": f"{reach * fit.seconds_sigma * 1e3:.2f}",
    }
    for axis, turn, sigma in zip(AXES, fit.turn_rad, fit.turn_sigma_rad, strict=True):
        facts[f"{axis}_deg"] = f"{math.degrees(turn):+.3f}"
        facts[f"{axis}_deg_95"] = f"{reach * math.degrees(sigma):.3f}"
    return facts | {
        "sightings": str(fit.count),
        "things": str(fit.things),
        "rms_px_before": f"{fit.rms_px[0]:.2f}",
        "rms_px_after": f"{fit.rms_px[1]:.2f}",
        "image_speed_px_s": f"{fit.speed_rms_px_s:.0f}",
        "clock_yaw_correlation": f"{fit.clock_yaw:+.2f}",
    }
