"""Bytes of streams: Range, caching, and derived files that are made once."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from starlette.testclient import TestClient
from tests.server.conftest import CAPTION, HEIGHT_PX, WIDTH_PX, Small

from braid.base.errors import InvalidInput
from braid.model.changes import Update
from braid.server.ranges import Unsatisfiable, parse_range
from braid.work.media_access import safe_media_type


def address(small: Small, stream: Any, what: str) -> str:
    return f"/api/projects/small/streams/{stream.id}/{what}"


def test_the_whole_file(client: TestClient, small: Small) -> None:
    answer = client.get(address(small, small.image, "media"))
    assert answer.content == small.picture
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["etag"] == f'"{small.image.asset}"'
    assert answer.headers["accept-ranges"] == "bytes"
    assert "immutable" in answer.headers["cache-control"]
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("header", "first", "end"), [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-5", -5, None)]
)
def test_a_part(client: TestClient, small: Small, header: str, first: int, end: int | None) -> None:
    answer = client.get(address(small, small.image, "media"), headers={"Range": header})
    size = len(small.picture)
    assert answer.status_code == 206
    assert answer.content == small.picture[first:end]
    start = first % size if first < 0 else first
    assert answer.headers["content-range"] == f"bytes {start}-{(end or size) - 1}/{size}"
    assert answer.headers["content-length"] == str(len(answer.content))


def test_a_range_outside_of_the_file(client: TestClient, small: Small) -> None:
    answer = client.get(address(small, small.image, "media"), headers={"Range": "bytes=9999999-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(small.picture)}"
    assert answer.json()["error"]["code"] == "range_not_satisfiable"


@pytest.mark.parametrize(
    "header", ["lines=0-1", "bytes=0-1,3-4", "bytes=", "bytes=5-2", "bytes=a-b", "bytes=²-³"]
)
def test_what_is_no_single_byte_range_gets_everything(client: TestClient, small: Small, header: str) -> None:
    answer = client.get(address(small, small.image, "media"), headers={b"Range": header.encode()})
    assert (answer.status_code, answer.content) == (200, small.picture)


def test_head_says_as_much_without_the_bytes(client: TestClient, small: Small) -> None:
    answer = client.head(address(small, small.image, "media"), headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (206, b"", "10")


def test_caches_are_told_that_nothing_changed(client: TestClient, small: Small) -> None:
    tag = f'"{small.image.asset}"'
    answer = client.get(address(small, small.image, "media"), headers={"If-None-Match": f'"x", W/{tag}'})
    assert (answer.status_code, answer.content) == (304, b"")
    part = {"Range": "bytes=0-9"}
    assert (
        client.get(address(small, small.image, "media"), headers={**part, "If-Range": tag}).status_code == 206
    )
    assert (
        client.get(address(small, small.image, "media"), headers={**part, "If-Range": '"x"'}).status_code
        == 200
    )


@given(size=st.integers(1, 300), first=st.integers(0, 400), length=st.integers(1, 400))
def test_a_range_is_what_slicing_gives(size: int, first: int, length: int) -> None:
    data = bytes(range(256))[:size] + bytes(max(0, size - 256))
    try:
        part = parse_range(f"bytes={first}-{first + length - 1}", size)
    except Unsatisfiable:
        assert first >= size
        return
    assert part is not None
    assert data[part[0] : part[1]] == data[first : first + length]
    suffix = parse_range(f"bytes=-{length}", size)
    assert suffix is not None
    assert data[suffix[0] : suffix[1]] == data[-length:]


def test_a_file_of_many_chunks_arrives_whole(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("braid.server.ranges.CHUNK_BYTES", 7)
    answer = small.client().get(address(small, small.image, "media"), headers={"Range": "bytes=3-"})
    assert answer.content == small.picture[3:]


def test_no_browser_is_handed_a_page(client: TestClient, small: Small) -> None:
    answer = client.get(address(small, small.text, "media"))
    assert answer.headers["content-type"].startswith("text/plain")
    assert safe_media_type("image/svg+xml") == "application/octet-stream"
    assert safe_media_type("image/png\r\nX: y") == "application/octet-stream"
    assert safe_media_type("application/javascript") == "application/octet-stream"


def test_thumbnail_and_picture(client: TestClient, small: Small) -> None:
    for what in ("thumbnail", "picture"):
        answer = client.get(address(small, small.image, what))
        assert answer.headers["content-type"] == "image/webp"
        assert Image.open(io.BytesIO(answer.content)).size == (WIDTH_PX, HEIGHT_PX)


def test_text(client: TestClient, small: Small) -> None:
    answer = client.get(address(small, small.text, "text")).json()
    assert (answer["text"], answer["length"]) == (CAPTION, len(CAPTION))


def test_what_a_stream_does_not_have(client: TestClient, small: Small) -> None:
    for what in ("frames", "frame/0", "peaks", "peaks.bin", "series"):
        answer = client.get(address(small, small.image, what))
        assert answer.status_code in {404, 422}, what
        assert answer.json()["error"]["message"]
    assert client.get(address(small, small.box, "media")).status_code == 404


def test_sound_has_peaks_and_plays(client: TestClient, small: Small, tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    path = tmp_path / "tone.wav"
    soundfile.write(path, np.sin(np.arange(16_000) / 10).astype(np.float32), 16_000)
    digest = small.workspace.blobs.put_bytes(path.read_bytes())
    revs = {held["record"]["id"]: held["rev"] for held in view(client)["streams"]}
    sound = msgspec.structs.replace(small.image, modality="audio", asset=digest, media_type="audio/wav")
    sound = msgspec.convert(msgspec.to_builtins(sound), type(small.image))
    small.workspace.store.commit(
        small.project, [small.change(Update(record=sound, base=revs[sound.id]))], actor="local"
    )
    peaks = client.get(address(small, sound, "peaks")).json()
    assert (peaks["rate"]["num"], peaks["channels"]) == (16_000, 1)
    binary = client.get(address(small, sound, "peaks.bin")).content
    last = peaks["levels"][-1]
    assert len(binary) == last["offset"] + last["bins"] * 2
    played = client.get(address(small, sound, "media"))
    assert (played.content, played.headers["content-type"]) == (path.read_bytes(), "audio/wav")


def test_readings_are_named_by_their_number(client: TestClient, small: Small) -> None:
    from braid.model.records import Reading

    assert small.image.asset is not None
    revs = {held["record"]["id"]: held["rev"] for held in view(client)["streams"]}
    many = msgspec.structs.replace(
        small.image, asset=None, readings=(Reading(at_ns=0, asset=small.image.asset),), sampling="instant"
    )
    many = msgspec.convert(msgspec.to_builtins(many), type(small.image))
    small.workspace.store.commit(
        small.project, [small.change(Update(record=many, base=revs[many.id]))], actor="local"
    )
    assert client.get(address(small, many, "media?reading=0")).content == small.picture
    wrong = client.get(address(small, many, "media?reading=1"))
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "invalid_input")


def test_one_derivation_however_many_ask(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    from braid.media import derivers

    made: list[int] = []
    gate = threading.Event()

    def slow(source: Any) -> bytes:
        made.append(1)
        assert gate.wait(30)
        return b"{}"

    monkeypatch.setitem(
        derivers.DERIVERS,
        "text",
        derivers.Deriver(id="text", version=999, title="t", output_type="x", make=slow),
    )
    access = small.service.media
    threads = [threading.Thread(target=access.derived, args=("text", small.text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join()
    assert access.derived("text", small.text).path.read_bytes() == b"{}"
    assert made == [1]


def test_a_failed_derivation_leaves_nothing(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    from braid.media import derivers

    def broken(source: Any) -> bytes:
        raise InvalidInput("this file is broken")

    monkeypatch.setitem(
        derivers.DERIVERS,
        "text",
        derivers.Deriver(id="text", version=998, title="t", output_type="x", make=broken),
    )
    before = sorted((small.workspace.root / "derived").rglob("*"))
    for _ in range(2):
        answer = small.client().get(address(small, small.text, "text"))
        assert answer.json()["error"]["message"] == "this file is broken"
    left = [path for path in sorted((small.workspace.root / "derived").rglob("*")) if path.is_file()]
    assert left == [path for path in before if path.is_file()]


def view(client: TestClient) -> Any:
    return client.get("/api/projects/small/samples/one").json()
