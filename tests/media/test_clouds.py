from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.media.shared import shared_file

from braid.base.errors import InvalidInput, LimitExceeded
from braid.media import derive, probe, read_points, write_pcd
from braid.media.lzf import lzf_decompress, lzf_literal
from braid.model.records import Modality


def cloud(count: int = 3000, spread_m: float = 60.0, seed: int = 3) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    points = random.normal(0, spread_m / 3, (count, 4)).astype(np.float32)
    points[:, 3] = random.uniform(0, 1, count)
    return points


def unpack(
    path: Path,
) -> tuple[dict[str, object], NDArray[np.float64], NDArray[np.uint8], NDArray[np.uint32]]:
    """As a browser does it: metres, intensity and original index of every tile."""
    head = json.loads(derive("points", path))
    data = derive("points.bin", path)
    places, lights, indexes = [], [], []
    for tile in head["tiles"]:
        at, count = tile["byte_offset"], tile["count"]
        steps = np.frombuffer(data, "<i2", count * 3, at).reshape(-1, 3)
        places.append(np.array(tile["offset_m"]) + steps * tile["scale_m"])
        lights.append(np.frombuffer(data, np.uint8, count, at + count * 6))
        behind = at + count * 7 + -(count * 7) % 4
        indexes.append(np.frombuffer(data, "<u4", count, behind))
        assert count <= 65_536
    return head, np.concatenate(places), np.concatenate(lights), np.concatenate(indexes)


@pytest.mark.parametrize("encoding", ["ascii", "binary", "binary_compressed"])
def test_pcd_is_read_back_as_written(tmp_path: Path, encoding: str) -> None:
    points = cloud()
    write_pcd(tmp_path / "a.pcd", points, encoding=encoding)
    assert np.array_equal(read_points(tmp_path / "a.pcd"), points)
    made = probe(tmp_path / "a.pcd")
    assert (made.modality, made.facts.point_count, made.warnings) == (Modality.POINT_CLOUD, 3000, ())


def test_kitti_and_nuscenes_are_told_apart_by_content(tmp_path: Path) -> None:
    points = cloud(4000)
    points.tofile(tmp_path / "a.bin")
    rings = np.tile(np.arange(32, dtype=np.float32), 125)[:, None]
    np.hstack([points[:, :3], points[:, 3:] * 255, rings]).astype(np.float32).tofile(tmp_path / "b.bin")
    assert read_points(tmp_path / "a.bin").shape == (4000, 4)
    assert read_points(tmp_path / "b.bin").shape == (4000, 5)
    assert probe(tmp_path / "b.bin").media_type == "application/x-nuscenes-lidar"


def test_tiles_are_true_to_2_mm_and_keep_every_index(tmp_path: Path) -> None:
    points = cloud(150_000, spread_m=150.0)
    points.tofile(tmp_path / "a.bin")
    head, places_m, lights, indexes = unpack(tmp_path / "a.bin")
    assert head["count"] == 150_000
    assert sorted(indexes.tolist()) == list(range(150_000))
    assert np.abs(places_m - points[indexes, :3]).max() <= 0.002
    assert np.array_equal(lights, np.rint(points[indexes, 3].astype(np.float64) * 255).astype(np.uint8))
    assert len(head["tiles"]) >= 3  # type: ignore[arg-type]


def test_a_tile_of_identical_points_works(tmp_path: Path) -> None:
    write_pcd(tmp_path / "a.pcd", np.full((70_000, 4), 2.5, dtype=np.float32))
    _, places_m, _, indexes = unpack(tmp_path / "a.pcd")
    assert len(indexes) == 70_000
    assert np.allclose(places_m, 2.5)


def test_nan_inf_and_zero_points_are_said_and_indexes_stay_true(tmp_path: Path) -> None:
    points = cloud(100)
    points[[3, 50], 0] = np.nan, np.inf
    points[7, :3] = 0
    points.tofile(tmp_path / "a.bin")
    made = probe(tmp_path / "a.bin")
    assert made.facts.warnings == ("W_NOT_FINITE", "W_ZERO_RETURNS")
    _, places_m, _, indexes = unpack(tmp_path / "a.bin")
    assert set(range(100)) - set(indexes.tolist()) == {3, 50}
    assert np.abs(places_m - points[indexes, :3]).max() <= 0.002


def test_a_header_that_claims_more_points_warns(tmp_path: Path) -> None:
    write_pcd(tmp_path / "a.pcd", cloud(500), claimed_points=900)
    made = probe(tmp_path / "a.pcd")
    assert (made.facts.point_count, made.facts.warnings) == (500, ("W_TRUNCATED",))


