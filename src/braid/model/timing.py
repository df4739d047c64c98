"""What a stream says about its own time: whose clock, which stamp, what part of a reading a time names."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from braid.clock.lookup import Lookup


class Timescale(StrEnum):
    """What the stream's clock counts."""

    UTC = "utc"
    TAI = "tai"
    GPS = "gps"
    MONOTONIC = "monotonic"
    MEDIA = "media"
    UNKNOWN = "unknown"


class Stamp(StrEnum):
    """Who stamped a reading: the container, the device, the publisher, the recorder."""

    MEDIA = "media"
    DEVICE = "device"
    PUBLISH = "publish"
    LOG = "log"


class StampPart(StrEnum):
    """What part of an exposure or sweep its time names."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


class StampGap(msgspec.Struct, frozen=True, kw_only=True):
    """How far another stamp of the same readings is from the one that is used: `stamp - used`, over `count` readings."""

    stamp: Stamp
    count: int
    median_ns: int
    p95_ns: int


class Timing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a stream's readings stand in time.

    lookup: None means by the stream's sampling. period_ns: median distance of readings. part: of what media times name.
    exposure_offset_ns, exposure_ns: when a picture's light came in, after its time. readout_ns: from the first pixel
    row to the last (rolling shutter). sweep_ns: how long one sweep takes. zero_ns: media time 0 on the device's clock,
    as digits. gaps: what the other stamps said.
    """

    lookup: Lookup | None = None
    period_ns: int | None = None
    timescale: Timescale = Timescale.UNKNOWN
    stamp: Stamp = Stamp.MEDIA
    part: StampPart = StampPart.START
    exposure_offset_ns: int = 0
    exposure_ns: int | None = None
    readout_ns: int | None = None
    sweep_ns: int | None = None
    zero_ns: str = ""
    gaps: tuple[StampGap, ...] = ()


UNTIMED = Timing()
