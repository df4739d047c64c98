"""Every message type of two ROS distributions: what rosbags writes, our decoders read, value by value."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from rosbags.interfaces import Nodetype
from rosbags.typesys import Stores, get_typestore

from braid.base.errors import InvalidInput
from braid.formats.recording.definitions import parse_definitions
from braid.formats.recording.known_types import known_types
from braid.formats.recording.messages import short_type
from braid.formats.recording.wire import cdr_decoder, ros1_decoder

ROS2 = get_typestore(Stores.ROS2_HUMBLE)
ROS1 = get_typestore(Stores.ROS1_NOETIC)
WIDE = {"wstring", "octet"}


def number(name: str, rng: random.Random) -> Any:
    if name == "bool":
        return rng.random() < 0.5
    if name == "byte":
        return rng.randint(0, 127)  # signed in ROS 1, unsigned in ROS 2
    if name.startswith("float"):
        return float(np.dtype(name).type(rng.uniform(-1e6, 1e6)))
    limits = np.iinfo(np.dtype({"byte": "uint8", "char": "uint8"}.get(name, name)))
    return rng.randint(int(limits.min), int(limits.max))


def single(store: Any, desc: Any, rng: random.Random, depth: int) -> Any:
    kind, inner = desc
    if kind is Nodetype.NAME:
        return message(store, inner, rng, depth + 1)
    name = inner[0]
    if name == "string":
        return "".join(rng.choice("abc äµ\n") for _ in range(rng.randint(0, 9)))
    return number(name, rng)


def several(store: Any, inner: Any, count: int, rng: random.Random, depth: int) -> Any:
    values = [single(store, inner, rng, depth) for _ in range(count)]
    if inner[0] is Nodetype.BASE and inner[1][0] != "string":
        return np.array(values, dtype={"byte": "uint8", "char": "uint8"}.get(inner[1][0], inner[1][0]))
    return values


def message(store: Any, name: str, rng: random.Random, depth: int = 0) -> Any:
    """A message with values everywhere; lists have 0 to 3 elements."""
    fields = {}
    for field, (kind, inner) in store.get_msgdef(name).fields:
        if kind in {Nodetype.ARRAY, Nodetype.SEQUENCE}:
            count = inner[1] if kind is Nodetype.ARRAY else rng.randint(0, min(3, inner[1] or 3))
            fields[field] = several(store, inner[0], count, rng, depth)
        elif name in {"builtin_interfaces/msg/Time", "builtin_interfaces/msg/Duration"}:
            fields[field] = rng.randint(0, 2**31 - 1)  # signs differ between ROS 1 and ROS 2
        else:
            fields[field] = single(store, (kind, inner), rng, depth)
    return store.types[name](**fields)


def same(store: Any, ours: Any, theirs: Any, path: str) -> None:
    if isinstance(ours, Mapping):
        names = [name for name, _ in store.get_msgdef(theirs.__msgtype__).fields]
        if names == ["structure_needs_at_least_one_member"]:
            names = []
        assert [*ours] == names, path
        for name in ours:
            same(store, ours[name], getattr(theirs, name), f"{path}.{name}")
    elif isinstance(ours, list):
        assert len(ours) == len(theirs), path
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            same(store, one, other, f"{path}.{place}")
    elif isinstance(ours, np.ndarray):
        assert np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f"), path
    else:
        assert ours == theirs, path


def names_of(store: Any) -> list[str]:
    def closed(name: str, above: tuple[str, ...] = ()) -> bool:
        for _, (kind, inner) in store.get_msgdef(name).fields:
            desc = inner[0] if kind in {Nodetype.ARRAY, Nodetype.SEQUENCE} else (kind, inner)
            if desc[0] is Nodetype.BASE and desc[1][0] in WIDE:
                return False
            if desc[0] is Nodetype.NAME and (desc[1] in above or not closed(desc[1], (*above, name))):
                return False
        return True

    return sorted(name for name in store.types if closed(name))


def test_every_type_of_ros_2_is_read() -> None:
    rng = random.Random(1)
    names = names_of(ROS2)
    assert len(names) >= 150
    for name in names:
        text, _ = ROS2.generate_msgdef(name, ros_version=2)
        decode = cdr_decoder(parse_definitions(name, text), name)
        for big in (False, True):
            said = message(ROS2, name, rng)
            data = ROS2.serialize_cdr(said, name, little_endian=not big)
            same(ROS2, decode(bytes(data)), ROS2.deserialize_cdr(data, name), name)


def test_every_type_of_ros_1_is_read() -> None:
    rng = random.Random(2)
    names = names_of(ROS1)
    assert len(names) >= 150
    for name in names:
        text, _ = ROS1.generate_msgdef(name, ros_version=1)
        decode = ros1_decoder(parse_definitions(name, text), name)
        said = message(ROS1, name, rng)
        data = bytes(ROS1.serialize_ros1(said, name))
        same(ROS1, decode(data), ROS1.deserialize_ros1(data, name), name)


def test_the_types_we_know_are_those_that_are_published() -> None:
    rng = random.Random(3)
    published = {short_type(name): name for name in ROS2.types}
    known = known_types()
    shared = sorted(known.keys() & published.keys())
    assert set(known) - set(published) == {
        "audio_common_msgs/AudioData",
        "audio_common_msgs/AudioDataStamped",
        "audio_common_msgs/AudioInfo",
    }
    for name in shared:
        said = message(ROS2, published[name], rng)
        data = ROS2.serialize_cdr(said, published[name])
        same(ROS2, cdr_decoder(known, name)(bytes(data)), ROS2.deserialize_cdr(data, published[name]), name)


@pytest.mark.parametrize("cut", [1, 3, 8])
def test_a_cut_message_is_refused_whatever_its_type(cut: int) -> None:
    rng = random.Random(4)
    for name in (
        "sensor_msgs/msg/Imu",
        "nav_msgs/msg/Path",
        "sensor_msgs/msg/PointCloud2",
        "std_msgs/msg/Header",
    ):
        text, _ = ROS2.generate_msgdef(name, ros_version=2)
        decode = cdr_decoder(parse_definitions(name, text), name)
        data = bytes(ROS2.serialize_cdr(message(ROS2, name, rng), name))
        with pytest.raises(InvalidInput, match=r"early|header|CDR"):
            decode(data[: max(3, len(data) - cut - 8)])