def test_padding_fields_and_count_zero_are_tolerated(tmp_path: Path) -> None:
    points = cloud(20)
    kind = np.dtype(
        [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("p", "V4"), ("i", "<f4"), ("t", "<f8"), ("q", "V6")]
    )
    rows = np.zeros(20, dtype=kind)
    for index, name in enumerate("xyz"):
        rows[name] = points[:, index]
    rows["i"] = points[:, 3]
    head = (
        "# .PCD v0.7\nVERSION 0.7\nFIELDS x y z _ intensity _ timestamp _\nSIZE 4 4 4 1 4 1 8 1\n"
        "TYPE F F F U F U F U\nCOUNT 1 1 1 4 1 0 1 6\nWIDTH 20\nHEIGHT 1\nPOINTS 20\nDATA binary\n"
    )
    (tmp_path / "a.pcd").write_bytes(head.encode() + rows.tobytes() + bytes(4096))
    assert np.array_equal(read_points(tmp_path / "a.pcd"), points)
    assert probe(tmp_path / "a.pcd").facts.warnings == ("W_TRAILING_BYTES",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("DATA binary\n", "", "no DATA line"),
        ("POINTS 50", "POINTS 99999999999", "too large"),
        ("POINTS 50", "POINTS -1", "not a whole number"),
        ("SIZE 4 4 4 4", "SIZE 4 4 4", "do not match"),
        ("TYPE F F F F", "TYPE F F F X", "unknown PCD type"),
        ("FIELDS x y z", "FIELDS a b c", "no coordinates"),
        ("DATA binary", "DATA brotli", "unknown PCD encoding"),
        ("COUNT 1 1 1 1", "COUNT 1 1 1 99999", "too large"),
    ],
)
def test_headers_that_do_not_fit_are_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    write_pcd(tmp_path / "a.pcd", cloud(50))
    assert len(read_points(tmp_path / "a.pcd")) == 50
    data = (tmp_path / "a.pcd").read_bytes()
    (tmp_path / "a.pcd").write_bytes(data.replace(old.encode(), new.encode(), 1))
    with pytest.raises(InvalidInput, match=message):
        read_points(tmp_path / "a.pcd")


def test_a_compressed_size_that_lies_allocates_nothing(tmp_path: Path) -> None:
    write_pcd(tmp_path / "a.pcd", cloud(10), encoding="binary_compressed", claimed_points=40_000_000)
    with pytest.raises(InvalidInput, match="does not fit"):
        read_points(tmp_path / "a.pcd")


def test_lzf_copies_may_overlap_and_never_exceed_the_size() -> None:
    assert lzf_decompress(bytes([0, 65, 0xE0, 1, 0]), size=11) == b"A" * 11
    assert lzf_decompress(lzf_literal(bytes(range(100))), size=100) == bytes(range(100))
    for bad in (b"\x05ab", b"\x20\x00", b"\xe0", b"\x00A\x20"):
        with pytest.raises(InvalidInput, match="damaged"):
            lzf_decompress(bad, size=50)


def test_other_arrays_are_refused_by_name(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", cloud(10))
    with pytest.raises(InvalidInput, match="NumPy"):
        probe(tmp_path / "a.npy")
    with pytest.raises(InvalidInput, match="NumPy"):
        read_points(tmp_path / "a.npy")
    (tmp_path / "a.bin").write_text("not points at all, only words " * 40)
    with pytest.raises(InvalidInput, match="not a point cloud"):
        probe(tmp_path / "a.bin")


def test_limits_come_before_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud(100).tofile(tmp_path / "a.bin")
    monkeypatch.setattr("braid.media.clouds.MAX_CLOUD_BYTES", 1599)
    with pytest.raises(LimitExceeded):
        read_points(tmp_path / "a.bin")


def test_real_pcd_encodings_agree() -> None:
    folder = shared_file("formats/pcd")
    truth = np.load(folder / "kitti_000001.npy")[:, :3]
    for kind in ("ascii", "binary", "binary_compressed"):
        assert np.allclose(read_points(folder / f"kitti_000001_{kind}.pcd")[:, :3], truth, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "count", "warnings"),
    [
        ("broken/header_more_points_than_data.pcd", 5000, ("W_TRUNCATED",)),
        ("broken/truncated_not_multiple_of_16.bin", 10_000, ("W_TRUNCATED",)),
        ("broken/nan_inf_zero_points.bin", 2000, ("W_NOT_FINITE", "W_ZERO_RETURNS")),
        ("driving/sustechpoints_seq/lidar/000965.pcd", 66_781, ("W_TRAILING_BYTES",)),
        ("driving/kitti_object/training/velodyne/000000.bin", 115_384, ()),
    ],
)
def test_real_clouds(name: str, count: int, warnings: tuple[str, ...]) -> None:
    facts = probe(shared_file(name)).facts
    assert (facts.point_count, facts.warnings) == (count, warnings)


def test_a_real_nuscenes_sweep_has_five_columns() -> None:
    path = next(shared_file("driving/nuscenes_sample").glob("*LIDAR_TOP*"))
    assert read_points(path).shape == (34_688, 5)


@pytest.mark.parametrize("name", ["missing_data_line.pcd", "corrupt_lzf.pcd", "truncated.las"])
def test_broken_clouds_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        probe(shared_file(f"broken/{name}"))
