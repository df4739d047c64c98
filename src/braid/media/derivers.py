"""Derivers: pure functions from a file to bytes, each with an id and a version, so that results can be cached.

Raising a deriver's version makes every cached result of it stale; deleting results loses nothing.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import msgspec

from braid.base.canonical import canonical_json
from braid.base.errors import InvalidInput, NotFound
from braid.base.hashing import sha256_hex
from braid.model.records import Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What to derive from. index, from_ns, to_ns, bins, only: only for the derivers that name them in `params`."""

    path: Path
    track: int = 0
    media_type: str = ""
    name: str = ""
    modality: Modality | None = None
    index: int | None = None
    from_ns: int | None = None
    to_ns: int | None = None
    bins: int | None = None
    only: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deriver:
    """A registered derivation. `output_type`: media type of the bytes, "" when it depends on the file.

    of: the deriver whose result is this one's source, "" for the stream's own file. kept: worth keeping on disk.
    write: does the same as `make` without holding all of it in memory.
    """

    id: str
    version: int
    title: str
    output_type: str
    make: Callable[[Source], bytes]
    params: tuple[str, ...] = ()
    of: str = ""
    kept: bool = True
    write: Callable[[Source, BinaryIO], None] | None = None

    def derive(self, path: Path, *, track: int = 0, media_type: str = "", name: str = "") -> bytes:
        """The bytes for a file without further parameters."""
        return self.make(Source(path=path, track=track, media_type=media_type, name=name))


def derive(
    kind: str,
    path: Path,
    *,
    track: int = 0,
    media_type: str = "",
    name: str = "",
    modality: Modality | None = None,
    index: int | None = None,
    from_ns: int | None = None,
    to_ns: int | None = None,
    bins: int | None = None,
) -> bytes:
    """The derived bytes of `kind`, one of the ids in DERIVERS. Raises NotFound for another, InvalidInput for bad files.

    modality: for files that hold several (a video's sound). index: of `frame`. from_ns, to_ns, bins: of `series`.
    """
    maker = deriver(kind)
    source = Source(
        path=path,
        track=track,
        media_type=media_type,
        name=name,
        modality=modality,
        index=index,
        from_ns=from_ns,
        to_ns=to_ns,
        bins=bins,
    )
    if not maker.of:
        return maker.make(source)
    with tempfile.NamedTemporaryFile() as between:
        between.write(deriver(maker.of).make(source))
        between.flush()
        return maker.make(replace(source, path=Path(between.name)))


def deriver(kind: str) -> Deriver:
    """The registered deriver. Raises NotFound."""
    if kind not in DERIVERS:
        raise NotFound("there is no such deriver", got=kind, wanted=", ".join(sorted(DERIVERS)))
    return DERIVERS[kind]


def cache_key(kind: str, digest: str, **params: str | int | None) -> str:
    """Where a result is kept: 64 hex digits from the source's digest, deriver, version and parameters."""
    known = {key: value for key, value in params.items() if value is not None and value not in {"", 0}}
    return sha256_hex(
        canonical_json({"deriver": kind, "version": deriver(kind).version, "source": digest, "params": known})
    )


def _thumbnail(source: Source) -> bytes:
    from braid.media import pictures
    from braid.media.sniff import PICTURE, sniff

    if sniff(source.path).family == PICTURE:
        return pictures.thumbnail_webp(pictures.upright(source.path))
    from braid.media.video import thumbnail_frame

    return pictures.thumbnail_webp(thumbnail_frame(source.path, track=source.track))


def _picture(source: Source) -> bytes:
    from braid.media.pictures import picture_webp

    return picture_webp(source.path)


def _frames(source: Source) -> bytes:
    from braid.media.frames_document import frames_document

    return _json(frames_document(source.path, track=source.track))


def _frame(source: Source) -> bytes:
    from braid.media.pictures import encode
    from braid.media.video import frame_image

    if source.index is None:
        raise InvalidInput("a video frame needs its index", where=source.path.name, wanted="index=0 or more")
    return encode(frame_image(source.path, track=source.track, index=source.index))


def _playable(source: Source) -> bytes:
    from braid.media.proxy import playable

    return playable(source.path, track=source.track, modality=source.modality)


def _peaks(source: Source) -> bytes:
    from braid.media.audio import peaks

    made = peaks(source.path, track=source.track)
    return _json(
        {
            "rate": {"num": made.sample_rate_hz, "den": 1},
            "channels": made.channel_count,
            "start_ns": made.start_ns,
            "duration_ns": made.duration_ns,
            "zero_s": made.zero_s,
            "levels": [
                {"samples_per_bin": level.samples_per_bin, "bins": level.bins, "offset": level.offset}
                for level in made.levels
            ],
        }
    )


def _peaks_bin(source: Source) -> bytes:
    from braid.media.audio import peaks

    return peaks(source.path, track=source.track).data


