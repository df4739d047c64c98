"""Real recordings: a car's bus against its satellite receiver and gyroscope, an action camera against its own gyroscope."""

from __future__ import annotations

from pathlib import Path

import pytest

from braid.clock.clock_map import to_timeline
from braid.work.aligning import align
from braid.work.alignment import AlignmentView, AlignRequest
from braid.work.importing import import_files
from braid.work.workspace import Workspace

MS = 1_000_000
SECOND = 1_000_000_000


def lag_ms(view: AlignmentView, at_s: float = 20) -> float:
    """How much later the reference's clock shows what the stream shows at this time."""
    assert view.clock_map is not None, view.why
    at_ns = round(at_s * SECOND)
    return (to_timeline(view.clock_map.segments, at_ns) - at_ns) / MS


@pytest.mark.slow
def test_one_phone_in_one_car_agrees_with_the_bus_to_the_delays_of_its_sensors(
    workspace: Workspace, shared_data: Path
) -> None:
    folder = shared_data / "driving" / "comma2k19_segment"
    if not folder.is_dir():
        pytest.skip("needs driving/comma2k19_segment of the shared data")
    project = workspace.init_project("Car", slug="car", template="driving").id
    import_files(workspace, project="car", format_id="comma2k19", path=folder)

    def compare(
        stream: str, reference: str, *, channel: str = "", reference_channel: str = ""
    ) -> AlignmentView:
        request = AlignRequest(
            stream=stream, reference=reference, channel=channel, reference_channel=reference_channel
        )
        return align(workspace, project, "comma2k19_segment", request)

    fix = compare("gnss ublox", "can speed")
    assert -20 < lag_ms(fix) < 100
    assert fix.sigma_end_ns < 15 * MS
    twice = compare("gyro uncalibrated", "gyro", channel="rate down")
    assert lag_ms(twice) == pytest.approx(0, abs=1)
    yaw = compare("gyro", "can0/KINEMATICS", channel="rate down", reference_channel="YAW_RATE")
    assert -20 < lag_ms(yaw) < 60
    assert yaw.quality is not None
    assert yaw.quality > 10
    wrong = compare("gyro", "can speed", channel="rate forward", reference_channel="speed")
    assert wrong.outcome == "refused"


@pytest.mark.slow
def test_an_action_camera_turns_with_its_own_gyroscope(workspace: Workspace, shared_data: Path) -> None:
    folder = shared_data / "driving" / "gopro_gpmf"
    if not folder.is_dir():
        pytest.skip("needs driving/gopro_gpmf of the shared data")
    project = workspace.init_project("Flight", slug="flight", template="driving").id
    import_files(workspace, project="flight", format_id="gopro", path=folder)
    view = align(workspace, project, "karma-mp4", AlignRequest(stream="GYRO", reference="video"))
    assert view.method == "rotation"
    assert 0 <= lag_ms(view, 6) < 33.4, "later than the frame's start, by half exposure and half readout"
    assert "exposure and readout" in view.warnings[0]
