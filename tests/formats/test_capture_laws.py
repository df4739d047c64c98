"""Laws of the capture formats: what is written reads back, for any content."""

import math
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.capture_kit import LAYER, Counter, Export, annotations, context_in, read

from braid.formats.cues import Cue, decoded, sound_cues
from braid.formats.kitti.calib import parse_calib
from braid.formats.kitti.rows import KittiRow, parse_rows, rectified_of
from braid.formats.rigid import inverse, matrix_of, pose_of
from braid.formats.seam import Problem, SampleBundle, Sources
from braid.formats.srt import Srt
from braid.formats.textgrid.document import GridTier, Mark, TextGrid, parse_textgrid, textgrid_text
from braid.formats.webvtt import Webvtt
from braid.model.records import Annotation, Entity, Modality, Sample, Sampling, Stream, Word
from braid.model.regions import TimeSpan

CALIB = """P2: 721.5 0 609.6 44.85 0 721.5 172.8 0.2163 0 0 1 0.0027
R0_rect: 0.9999239 0.00983776 -0.007445048 -0.009869795 0.9999421 -0.004278459 0.007402527 0.004351614 0.9999631
Tr_velo_to_cam: 0.007533745 -0.9999714 -0.000616602 -0.004069766 0.01480249 0.0007280733 -0.9998902 -0.07631618 0.9998621 0.00752379 0.01480755 -0.2717806
"""
NS = st.integers(0, 10**15)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


def size(low: float, high: float) -> st.SearchStrategy[float]:
    return st.integers(round(low * 100), round(high * 100)).map(lambda value: value / 100)


@given(
    hwl=st.tuples(size(0.1, 5), size(0.1, 5), size(0.1, 20)),
    bottom=st.tuples(size(-80, 80), size(-5, 5), size(-80, 80)),
    turn=size(-3.14, 3.14),
)
def test_a_kitti_cuboid_goes_to_the_lidar_and_back(
    hwl: tuple[float, float, float], bottom: tuple[float, float, float], turn: float
) -> None:
    calib = parse_calib(CALIB, where="calib")
    row = KittiRow(
        line=1,
        label="Car",
        truncation=0.0,
        occlusion=0,
        alpha_rad=0.0,
        box_px=(0.0, 0.0, 1.0, 1.0),
        hwl_m=hwl,
        bottom_rectified_m=bottom,
        rotation_y_rad=turn,
        score=None,
    )
    again_hwl, again_bottom, again_turn, tilt = rectified_of(row.cuboid(calib, frame="velodyne"), calib)
    assert again_hwl == hwl
    assert np.allclose(again_bottom, bottom, atol=1e-9)
    assert abs(math.remainder(again_turn - turn, math.tau)) < 1e-9
    assert tilt < 1e-6
    (parsed,) = parse_rows(row.text(), where="label")
    assert parsed == row


@given(st.tuples(*[st.floats(-1, 1)] * 4).filter(lambda q: sum(part * part for part in q) > 0.01))
def test_a_pose_and_its_inverse_cancel(q: tuple[float, float, float, float]) -> None:
    from braid.space.pose import Pose
    from braid.space.rotation import normalised

    move = matrix_of(Pose(rotation_wxyz=normalised(q), translation_m=(1.0, -2.0, 3.0)))
    assert np.allclose(inverse(move) @ move, np.eye(4), atol=1e-12)
    assert np.allclose(matrix_of(pose_of(move)), move, atol=1e-12)


@given(
    st.lists(
        st.builds(
            GridTier,
            name=TEXT,
            points=st.booleans(),
            start_ns=NS,
            end_ns=NS,
            marks=st.lists(st.builds(Mark, start_ns=NS, end_ns=NS, text=TEXT), max_size=4).map(tuple),
        ),
        max_size=3,
    )
)
def test_a_textgrid_reads_back_to_the_nanosecond(tiers: list[GridTier]) -> None:
    grid = TextGrid(
        start_ns=0,
        end_ns=10**15,
        tiers=tuple(
            tier
            if not tier.points
            else GridTier(
                name=tier.name,
                points=True,
                start_ns=tier.start_ns,
                end_ns=tier.end_ns,
                marks=tuple(Mark(start_ns=m.start_ns, end_ns=m.start_ns, text=m.text) for m in tier.marks),
            )
            for tier in tiers
        ),
    )
    assert parse_textgrid(textgrid_text(grid), where="grid") == grid


def spoken(text: str, start_ms: int, length_ms: int, voice: str) -> SampleBundle:
    new_id = Counter()
    sample = Sample(id=new_id(), key="talk")
    stream = Stream(
        id=new_id(), sample=sample.id, name="audio", modality=Modality.AUDIO, sampling=Sampling.CONTINUOUS
    )
    person = Entity(id=new_id(), sample=sample.id, layer=LAYER, class_id="speaker", name=voice)
    start, end = start_ms * 10**6, (start_ms + length_ms) * 10**6
    words = (Word(start=0, end=len(text), start_ns=start, end_ns=end),)
    said = Annotation(
        id=new_id(),
        sample=sample.id,
        stream=stream.id,
        layer=LAYER,
        class_id="utterance",
        region=TimeSpan(start_ns=start, end_ns=end),
        text=text,
        words=words,
        entity=person.id if voice else None,
    )
    return SampleBundle(sample=sample, records=(stream, person, said))


WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), include_characters=" "),
    min_size=1,
    max_size=30,
).filter(lambda text: bool(text.strip()))


@given(text=WORDS, start_ms=st.integers(0, 10**9), length_ms=st.integers(1, 10**6), voice=WORDS)
def test_webvtt_says_the_same_after_writing_and_reading(
    text: str, start_ms: int, length_ms: int, voice: str
) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = spoken(text, start_ms, length_ms, voice)
        context = context_in(folder / "s")
        out = folder / "out"
        out.mkdir()
        Webvtt().write(Export([bundle], context, Sources(folder)), out, options={})
        (again,), problems, _ = read(Webvtt(), out, context)
        assert problems == []
        (said,) = annotations(again)
        assert said.text == text.strip()
        assert said.region == bundle.records[2].region  # type: ignore[union-attr]
        names = [record.name for record in again.records if isinstance(record, Entity)]
        assert names == [" ".join(voice.split())]


@given(st.binary(max_size=200))
def test_any_bytes_give_problems_or_cues_but_no_crash(data: bytes) -> None:
    import tempfile

    from braid.formats.srt import parse_srt
    from braid.formats.webvtt import parse_webvtt

    text, _ = decoded(data)
    for parse in (parse_srt, parse_webvtt):
        for part in sound_cues(parse(text, where="x")):
            assert isinstance(part, Cue | Problem)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.srt"
        path.write_bytes(data)
        bundles, _, _ = read(Srt(), path, context_in(Path(name) / "s"))
        assert len(bundles) == 1
