"""Sound that was recorded in packets: one WAV (or the compressed bytes), and its clock from the packets' stamps."""

from __future__ import annotations

import shutil
import struct
from array import array
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from braid.clock.clock_map import ClockSegment
from braid.clock.ns import ceil_div
from braid.formats.recording.stamps import Ints
from braid.formats.recording.streams import fitted_clock
from braid.formats.seam import ReadContext, Sources
from braid.model.records import ClockMap, Stream

MAX_BYTES = 4 * 2**30 - 2**16
"""What a WAV can hold."""
JUMP_NS = 100_000_000

_SAMPLES = {"U8": (1, 1), "S16LE": (2, 1), "S24LE": (3, 1), "S32LE": (4, 1), "F32LE": (4, 3), "F64LE": (8, 3)}
"""Name to bytes per sample and the format tag of WAV."""
_ALIASES = {"PCM-S16": "S16LE", "PCM_S16LE": "S16LE", "S16_LE": "S16LE", "": "S16LE", "WAVE": "S16LE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundForm:
    """How the bytes of packets are written. guessed: nothing in the recording says so."""

    rate_hz: int = 16_000
    channels: int = 1
    sample: str = "S16LE"
    guessed: bool = True


class SoundPackets:
    """Collects packets in scratch; memory holds where each starts."""

    def __init__(self, scratch: Path) -> None:
        self._path = scratch / f"sound-{id(self):x}.raw"
        self._out = self._path.open("wb")
        self._folder = scratch
        self.size = 0
        self.starts = array("q")
        self.head = b""

    def add(self, data: bytes) -> bool:
        """Keep a packet; False when the sound has grown too large."""
        if self.size + len(data) > MAX_BYTES:
            return False
        self.starts.append(self.size)
        self._out.write(data)
        self.size += len(data)
        if len(self.head) < 16:
            self.head += data[: 16 - len(self.head)]
        return True

    def compressed(self) -> str:
        """The media type when the bytes are compressed sound, "" for plain samples."""
        marks = (
            (b"ID3", "audio/mpeg"),
            (b"fLaC", "audio/flac"),
            (b"OggS", "audio/ogg"),
            (b"RIFF", "audio/wav"),
        )
        for mark, media_type in marks:
            if self.head.startswith(mark):
                return media_type
        if len(self.head) > 2 and self.head[0] == 0xFF and self.head[1] & 0xE0 == 0xE0:
            layer, rate = self.head[1] & 0x06, self.head[2]
            if layer == 0x02 and rate & 0xF0 not in {0, 0xF0} and rate & 0x0C != 0x0C:
                return "audio/mpeg"
        return ""

    def finish(self, files: Sources, form: SoundForm) -> tuple[str, str]:
        """Digest of the asset and its media type."""
        self._out.close()
        media_type = self.compressed()
        made = self._path.with_suffix(".sound")
        if media_type:
            self._path.replace(made)
        else:
            media_type = "audio/wav"
            with made.open("wb") as out, self._path.open("rb") as source:
                out.write(_wav_head(form, self.size))
                shutil.copyfileobj(source, out, 1 << 20)
            self._path.unlink()
        digest = files.asset(made)
        kept = self._folder / f"{digest}.sound"
        made.replace(kept)
        files.assets[digest] = kept
        return digest, media_type

    def close(self) -> None:
        """Let go of what lies in scratch."""
        self._out.close()
        self._path.unlink(missing_ok=True)

    def packet_starts_ns(self, form: SoundForm) -> Ints:
        """Media time at which each packet starts, (N,)."""
        size, _ = _SAMPLES[form.sample]
        samples = np.array(self.starts, dtype=np.int64) // (size * form.channels)
        whole, rest = np.divmod(samples, form.rate_hz)
        return np.asarray(whole * 10**9 + (rest * 10**9 + form.rate_hz // 2) // form.rate_hz, dtype=np.int64)


def sound_form(*, rate_hz: object, channels: object, sample: object) -> SoundForm | None:
    """What an AudioInfo says, None when it is not believable."""
    name = str(sample or "").upper()
    name = _ALIASES.get(name, name)
    if not isinstance(rate_hz, int) or not isinstance(channels, int) or name not in _SAMPLES:
        return None
    if not (1_000 <= rate_hz <= 768_000 and 1 <= channels <= 16):
        return None
    return SoundForm(rate_hz=rate_hz, channels=channels, sample=name, guessed=False)


def sound_clock(
    context: ReadContext, stream: Stream, *, media_ns: Ints, timeline_ns: Ints, packet_ns: int
) -> tuple[ClockMap, int]:
    """The sound's clock map from where packets start and when they were stamped, and how many jumps it has.

    media_ns, timeline_ns: (N,). A step of the lag beyond 100 ms and two packets is a jump: packets were lost.
    A stamp may mean either end of its packet, so half a packet is part of the uncertainty.
    """
    lag = timeline_ns - media_ns
    steps = np.flatnonzero(np.abs(np.diff(lag)) > max(JUMP_NS, 2 * packet_ns)) + 1
    pieces = [piece for piece in np.split(np.arange(len(lag)), steps) if len(piece)]
    maps = [
        fitted_clock(
            context,
            stream,
            media_ns=media_ns[piece],
            timeline_ns=timeline_ns[piece],
            method="stamps of packets",
        )
        for piece in pieces
    ]
    first = maps[0]
    segments: list[ClockSegment] = []
    for one in maps:
        (piece_segment,) = one.segments
        if not segments or (
            piece_segment.media_ns > segments[-1].media_ns
            and piece_segment.timeline_ns > segments[-1].timeline_ns
        ):
            segments.append(piece_segment)
    sigma = max(*(one.fit.system_sigma_ns for one in maps), ceil_div(packet_ns, 2))
    return (
        msgspec.structs.replace(
            first,
            segments=tuple(segments),
            fit=msgspec.structs.replace(first.fit, system_sigma_ns=sigma),
            valid_to_ns=int(media_ns.max()),
        ),
        len(segments) - 1,
    )


def _wav_head(form: SoundForm, size: int) -> bytes:
    width, tag = _SAMPLES[form.sample]
    block = width * form.channels
    layout = struct.pack("<HHIIHH", tag, form.channels, form.rate_hz, form.rate_hz * block, block, width * 8)
    head = b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<I", 16) + layout
    return head + b"data" + struct.pack("<I", size)