def _points(source: Source) -> bytes:
    from braid.media.clouds import read_cloud
    from braid.media.tiles import make_tiles

    cloud = read_cloud(source.path, media_type=source.media_type, name=source.name)
    made = make_tiles(cloud)
    return _json(
        {
            "count": made.count,
            "bounds_min_m": made.bounds_min_m,
            "bounds_max_m": made.bounds_max_m,
            "frame": "",
            "tiles": [
                {
                    "byte_offset": tile.byte_offset,
                    "count": tile.count,
                    "scale_m": tile.scale_m,
                    "offset_m": tile.offset_m,
                }
                for tile in made.tiles
            ],
            "fields": ["x", "y", "z", "intensity"],
            "warnings": cloud.warnings,
        }
    )


def _points_bin(source: Source) -> bytes:
    from braid.media.clouds import read_cloud
    from braid.media.tiles import make_tiles

    return make_tiles(read_cloud(source.path, media_type=source.media_type, name=source.name)).data


def _text(source: Source) -> bytes:
    from braid.media.texts import read_text

    made = read_text(source.path)
    return _json(
        {"text": made.text, "length": len(made.text), "encoding": made.encoding, "warnings": made.warnings}
    )


def _spectrogram(source: Source) -> bytes:
    from braid.media.spectrogram import BANDS, FLOOR_DB, spectrogram

    made = spectrogram(source.path, track=source.track)
    return _json(
        {
            "rate": {"num": made.sample_rate_hz, "den": 1},
            "bands": BANDS,
            "top_hz": made.top_hz,
            "floor_db": FLOOR_DB,
            "start_ns": made.start_ns,
            "levels": [
                {"hop": level.hop, "columns": level.columns, "offset": level.offset} for level in made.levels
            ],
        }
    )


def _spectrogram_bin(source: Source) -> bytes:
    from braid.media.spectrogram import spectrogram

    return spectrogram(source.path, track=source.track).data


def _write_columns(source: Source, out: BinaryIO) -> None:
    from braid.media.series_columns import write_columns

    write_columns(source.path, out)


def _columns(source: Source) -> bytes:
    out = io.BytesIO()
    _write_columns(source, out)
    return out.getvalue()


def _series(source: Source) -> bytes:
    from braid.media.series_columns import read_window

    made = read_window(
        source.path,
        from_ns=source.from_ns,
        to_ns=source.to_ns,
        bins=2000 if source.bins is None else source.bins,
        only=source.only,
    )
    return _json(
        {
            "channels": [
                {"name": one.name, "unit": one.unit, "t_ns": one.t_ns, "min": one.min, "max": one.max}
                for one in made.channels
            ],
            "start_ns": made.start_ns,
            "end_ns": made.end_ns,
            "total": made.total,
        }
    )


def _json(value: dict[str, object]) -> bytes:
    return json.dumps(
        msgspec.to_builtins(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


_WEBP = "image/webp"
_BYTES = "application/octet-stream"
_JSON = "application/json"

DERIVERS: dict[str, Deriver] = {
    one.id: one
    for one in (
        Deriver(id="thumbnail", version=1, title="Small picture", output_type=_WEBP, make=_thumbnail),
        Deriver(id="picture", version=1, title="What an img element shows", output_type=_WEBP, make=_picture),
        Deriver(id="frames", version=2, title="Frame table", output_type=_JSON, make=_frames),
        Deriver(
            id="frame", version=1, title="One video frame", output_type=_WEBP, make=_frame, params=("index",)
        ),
        Deriver(id="playable", version=2, title="Proxy for the browser", output_type="", make=_playable),
        Deriver(id="peaks", version=2, title="Waveform levels", output_type=_JSON, make=_peaks),
        Deriver(id="peaks.bin", version=2, title="Waveform values", output_type=_BYTES, make=_peaks_bin),
        Deriver(id="points", version=1, title="Point tiles", output_type=_JSON, make=_points),
        Deriver(
            id="points.bin", version=1, title="Points of the tiles", output_type=_BYTES, make=_points_bin
        ),
        Deriver(id="text", version=1, title="Text as code points", output_type=_JSON, make=_text),
        Deriver(
            id="series.columns",
            version=1,
            title="A series as sorted columns",
            output_type=_BYTES,
            make=_columns,
            write=_write_columns,
        ),
        Deriver(
            id="series",
            version=2,
            title="Window of a series",
            output_type=_JSON,
            make=_series,
            params=("from_ns", "to_ns", "bins", "only"),
            of="series.columns",
            kept=False,
        ),
        Deriver(
            id="spectrogram", version=1, title="Spectrogram levels", output_type=_JSON, make=_spectrogram
        ),
        Deriver(
            id="spectrogram.bin",
            version=1,
            title="Spectrogram values",
            output_type=_BYTES,
            make=_spectrogram_bin,
        ),
    )
}
