"""Text files as code points: UTF-8, UTF-16 and UTF-32 by their marks, Latin-1 when nothing else fits.

The byte order mark is dropped; everything else, line ends too, stays as it is, because offsets count code points.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from braid.base.errors import InvalidInput, LimitExceeded
from braid.media.limits import MAX_TEXT_BYTES

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The code points, how they were encoded, and warnings (code, message)."""

    text: str
    encoding: str
    warnings: tuple[tuple[str, str], ...] = ()


def read_text(path: Path) -> Text:
    """The text of a file of at most 64 MiB. Raises InvalidInput for NUL bytes or a broken encoding."""
    size = path.stat().st_size
    if size > MAX_TEXT_BYTES:
        raise LimitExceeded(
            "the text is too large", where=path.name, got=size, wanted=f"<= {MAX_TEXT_BYTES} bytes"
        )
    return decode_text(path.read_bytes(), where=path.name)


def decode_text(data: bytes, *, where: str = "") -> Text:
    """As `read_text`, from bytes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding, where)
    if b"\x00" in data:
        raise InvalidInput(
            "the text contains NUL bytes",
            where=where,
            hint="It is binary, or UTF-16 without a byte order mark: save it as UTF-8",
        )
    try:
        return Text(text=data.decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("latin-1")
        message = f"not UTF-8 (byte {error.start}); read as Latin-1, so accents may be wrong"
        return Text(text=text, encoding="latin-1", warnings=(("W_LATIN1", message),))


def _marked(data: bytes, encoding: str, where: str) -> Text:
    warnings = (
        () if encoding == "utf-8" else (("W_ENCODING", f"read as {encoding} because of its byte order mark"),)
    )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"the text says {encoding} but is not", where=where, got=f"byte {error.start}: {error.reason}"
        ) from error
    if "\x00" in text:
        raise InvalidInput("the text contains NUL characters", where=where)
    return Text(text=text, encoding=encoding, warnings=warnings)
