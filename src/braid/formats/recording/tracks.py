"""What one channel of a recording becomes while its messages come in: rows of a series, readings, or sound."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.recording.clouds import cloud_of
from braid.formats.recording.flatten import Flattening, device_ns, frame_of
from braid.formats.recording.messages import Channel, Message
from braid.formats.recording.pictures import ENDINGS, Picture, bytes_of, compressed_picture, raw_picture
from braid.formats.recording.series_asset import MISSING, Column, SeriesAsset
from braid.formats.recording.sound import SoundPackets
from braid.formats.recording.stamps import ABSENT, Ints
from braid.formats.seam import ReadContext, Sources
from braid.formats.sweep_file import sweep_asset
from braid.model.timing import Stamp

STAMPS = (Stamp.DEVICE, Stamp.PUBLISH, Stamp.LOG)
Value = Mapping[str, Any]


class Track(Protocol):
    """Takes the messages of a channel. frame: the frame of reference its messages name."""

    channel: Channel
    frame: str
    notes: dict[str, str]

    def take(self, message: Message, value: Value) -> None:
        """One message. Raises InvalidInput when it cannot be used."""

    def stamps(self) -> dict[Stamp, Ints]:
        """All stamps of what was taken, (N,) each, 0 where there is none."""

    def close(self) -> None:
        """Let go of what lies in scratch."""


@dataclass(slots=True, kw_only=True)
class StampColumns:
    """Three stamps per reading."""

    columns: tuple[array[int], ...] = field(default_factory=lambda: tuple(array("q") for _ in STAMPS))

    def add(self, message: Message, value: Value) -> None:
        for column, stamp in zip(self.columns, stamps_of(message, value), strict=True):
            column.append(stamp)

    def arrays(self) -> dict[Stamp, Ints]:
        return {
            stamp: np.array(column, dtype=np.int64)
            for stamp, column in zip(STAMPS, self.columns, strict=True)
        }


def stamps_of(message: Message, value: Value) -> tuple[int, int, int]:
    """Device, publish and log time of a message, 0 where there is none."""
    return device_ns(value), message.publish_ns, message.log_ns


class SeriesTrack:
    """Numbers (and texts) of decoded messages."""

    def __init__(self, channel: Channel, scratch: Any) -> None:
        self.channel = channel
        self.frame = ""
        self.notes: dict[str, str] = {}
        self._scratch = scratch
        self.flattening: Flattening | None = None
        self.asset: SeriesAsset | None = None

    def take(self, message: Message, value: Value) -> None:
        """A row."""
        if self.flattening is None or self.asset is None:
            loose = self.channel.encoding == "json"
            self.flattening = Flattening(value, type_name=self.channel.type_name, loose=loose)
            columns = self.flattening.columns or [Column(name="bytes", unit="B", kind="int64")]
            self.asset = SeriesAsset(self._scratch, columns, stamps=[stamp.value for stamp in STAMPS])
            child = value.get("child_frame_id")
            if isinstance(child, str) and child:
                self.notes["child_frame"] = child.removeprefix("/")[:200]
        self.frame = self.frame or frame_of(value)
        row = self.flattening.row(value) or [len(message.data)]
        self.asset.add(0, row, [stamp or None for stamp in stamps_of(message, value)])

    def stamps(self) -> dict[Stamp, Ints]:
        """Out of scratch."""
        return stamps_of_asset(self.asset)

    def close(self) -> None:
        """Nothing stays open."""


class SizesTrack:
    """Messages that stay closed: how large they are and when they came."""

    def __init__(self, channel: Channel, scratch: Any) -> None:
        self.channel = channel
        self.frame = ""
        self.notes = {"decoded": "no"}
        self.asset = SeriesAsset(
            scratch, [Column(name="size", unit="B", kind="int64")], stamps=[stamp.value for stamp in STAMPS]
        )

    def take(self, message: Message, value: Value) -> None:
        """A row with the message's length."""
        self.asset.add(0, [len(message.data)], [stamp or None for stamp in stamps_of(message, {})])

    def stamps(self) -> dict[Stamp, Ints]:
        """Out of scratch."""
        return stamps_of_asset(self.asset)

    def close(self) -> None:
        """Nothing stays open."""


