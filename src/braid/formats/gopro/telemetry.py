"""The streams inside payloads: numbers scaled by SCAL, columns and units by name, counts checked against TSMP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from braid.formats.gopro.klv import Item, numbers, parse
from braid.formats.troubles import Troubles

Matrix = NDArray[np.float64]

ABOUT = frozenset({
    "DVID", "DVNM", "STNM", "RMRK", "SCAL", "SIUN", "UNIT", "TYPE", "TSMP", "TIMO", "EMPT", "TICK", "TOCK", "STMP",
    "STPS", "TMPC", "GPSF", "GPSU", "GPSP", "GPSA", "ORIN", "ORIO", "MTRX", "VERS", "QUAN", "PRES", "DISP",
})  # fmt: skip
"""Keys that speak about a stream; the data is the last key that is none of them."""
_WORDS = re.compile(r"\(([^()]*)\)")
_UTC = re.compile(r"^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\.(\d{1,3})")
LIMIT_STREAMS = 500


class StreamKey(NamedTuple):
    """Device id and key of a stream."""

    device: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stream's samples of one payload. values (N, elements); total: samples since the start as the camera counts,

    stamp_us: the camera's time of the first one, utc: digits of GPSU, fix: of the receiver.
    """

    payload: int
    values: Matrix
    total: int | None
    stamp_us: int | None
    utc: str
    fix: int | None


