"""Aligning streams of a stored sample: proposed, weighed, applied, undone. Rules A9 and A20."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from tests.strategies.projects import fresh_id
from tests.work.recordings import SECOND, SHIFT_NS, drive, stored, wav_of

from braid.align.estimate import Curve
from braid.base.errors import InvalidInput, NotFound
from braid.clock.clock_map import ClockFit, ClockSegment, to_timeline
from braid.history.codec import record_from
from braid.model.changes import ChangeSet, Create, OutcomeState
from braid.model.records import ClockMap, Link, Modality
from braid.work.aligning import align, alignment_change
from braid.work.alignment import AlignRequest, MarkedAnchor
from braid.work.edit import undo, write
from braid.work.evidence_svg import evidence_svg
from braid.work.importing import import_files
from braid.work.workspace import Workspace

MS = 1_000_000


def test_A9_a_series_is_placed_and_nothing_is_written(workspace: Workspace) -> None:
    made = drive(workspace)
    before = workspace.store.seq(made.project)
    view = align(workspace, made.project, "drive-7", AlignRequest(stream="gps", reference="can"))
    assert workspace.store.seq(made.project) == before
    assert (view.outcome, view.method) == ("estimate", "series")
    assert view.clock_map is not None
    assert view.base is None
    middle = 40 * SECOND
    assert to_timeline(view.clock_map.segments, middle) == pytest.approx(middle + SHIFT_NS, abs=8 * MS)
    assert view.clock_map.reference == made.streams["can"].id
    assert view.clock_map.method == "series"
    assert view.grade in {"A", "B"}
    assert view.sigma_start_ns > 0
    assert view.effect is not None
    assert view.effect.moved == view.effect.kept_native == view.effect.annotations == 3
    assert view.effect.suspects == 3
    assert view.effect.max_shift_ns == pytest.approx(SHIFT_NS, abs=8 * MS)
    assert {row.annotation for row in view.effect.rows} == {one.id for one in made.spans}
    assert all(
        row.after_ns - row.before_ns == pytest.approx(SHIFT_NS, abs=8 * MS) for row in view.effect.rows
    )


def test_A20_the_effect_is_what_applying_does_and_undo_takes_it_back(workspace: Workspace) -> None:
    made = drive(workspace)
    store = workspace.store
    view = align(workspace, made.project, "drive-7", AlignRequest(stream="gps", reference="can"))
    assert view.effect is not None
    [outcome] = write(
        store, made.project, [alignment_change(view, new_id=fresh_id())], actor="local"
    ).outcomes
    assert outcome.state is OutcomeState.COMMITTED
    assert len(store.suspects(made.project)) == view.effect.suspects
    for held in store.suspects(made.project):
        link = record_from(held.record)
        assert isinstance(link, Link)
        assert [cause.changed for cause in link.causes] == [("clock",)]
    heads = store.heads(made.project, [one.id for one in made.spans])
    assert {name: record_from(held.record) for name, held in heads.items()} == {
        one.id: one for one in made.spans
    }
    again = align(workspace, made.project, "drive-7", AlignRequest(stream="gps", reference="can"))
    assert again.clock_map is not None
    assert view.clock_map is not None
    assert again.clock_map.id == view.clock_map.id
    assert again.base is not None
    assert again.effect is not None
    assert (again.effect.moved, again.effect.suspects) == (0, 0)
    assert outcome.seq is not None
    [undone] = write(
        store, made.project, [undo(store, made.project, outcome.seq, new_id=fresh_id)], actor="local"
    ).outcomes
    assert undone.state is OutcomeState.COMMITTED
    assert store.suspects(made.project) == ()
    assert store.sample(made.project, "drive-7").clock_maps == ()


def test_A9_the_reference_may_have_a_clock_map_of_its_own(workspace: Workspace) -> None:
    made = drive(workspace)
    shifted = ClockMap(
        id=fresh_id(),
        sample=made.sample.id,
        stream=made.streams["can"].id,
        segments=(ClockSegment(media_ns=0, timeline_ns=7 * SECOND, rate_ppq=20_000_000_000),),
        fit=ClockFit(offset_sigma_ns=3 * MS),
    )
    workspace.store.commit(
        made.project, [ChangeSet(id=fresh_id(), ops=(Create(record=shifted),))], actor="local"
    )
    view = align(workspace, made.project, "drive-7", AlignRequest(stream="gps", reference="can"))
    assert view.clock_map is not None
    wanted = to_timeline(shifted.segments, 40 * SECOND + SHIFT_NS)
    assert to_timeline(view.clock_map.segments, 40 * SECOND) == pytest.approx(wanted, abs=8 * MS)
    assert view.clock_map.fit.offset_sigma_ns >= 3 * MS
    assert all(
        abs(to_timeline(view.clock_map.segments, one.media_ns) + one.residual_ns - one.timeline_ns) < MS
        for one in view.clock_map.anchors
    )


def test_A9_a_refusal_says_why_and_proposes_nothing(workspace: Workspace) -> None:
    made = drive(workspace)
    view = align(workspace, made.project, "drive-7", AlignRequest(stream="still", reference="can"))
    assert view.outcome == "refused"
    assert "hardly changes" in view.why
    assert view.hint
    assert view.clock_map is None
    with pytest.raises(InvalidInput):
        alignment_change(view, new_id=fresh_id())


def test_A9_anchors_place_a_stream_against_another_or_on_the_timeline(workspace: Workspace) -> None:
    made = drive(workspace)
    marks = (
        MarkedAnchor(media_ns=SECOND, reference_ns=4 * SECOND, name="clap"),
        MarkedAnchor(media_ns=61 * SECOND, reference_ns=64 * SECOND + 6 * MS),
    )
    view = align(workspace, made.project, "drive-7", AlignRequest(stream="gps", anchors=marks))
    assert view.clock_map is not None
    assert (view.method, view.clock_map.reference) == ("anchors", "")
    assert view.clock_map.segments[0].rate_ppq == pytest.approx(100_000_000_000, abs=100)
    assert [one.name for one in view.clock_map.anchors] == ["clap", ""]
    with_reference = align(
        workspace, made.project, "drive-7", AlignRequest(stream="gps", reference="can", anchors=marks)
    )
    assert with_reference.clock_map is not None
    assert with_reference.clock_map.reference == made.streams["can"].id


def test_A9_two_recordings_of_one_sound(workspace: Workspace) -> None:
    rng = np.random.default_rng(2)
    rate = 16_000
    loud = np.interp(np.arange(30 * rate) / rate, np.arange(0, 30, 0.08), rng.uniform(0, 1, 375)) ** 3
    sound = rng.normal(0, 0.25, 30 * rate) * loud
    later = sound[2 * rate : 27 * rate] + rng.normal(0, 0.005, 25 * rate)
    made = stored(
        workspace, {"camera": wav_of(sound, rate), "phone": wav_of(later, rate)}, modality=Modality.AUDIO
    )
    view = align(workspace, made.project, "drive-7", AlignRequest(stream="phone", reference="camera"))
    assert view.clock_map is not None, view.why
    assert view.method == "audio"
    assert to_timeline(view.clock_map.segments, 10 * SECOND) == pytest.approx(12 * SECOND, abs=20_000)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (AlignRequest(stream="gps", reference="gps"), "another one"),
        (AlignRequest(stream="gps", reference="can", method="magic"), "no such method"),
        (AlignRequest(stream="gps", reference="can", method="rotation"), "a gyroscope with a video"),
        (AlignRequest(stream="gps", reference="can", channel="rain"), "no such channel"),
        (AlignRequest(stream="gps", method="series"), "compares two streams"),
        (AlignRequest(stream="gps", reference="can", method="stamps"), "on the timeline"),
    ],
)
def test_requests_that_fit_no_stream_are_refused(
    workspace: Workspace, request_: AlignRequest, said: str
) -> None:
    made = drive(workspace, length_s=20)
    with pytest.raises(InvalidInput, match=said):
        align(workspace, made.project, "drive-7", request_)
    with pytest.raises(NotFound):
        align(workspace, made.project, "drive-7", msgspec.structs.replace(request_, stream="nobody"))


def test_readings_with_one_clock_hold_no_second_one(workspace: Workspace) -> None:
    made = drive(workspace, length_s=20)
    view = align(workspace, made.project, "drive-7", AlignRequest(stream="gps"))
    assert (view.outcome, view.method) == ("refused", "stamps")


def test_the_evidence_is_a_picture_that_stands_alone() -> None:
    line = Curve(title="Correlation", x_label="offset, s", y_label="r", x=(0.0, 1.0, 2.0), y=(0.1, 0.9, 0.2))
    dots = Curve(
        title="A <b> & c", x_label="s", y_label="ms", x=(0.0, 1.0), y=(-1.0, float("nan")), style="points"
    )
    drawn = evidence_svg([line, line, dots], title='gps "against" can', lines=["±3 ms"])
    tree = ET.fromstring(drawn)  # noqa: S314 - our own picture
    names = [element.tag.rpartition("}")[2] for element in tree.iter()]
    assert names.count("polyline") == 2
    assert names.count("circle") == 1
    assert "script" not in names
    assert "A &lt;b&gt; &amp; c" in drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    assert "There is nothing to draw" in evidence_svg([], title="x")


CLAPS_S = (1.5, 4.0, 6.5)


def clapping(path: Path, *, late_s: float) -> None:
    """Nine seconds of a quiet room with claps, by a recorder that started `late_s` before."""
    rate = 16_000
    rng = np.random.default_rng(round(late_s * 1000))
    sound = rng.normal(0, 0.002, 9 * rate)
    for at_s in CLAPS_S:
        start = round((at_s + late_s) * rate)
        sound[start : start + 800] += rng.normal(0, 0.4, 800) * np.exp(-np.arange(800) / 150)
    path.write_bytes(wav_of(sound, rate))


def flashing(path: Path) -> None:
    """Eight seconds at 30 video frames a second: grey, and white for two video frames from each clap on."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for index in range(240):
            bright = any(round(at_s * 30) <= index < round(at_s * 30) + 2 for at_s in CLAPS_S)
            picture = np.full((96, 160, 3), 240 if bright else 60, dtype=np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        output.mux(stream.encode())


def test_A7_claps_and_flashes_place_a_stream(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "room"
    folder.mkdir()
    flashing(folder / "camera.mp4")
    clapping(folder / "desk.wav", late_s=0.25)
    clapping(folder / "phone.wav", late_s=1.125)
    project = workspace.init_project("Rooms", slug="rooms", template="dialogue").id
    import_files(workspace, project="rooms", format_id="media", path=folder)

    def offset_ns(stream: str, reference: str) -> int:
        request = AlignRequest(stream=stream, reference=reference, method="events")
        view = align(workspace, project, "room", request)
        assert (view.outcome, view.method) == ("estimate", "events")
        assert view.clock_map is not None
        assert len(view.clock_map.anchors) == len(CLAPS_S)
        return to_timeline(view.clock_map.segments, 4 * SECOND) - 4 * SECOND

    assert offset_ns("phone", "desk") == pytest.approx(-875 * MS, abs=1 * MS)
    assert offset_ns("desk", "camera") == pytest.approx(-250 * MS, abs=34 * MS)


def test_A7_a_room_without_events_is_refused(workspace: Workspace) -> None:
    rng = np.random.default_rng(3)
    made = stored(
        workspace,
        {name: wav_of(rng.normal(0, 0.01, 64_000), 16_000) for name in ("one", "two")},
        modality=Modality.AUDIO,
    )
    request = AlignRequest(stream="two", reference="one", method="events")
    view = align(workspace, made.project, "drive-7", request)
    assert (view.outcome, view.clock_map) == ("refused", None)
    assert "0 and 0 sudden events" in view.why
