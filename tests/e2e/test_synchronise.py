"""Two recorders of one conversation are synchronised in the workspace: by signal, by hand, tried, applied, undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.align.speech import Pair, pair
from tests.e2e.serving import Served
from tests.e2e.workbench import Workbench, causes_of
from tests.strategies.projects import fresh_id
from tests.work.recordings import wav_of

from braid.base.hashing import revision_of_record
from braid.model.changes import ChangeSet, Create
from braid.model.records import Annotation, AnyRecord, End, Link, Stream
from braid.model.regions import TimeSpan
from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SECOND = 1_000_000_000
MS = 1_000_000
OFFSET_S, DRIFT_PPM = 1.3, 80.0
PANEL = '[aria-label="Synchronise"]'
SECONDS = 40.0


@pytest.fixture(scope="module")
def talk() -> Pair:
    """The phone began 1.3 s before the studio did, and its clock runs 80 ppm fast."""
    return pair(
        seconds=SECONDS,
        offset_s=OFFSET_S,
        drift_ppm=DRIFT_PPM,
        seed=5,
        rate_a_hz=16_000,
        rate_b_hz=16_000,
    )


@pytest.fixture
def recorded(talk: Pair, tmp_path: Path) -> Iterator[Served]:
    """One sample with both sounds; three spans on the phone's, each linked to one on the studio's."""
    (tmp_path / "talk").mkdir()
    for name, sound, rate_hz in (("1_studio", talk.a, talk.rate_a_hz), ("2_phone", talk.b, talk.rate_b_hz)):
        (tmp_path / "talk" / f"{name}.wav").write_bytes(wav_of(sound.astype("float64"), rate_hz))
    with Workspace.open(tmp_path / "workspace", create=True) as workspace:
        project = init_project(workspace, name="talk", slug="talk", template="driving")
        report = import_files(workspace, project=project.id, format_id="media", path=tmp_path / "talk")
        assert report.accepted.streams == 2
        label(workspace, project.id)
    served = Served(tmp_path / "workspace")
    served.start()
    yield served
    served.stop()


def label(workspace: Workspace, project: str) -> None:
    """Spans and links, as two people would have left them."""
    (row,) = workspace.store.samples(project).items
    view = workspace.store.sample(project, row.id)
    streams = [msgspec.json.decode(bytes(held.record), type=Stream) for held in view.streams]
    studio, phone = sorted(streams, key=lambda stream: stream.name)
    layer = workspace.local_layer(project)

    def span(stream: Stream, start_s: int) -> Annotation:
        region = TimeSpan(start_ns=start_s * SECOND, end_ns=(start_s + 1) * SECOND)
        return Annotation(
            id=fresh_id(), sample=row.id, stream=stream.id, layer=layer, class_id="event", region=region
        )

    anchor = span(studio, 10)
    spans = [span(phone, start_s) for start_s in (5, 20, 30)]
    links = [
        Link(
            id=fresh_id(),
            sample=row.id,
            layer=layer,
            type_id="reacts-to",
            source=End(id=one.id, judged=revision_of_record(one)),
            target=End(id=anchor.id, judged=revision_of_record(anchor)),
        )
        for one in spans
    ]
    records: tuple[AnyRecord, ...] = (anchor, *spans, *links)
    made = ChangeSet(id=fresh_id(), ops=tuple(Create(record=one) for one in records))
    (outcome,) = workspace.store.commit(project, [made], actor="local").outcomes
    assert not outcome.errors, outcome.errors


def opened(page: Page, served: Served) -> Workbench:
    """The sample with the panel of synchronisation, on the phone's stream."""
    key = served.get("/api/projects/talk/samples")["items"][0]["key"]
    bench = Workbench(page, served, "talk", key)
    page.goto(f"{served.address}/p/talk/s/{key}?debug")
    page.get_by_text("Saved").first.wait_for()
    page.locator("canvas").first.wait_for()
    page.keyboard.press("Shift+Y")
    page.locator(PANEL).wait_for()
    assert page.locator(PANEL).get_by_label("Stream").locator("option:checked").inner_text() == "2_phone"
    return bench


def timeline_of(clock_map: Any, media_ns: int) -> int:
    """Where a clock map of one segment puts a media time."""
    (segment,) = clock_map["segments"]
    past_ns = media_ns - int(segment["media_ns"])
    return int(segment["timeline_ns"]) + past_ns + past_ns * int(segment.get("rate_ppq", 0)) // 10**15