class FilesTrack:
    """Pictures or sweeps, each written to scratch as it comes. digests: one per reading, in order of arrival."""

    def __init__(self, channel: Channel, files: Sources, context: ReadContext) -> None:
        self.channel = channel
        self.frame = ""
        self.notes: dict[str, str] = {}
        self.digests: list[str] = []
        self.losses: dict[str, int] = {}
        self.media_type = ""
        self.sweep_ns: int | None = None
        self._files = files
        self._scratch = context.scratch
        self._stamps = StampColumns()

    @property
    def ending(self) -> str:
        """How the readings' files are called."""
        return ENDINGS.get(self.media_type, ".pcd")

    def stamps(self) -> dict[Stamp, Ints]:
        """Of every reading."""
        return self._stamps.arrays()

    def close(self) -> None:
        """Nothing stays open."""

    def take(self, message: Message, value: Value) -> None:
        """One picture or sweep."""
        self.digests.append(self._write(value))
        self.frame = self.frame or frame_of(value)
        self._stamps.add(message, value)

    def _write(self, value: Value) -> str:
        raise NotImplementedError

    def _kept(self, picture: Picture) -> str:
        self.media_type = self.media_type or picture.media_type
        if picture.loss:
            self.losses[picture.loss] = self.losses.get(picture.loss, 0) + 1
        return self._files.asset_of_bytes(picture.data, store=self._scratch)


class RawPictures(FilesTrack):
    """sensor_msgs/Image."""

    def _write(self, value: Value) -> str:
        return self._kept(raw_picture(value))


class CompressedPictures(FilesTrack):
    """sensor_msgs/CompressedImage."""

    def _write(self, value: Value) -> str:
        return self._kept(compressed_picture(value))


class Sweeps(FilesTrack):
    """sensor_msgs/PointCloud2."""

    def _write(self, value: Value) -> str:
        cloud = cloud_of(value)
        if not cloud.count:
            raise InvalidInput("a sweep has no points")
        self.media_type = "application/vnd.pcd"
        self.sweep_ns = self.sweep_ns or cloud.sweep_ns
        return sweep_asset(self._files, cloud.columns, scratch=self._scratch).name


class SoundTrack:
    """Packets of sound."""

    def __init__(self, channel: Channel, context: ReadContext) -> None:
        self.channel = channel
        self.frame = ""
        self.notes: dict[str, str] = {}
        self.packets = SoundPackets(context.scratch)
        self.said: Value = {}
        self._stamps = StampColumns()

    def take(self, message: Message, value: Value) -> None:
        """One packet."""
        inner = value.get("audio")
        data = bytes_of((inner if isinstance(inner, Mapping) else value).get("data"))
        if not data:
            raise InvalidInput("a packet of sound is empty")
        if not self.packets.add(data):
            raise InvalidInput("the sound is longer than a WAV can hold", wanted="below 4 GiB")
        if "sample_rate" in value and not self.said:
            self.said = {name: value.get(name) for name in ("sample_rate", "number_of_channels", "format")}
        self.frame = self.frame or frame_of(value)
        self._stamps.add(message, value)

    def stamps(self) -> dict[Stamp, Ints]:
        """Of every packet."""
        return self._stamps.arrays()

    def close(self) -> None:
        """Let go of the packets."""
        self.packets.close()


def stamps_of_asset(asset: SeriesAsset | None) -> dict[Stamp, Ints]:
    """The stamps of all rows so far, (N,) each, 0 where there is none."""
    if asset is None:
        return {}
    found: dict[Stamp, Ints] = {}
    times = asset.times()
    for stamp in STAMPS:
        column = times[f"{stamp.value}_ns"]
        column[column == MISSING] = ABSENT
        found[stamp] = column
    return found
