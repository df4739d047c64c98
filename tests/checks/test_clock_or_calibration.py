"""A clock error and a calibration error planted in a drive are told apart. Rules C15 and S11."""

from __future__ import annotations

import msgspec
import pytest
from tests.checks.driving_world import SECOND, Thing, world
from tests.checks.scenes import run, shifted_clock

from braid.checks.catalogue import all_checks
from braid.checks.sighting_evidence import evidence
from braid.checks.sightings import fit_pair, sightings
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, Severity
from braid.model.regions import Track

CHECK = "clock-or-calibration"


def facets(findings: tuple[Finding, ...]) -> list[str]:
    return sorted("clock" if "a clock is off" in f.message else "calibration" for f in findings)


def told(finding: Finding, name: str) -> tuple[float, float]:
    return float(finding.facts[name]), float(finding.facts[f"{name}_95"])


@pytest.mark.parametrize(
    ("clock_ms", "yaw_deg", "named"),
    [
        (30, 0.0, ["clock"]),
        (0, 0.2, ["calibration"]),
        (30, 0.2, ["calibration", "clock"]),
        (-30, 0.2, ["calibration", "clock"]),
    ],
)
def test_C15_a_late_clock_and_a_turned_camera_are_told_apart(
    clock_ms: float, yaw_deg: float, named: list[str]
) -> None:
    """30 ms and 0.2 degrees, alone and together: named for what they are, with intervals that hold the truth."""
    found = run(world(clock_ms=clock_ms, yaw_deg=yaw_deg, frames=30), CHECK)
    assert facets(found) == named
    for name, truth, wide in (("clock_ms", clock_ms, 3.0), ("yaw_deg", yaw_deg, 0.03)):
        value, reach = told(found[0], name)
        assert value == pytest.approx(truth, abs=1.5 * reach)
        assert reach < wide
    kinds = {culprit.kind for finding in found for culprit in finding.culprits}
    assert ("calibration" in kinds) == ("calibration" in named)
    assert float(found[0].facts["rms_px_after"]) < 1.3
    assert float(found[0].facts["rms_px_before"]) > 2.5


def test_C15_a_clean_drive_has_no_finding_and_a_corrected_clock_ends_one() -> None:
    assert run(world(noise_px=4.0, seed=3, frames=20), CHECK) == ()
    late = world(clock_ms=30, frames=20)
    (finding,) = run(late, CHECK)
    assert "its times want +30" in finding.hint
    late["clock"] = shifted_clock("cam", 30_000_000)
    assert run(late, CHECK) == ()


def test_C15_single_cuboids_of_one_entity_will_do_as_well_as_tracks() -> None:
    """The same drive told key frame by key frame: what happens between them comes from neighbours."""
    records = world(clock_ms=30, frames=20)
    for record in list(records.values()):
        if isinstance(record, m.Annotation) and isinstance(record.region, Track) and record.stream == "lidar":
            del records[record.id]
            for key in record.region.key_frames:
                assert key.shape is not None
                name = f"{record.id}-{key.at_ns}"
                alone = msgspec.structs.replace(record, id=name, region=key.shape, at_ns=key.at_ns)
                records[name] = alone
        if isinstance(record, m.Annotation) and isinstance(record.region, Track) and record.stream == "cam":
            del records[record.id]
            for key in record.region.key_frames:
                assert key.shape is not None
                near = round(key.at_ns / (SECOND / 10)) * SECOND // 10
                name = f"{record.id}-{key.at_ns}"
                records[name] = msgspec.structs.replace(record, id=name, region=key.shape, at_ns=key.at_ns)
                solid = record.id.replace("flat", "solid")
                records[f"link-{name}"] = m.Link(
                    id=f"link-{name}", sample="s1", layer="layer", type_id="same-object",
                    source=m.End(id=f"{solid}-{near}", judged="0" * 32),
                    target=m.End(id=name, judged="0" * 32),
                )  # fmt: skip
    for record in list(records.values()):
        if isinstance(record, m.Link) and record.source.id not in records:
            del records[record.id]
    (finding,) = run(records, CHECK)
    value, reach = told(finding, "clock_ms")
    assert value == pytest.approx(30, abs=1.5 * reach)


def test_C15_what_cannot_be_told_apart_is_said_to_be_so() -> None:
    """Things keep their distance ahead while the vehicle turns: a late picture looks like a turned camera."""
    along = tuple(
        Thing(name=f"ahead-{n}", at_m=(20 + 3 * n, -6 + 0.75 * n), speed_m_s=9.0) for n in range(16)
    )
    (finding,) = run(world(clock_ms=80, things=along, frames=4, noise_px=3.0), CHECK)
    assert finding.severity is Severity.WARNING
    assert "too evenly" in finding.message
    assert abs(float(finding.facts["clock_yaw_correlation"])) > 0.9


def test_C15_it_runs_on_request_and_says_what_it_needs() -> None:
    info = all_checks()[CHECK].info()
    assert info.cost == "heavy"
    few = world(things=(Thing(name="one", at_m=(45, 6)),))
    assert run(few, CHECK) == ()


def test_C15_the_evidence_lies_on_the_slope_of_the_clock() -> None:
    """Dots of a picture that is 30 ms late and turned: 30 px/s move them by 0.9 px, and the turn by the same for all."""
    (seen,) = sightings(
        Tables.build(world(clock_ms=30, yaw_deg=0.2, frames=20, noise_px=0.3).values())
    ).values()
    fit = fit_pair(seen)
    assert fit is not None
    dots, line, turn = evidence(seen, fit)
    slope = sum(x * y for x, y in zip(dots.x, dots.y, strict=True)) / sum(x * x for x in dots.x)
    assert slope == pytest.approx(0.03, abs=0.003)
    assert line.y[1] / line.x[1] == pytest.approx(fit.seconds)
    assert sum(turn.y) / len(turn.y) == pytest.approx(sum(turn.x) / len(turn.x), abs=0.3)
    assert abs(sum(turn.x) / len(turn.x)) > 3
