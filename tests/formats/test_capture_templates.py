"""Capture formats meet the project templates: their words are understood, and come back as the source's own."""

from pathlib import Path

import pytest
from tests.formats.capture_kit import Export, annotations, context_of_template, of, read, real

from braid.formats.eaf import Eaf
from braid.formats.grid import Grid
from braid.formats.kitti import Kitti
from braid.formats.kitti.labels import LABELS
from braid.formats.nuscenes import Nuscenes
from braid.formats.srt import Srt
from braid.formats.sustechpoints import Sustechpoints
from braid.formats.textgrid import Textgrid
from braid.formats.webvtt import Webvtt
from braid.model.records import Entity, Link

CALIB = """P2: 700 0 600 0 0 700 180 0 0 0 1 0
R0_rect: 1 0 0 0 1 0 0 0 1
Tr_velo_to_cam: 0 -1 0 0 0 0 -1 0 1 0 0 0
"""


def test_every_kitti_label_keeps_its_word_under_the_driving_template(tmp_path: Path) -> None:
    from PIL import Image

    root = tmp_path / "kitti"
    for part in ("label_2", "calib", "image_2", "velodyne"):
        (root / part).mkdir(parents=True)
    Image.new("RGB", (1200, 370)).save(root / "image_2/0.png")
    (root / "velodyne/0.bin").write_bytes(bytes(16))
    (root / "calib/0.txt").write_text(CALIB)
    solid = "0.00 0 -1.20 500.00 170.00 700.00 260.00 1.50 1.60 4.00 1.00 1.70 12.00 -1.12"
    flat = "-1 -1 -10 503.89 169.71 590.61 190.13 -1 -1 -1 -1000 -1000 -1000 -10"
    text = "".join(f"{label} {flat if label == 'DontCare' else solid}\n" for label in LABELS)
    (root / "label_2/0.txt").write_text(text)
    context = context_of_template(tmp_path / "s", "driving")
    (bundle,), problems, files = read(Kitti(), root, context)
    assert problems == []
    known = {item.id for item in context.ontology.classes}
    assert set(context.new_classes) - known == {"dontcare"}
    out = tmp_path / "out"
    out.mkdir()
    assert Kitti().write(Export([bundle], context, files), out, options={}) == ()
    assert (out / "training/label_2/0.txt").read_text() == text


def test_a_voice_is_a_participant_and_a_cue_an_utterance_of_the_dialogue_template(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann>One\n")
    (tmp_path / "b.srt").write_text("1\n00:00:01,000 --> 00:00:02,500\nHello\n")
    context = context_of_template(tmp_path / "s", "dialogue")
    (cues,), _, _ = read(Webvtt(), tmp_path, context)
    (subtitles,), _, _ = read(Srt(), tmp_path, context)
    assert [item.class_id for item in (*annotations(cues), *annotations(subtitles))] == ["utterance"] * 2
    assert [entity.class_id for entity in of(cues, Entity)] == ["participant"]
    assert (context.new_classes, context.new_link_types) == ({}, {})
    assert [link.type_id for link in of(cues, Link)] == ["spoken-by"]


@pytest.mark.parametrize(
    ("kind", "folder", "template"),
    [
        (Kitti, "driving/kitti_object", "driving"),
        (Nuscenes, "driving/nuscenes_sample", "driving"),
        (Sustechpoints, "driving/sustechpoints_seq", "driving"),
        (Grid, "dialogue/grid_av", "dialogue"),
        (Eaf, "dialogue/elan_fable", "dialogue"),
        (Eaf, "formats/elan", "dialogue"),
        (Textgrid, "dialogue/praat", "dialogue"),
        (Textgrid, "formats/timed_text", "dialogue"),
        (Webvtt, "formats/timed_text", "dialogue"),
        (Srt, "formats/timed_text", "dialogue"),
    ],
)
def test_real_folders_are_admitted_under_their_template(
    tmp_path: Path, kind: type, folder: str, template: str
) -> None:
    """`read` admits every record under the ontology that the import leaves behind."""
    bundles, problems, _ = read(kind(), real(folder), context_of_template(tmp_path / "s", template))
    assert bundles
    assert not [item for item in problems if item.rejected]
    assert all(annotations(bundle) for bundle in bundles)