def native(view: Any) -> dict[str, Any]:
    """Regions by annotation: what a corrected clock must not touch."""
    return {held["record"]["id"]: held["record"]["region"] for held in view["annotations"]}


def seek(page: Page, at_ns: int) -> None:
    """Put the cursor at a time of the sample."""
    page.evaluate("at => window.braid.playhead.seek(at)", at_ns)


def test_by_signal_tried_applied_and_undone(page: Page, recorded: Served, talk: Pair) -> None:
    bench = opened(page, recorded)
    before = recorded.sample("talk", bench.key)
    panel = page.locator(PANEL)
    panel.get_by_role("button", name="Find", exact=True).click()
    result = panel.locator(".sync-result")
    result.wait_for()
    assert "3 links become suspect" in result.inner_text()
    assert "all keep their frame" in result.inner_text()
    assert result.locator("svg").count() >= 2

    phone = next(one["record"]["id"] for one in before["streams"] if one["record"]["name"] == "2_phone")
    where = "([id, at]) => window.braid.playhead.toTimeline(id, at)"
    assert page.evaluate(where, [phone, 20 * SECOND]) == 20 * SECOND
    page.keyboard.press("Shift+T")
    tried = page.evaluate(where, [phone, 20 * SECOND])
    truth = round(talk.a_of(20.0) * SECOND)
    assert abs(tried - truth) < 2 * MS
    # Trying writes nothing.
    assert recorded.sample("talk", bench.key)["clock_maps"] == []

    panel.get_by_role("button", name="Apply", exact=True).click()
    after = bench.until(lambda view: len(view["clock_maps"]) == 1)
    (held,) = after["clock_maps"]
    for media_s in (2, 20, 38):
        truth = round(talk.a_of(float(media_s)) * SECOND)
        assert abs(timeline_of(held["record"], media_s * SECOND) - truth) < 2 * MS
    assert native(after) == native(before)
    links = [one["record"]["id"] for one in before["links"]]
    assert [causes_of(after, one) != [] for one in links] == [True] * 3
    page.get_by_text("3 suspect").first.wait_for()

    page.keyboard.press("Control+z")
    undone = bench.until(lambda view: view["clock_maps"] == [])
    assert native(undone) == native(before)
    assert [causes_of(undone, one) for one in links] == [[]] * 3


def test_by_hand_with_marks_and_their_residuals(page: Page, recorded: Served, talk: Pair) -> None:
    bench = opened(page, recorded)
    panel = page.locator(PANEL)
    # The same event on both clocks, heard at three places; the last mark is 4 ms off.
    for heard_s, slip_ns in ((6.0, 0), (20.0, 0), (36.0, 4 * MS)):
        seek(page, round(heard_s * SECOND))
        page.keyboard.press("Shift+F")
        panel.get_by_role("button", name="Let go").wait_for()
        seek(page, round(talk.a_of(heard_s) * SECOND) + slip_ns)
        page.keyboard.press("Shift+R")
    panel.locator("> table tbody tr").nth(2).wait_for()
    residual = panel.locator("> table tbody td:nth-child(3)")
    page.wait_for_function(
        "panel => [...document.querySelectorAll(`${panel} > table tbody td:nth-child(3)`)]"
        ".every((cell) => /\\d/.test(cell.textContent))",
        arg=PANEL,
    )
    assert all("µs" in text or "ms" in text or "ns" in text for text in residual.all_inner_texts())
    panel.get_by_role("button", name="Apply", exact=True).click()
    after = bench.until(lambda view: len(view["clock_maps"]) == 1)
    record = after["clock_maps"][0]["record"]
    assert record["method"] == "anchors"
    assert len(record["anchors"]) == 3
    assert abs(timeline_of(record, 20 * SECOND) - round(talk.a_of(20.0) * SECOND)) < 5 * MS
    assert page.locator(PANEL).count() == 0


def test_a_stream_without_information_is_refused_in_words(page: Page, recorded: Served) -> None:
    opened(page, recorded)
    panel = page.locator(PANEL)
    panel.get_by_label("By").select_option("transcript")
    panel.get_by_role("button", name="Find", exact=True).click()
    said = panel.locator('[data-tone="refused"], [role="alert"]')
    said.wait_for()
    assert len(said.inner_text()) > 20
    assert panel.get_by_role("button", name="Apply").count() == 0