@dataclass(slots=True, kw_only=True)
class Track:
    """A telemetry stream over all payloads."""

    key: StreamKey
    device_name: str
    title: str
    units: tuple[str, ...]
    columns: tuple[str, ...]
    about: dict[str, str] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Samples over all payloads."""
        return sum(len(piece.values) for piece in self.pieces)


STATES: dict[str, tuple[str, str, float]] = {
    "GPSF": ("fix", "", 1.0),
    "GPSP": ("dilution of precision", "", 100.0),
    "TMPC": ("temperature", "°C", 1.0),
}
"""What a device says once a payload: name, unit, divisor."""


@dataclass(slots=True, kw_only=True)
class Telemetry:
    """All streams, texts that devices say of themselves, and their states: device name to payload to key to value."""

    tracks: dict[StreamKey, Track] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    states: dict[str, dict[int, dict[str, float]]] = field(default_factory=dict)


def take_payload(telemetry: Telemetry, payload: bytes, number: int, troubles: Troubles) -> None:
    """Adds what one payload holds."""
    for device in parse(payload, troubles, spot=f"payload {number}"):
        if device.key != "DEVC" or device.kind:
            troubles.add(
                "odd_klv",
                f"{device.key} stands outside of a device",
                spot=f"payload {number}",
                rejected=False,
            )
            continue
        facts = {item.key: item for item in device.items if item.kind}
        identity = _whole(facts.get("DVID"))
        name = facts["DVNM"].text() if "DVNM" in facts else ""
        for stream in device.items:
            if stream.key == "STRM" and not stream.kind:
                _take_stream(telemetry, stream, identity or 0, name, number, troubles)


def _take_stream(
    telemetry: Telemetry, stream: Item, device: int, device_name: str, number: int, troubles: Troubles
) -> None:
    facts = {item.key: item for item in stream.items if item.key in ABOUT}
    for state, (_, _, divisor) in STATES.items():
        if state in facts and (found := numbers(facts[state])) is not None:
            payloads = telemetry.states.setdefault(device_name or str(device), {})
            payloads.setdefault(number, {}).setdefault(state, float(found.flat[0]) / divisor)
    data = next((item for item in reversed(stream.items) if item.key not in ABOUT), None)
    if data is None:
        return
    spot = f"payload {number}, {data.key} at byte {data.at}"
    if data.kind in {"c", "U", "F", "G"}:
        telemetry.texts.setdefault(data.key, data.text()[:200])
        return
    if not data.kind:
        troubles.add(
            "nested_data", "a stream holds another tree, which was not read", spot=spot, rejected=False
        )
        return
    if not data.repeat:
        return
    values = numbers(data, facts["TYPE"].text() if "TYPE" in facts else "")
    if values is None:
        troubles.add("bad_values", f"type {data.kind} of {data.size} bytes cannot be read", spot=spot)
        return
    key = StreamKey(device, data.key)
    track = telemetry.tracks.get(key)
    if track is None:
        if len(telemetry.tracks) >= LIMIT_STREAMS:
            troubles.add("too_many", f"more than {LIMIT_STREAMS} streams", spot=spot)
            return
        track = telemetry.tracks[key] = _new_track(key, device_name, facts, values.shape[1])
    if values.shape[1] != len(track.columns):
        text = f"{values.shape[1]} numbers a sample, {len(track.columns)} before"
        troubles.add("bad_values", text, spot=spot)
        return
    track.pieces.append(
        Piece(
            payload=number,
            values=_scaled(values, facts.get("SCAL"), troubles, spot),
            total=_whole(facts.get("TSMP")),
            stamp_us=_whole(facts.get("STMP")),
            utc=facts["GPSU"].text() if "GPSU" in facts else "",
            fix=_whole(facts.get("GPSF")),
        )
    )


def _new_track(key: StreamKey, device_name: str, facts: dict[str, Item], width: int) -> Track:
    title = facts["STNM"].text() if "STNM" in facts else key.key
    units = facts.get("SIUN") or facts.get("UNIT")
    texts = [] if units is None else units.texts()
    if units is not None and units.size == 1 and units.repeat == width > 1:
        texts = list(units.text())
    about = {
        name.casefold(): facts[name].text()
        for name in ("ORIN", "ORIO", "RMRK")
        if name in facts and facts[name].kind == "c"
    }
    if "MTRX" in facts and (matrix := numbers(facts["MTRX"])) is not None:
        about["mtrx"] = " ".join(f"{value:g}" for value in matrix.ravel()[:9])
    return Track(
        key=key,
        device_name=device_name,
        title=title,
        units=tuple(texts * width if len(texts) == 1 else (texts + [""] * width)[:width]),
        columns=column_names(title, width),
        about=about,
    )


def column_names(title: str, width: int) -> tuple[str, ...]:
    """Names of the numbers of a sample from the words in brackets of the stream's title, else their places.

    >>> column_names("Gyroscope (z,x,y)", 3)
    ('z', 'x', 'y')
    """
    for words in _WORDS.findall(title):
        names = [word.strip().strip(".") for word in words.split(",")]
        if len(names) == width and all(names):
            return tuple(names)
    stem = _WORDS.sub("", title).strip()[:60] or "value"
    return (stem,) if width == 1 else tuple(f"{stem} {place + 1}" for place in range(width))


def _scaled(values: Matrix, scale: Item | None, troubles: Troubles, spot: str) -> Matrix:
    if scale is None:
        return values
    found = numbers(scale)
    divisors = np.ones(1) if found is None else found.ravel()
    if len(divisors) not in {1, values.shape[1]}:
        troubles.add("bad_scale", f"{len(divisors)} divisors for {values.shape[1]} numbers", spot=spot)
        return np.full_like(values, np.nan)
    if (divisors == 0).any():
        troubles.add("bad_scale", "a divisor is 0", spot=spot)
        divisors = np.where(divisors == 0, np.nan, divisors)
    scaled: Matrix = values / divisors
    return scaled


def _whole(item: Item | None) -> int | None:
    """The first number of an item, exactly."""
    if item is None or item.kind not in "bBsSlLjJ" or not item.size:
        return None
    width = {"b": 1, "s": 2, "l": 4, "j": 8}[item.kind.casefold()]
    return (
        int.from_bytes(item.raw[:width], "big", signed=item.kind.islower())
        if len(item.raw) >= width
        else None
    )


def check_counts(tracks: Sequence[Track], troubles: Troubles) -> None:
    """The camera counts its samples (TSMP): where fewer are stored than counted, some were lost."""
    for track in tracks:
        lost = 0
        before: Piece | None = None
        for piece in track.pieces:
            if before is not None and before.total is not None and piece.total is not None:
                lost += max(0, piece.total - before.total - len(piece.values))
            before = piece
        if lost:
            troubles.add(
                "samples_lost", f"{track.key.key}: {lost} samples were counted but not stored", rejected=False
            )


def utc_ns(text: str) -> int | None:
    """GPSU `yymmddhhmmss.sss` as Unix nanoseconds; None when it is none.

    >>> utc_ns("170417173103.000")
    1492450263000000000
    """
    from datetime import UTC, datetime

    match = _UTC.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    try:
        instant = datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return int(instant.timestamp()) * 10**9 + int(match[7].ljust(3, "0")) * 10**6


def split_raw(data: bytes) -> Iterator[bytes]:
    """Payloads of a raw file: each begins where the first device comes again."""
    from braid.formats.gopro.klv import HEAD

    at = begun = 0
    first: bytes | None = None
    while at + HEAD.size <= len(data):
        key, _, size, repeat = HEAD.unpack_from(data, at)
        length = HEAD.size + (size * repeat + 3) // 4 * 4
        mark = data[at + HEAD.size : at + HEAD.size + 12]
        if key != b"DEVC":
            break
        if first is None:
            first = mark
        elif mark == first:
            yield data[begun:at]
            begun = at
        at += length
    if begun < len(data):
        yield data[begun:]
