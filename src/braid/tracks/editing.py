"""Edits of tracks (rules K8-K13): new tracks out of old ones, which stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.model.regions import Cuboid, KeyFrame, Track, kind_of
from braid.space.pose import Vec3
from braid.tracks.moment import at, held_attributes
from braid.tracks.world import World


def with_key(track: Track, key: KeyFrame) -> Track:
    """The track with a key frame; one that stands at the same time gives way.

    With locked size the other cuboids take the new one's size. Raises InvalidInput for another kind of shape.
    """
    others = [other for other in track.key_frames if other.at_ns != key.at_ns]
    known = next((other.shape for other in others if other.shape is not None), None)
    if known is not None and key.shape is not None and kind_of(known) != kind_of(key.shape):
        raise InvalidInput(
            "a key frame has another kind of shape than its track",
            where=f"key frame {key.at_ns} ns",
            got=kind_of(key.shape),
            wanted=kind_of(known),
        )
    changed = _of(track, [*others, key])
    if track.size_locked and isinstance(key.shape, Cuboid):
        return with_size(changed, key.shape.size_m)
    return changed


def without_key(track: Track, at_ns: int) -> Track:
    """The track less one key frame. Raises NotFound when none stands there, InvalidInput for the last with a shape."""
    _place(track, at_ns)
    return _of(track, [key for key in track.key_frames if key.at_ns != at_ns])


def move_key(track: Track, from_ns: int, to_ns: int) -> Track:
    """A key frame at another time; it loses its native anchor. Raises NotFound, and Conflict when one stands there."""
    place = _place(track, from_ns)
    if any(key.at_ns == to_ns for key in track.key_frames) and to_ns != from_ns:
        raise Conflict("a key frame stands there already", where=f"key frame {from_ns} ns", got=f"{to_ns} ns")
    moved = msgspec.structs.replace(track.key_frames[place], at_ns=to_ns, index=None)
    return _of(track, [*track.key_frames[:place], moved, *track.key_frames[place + 1 :]])


def pinned(track: Track, at_ns: int, *, index: int | None = None, world: World | None = None) -> Track:
    """With a key frame that says what is so then anyway. Raises NotFound where the track has nothing to say."""
    return _of(track, [*track.key_frames, _as_is(track, at_ns, index=index, world=world)])


def copy_key(
    track: Track, from_ns: int, to_ns: int, *, index: int | None = None, world: World | None = None
) -> Track:
    """With the shape of one instant as a key frame at another. Raises NotFound where the thing is absent."""
    there = at(track, from_ns, world=world)
    if there is None:
        raise NotFound("the thing is absent at that time", where=f"{from_ns} ns")
    key = KeyFrame(at_ns=to_ns, shape=there.shape, index=index, occluded=there.occluded)
    return with_key(track, key)


def moved_to(track: Track, start_ns: int) -> Track:
    """All of the track, so that its first key frame stands at `start_ns`; native anchors go."""
    by_ns = start_ns - track.key_frames[0].at_ns
    return _of(
        track,
        [msgspec.structs.replace(key, at_ns=key.at_ns + by_ns, index=None) for key in track.key_frames],
    )


def split(
    track: Track,
    at_ns: int,
    *,
    before_ns: int | None = None,
    index: int | None = None,
    before_index: int | None = None,
    world: World | None = None,
) -> tuple[Track, Track]:
    """What is before an instant, and what is from it on. The first ends with a key frame at `before_ns`.

    before_ns: the reading before `at_ns`, by default one nanosecond earlier. Raises InvalidInput when one part would
    have no shape.
    """
    end_ns = at_ns - 1 if before_ns is None else before_ns
    if not (track.key_frames[0].at_ns < at_ns <= track.key_frames[-1].at_ns and end_ns < at_ns):
        raise InvalidInput(
            "a track can be split only inside of its time",
            got=f"{at_ns} ns after {end_ns} ns",
            wanted=f"after {track.key_frames[0].at_ns} ns, up to {track.key_frames[-1].at_ns} ns",
        )
    left = [key for key in track.key_frames if key.at_ns < end_ns]
    right = [key for key in track.key_frames if key.at_ns > at_ns]
    if left:
        left.append(_as_is(track, end_ns, index=before_index, world=world))
    else:
        left = [key for key in track.key_frames if key.at_ns < at_ns][:1]
    first = _as_is(track, at_ns, index=index, world=world)
    place = sum(key.at_ns <= at_ns for key in track.key_frames) - 1
    first = msgspec.structs.replace(first, attributes=held_attributes(track.key_frames, place))
    return _of(track, left), _of(track, [first, *right])


def join(first: Track, second: Track, *, bridge_ns: int | None = None) -> Track:
    """Both as one. A gap longer than `bridge_ns` stays an absence; without it the thing moves across the gap.

    Raises InvalidInput when they overlap in time or hold different kinds of shapes.
    """
    end, start = first.key_frames[-1], second.key_frames[0]
    kinds = {
        kind_of(key.shape) for part in (first, second) for key in part.key_frames if key.shape is not None
    }
    if start.at_ns <= end.at_ns or len(kinds) > 1:
        raise InvalidInput(
            "two tracks cannot be joined",
            got=f"{start.at_ns} ns after {end.at_ns} ns, {', '.join(sorted(kinds))}",
            wanted="one after the other, with one kind of shape",
        )
    keys = [*first.key_frames]
    if bridge_ns is not None and start.at_ns - end.at_ns > bridge_ns and end.shape is not None:
        keys.append(KeyFrame(at_ns=end.at_ns + 1, shape=None))
    joined = _of(first, [*keys, *second.key_frames])
    return msgspec.structs.replace(joined, size_locked=first.size_locked and second.size_locked)


def with_size(track: Track, size_m: Vec3) -> Track:
    """Every cuboid with that size about its own centre."""
    return _of(
        track,
        [
            msgspec.structs.replace(key, shape=msgspec.structs.replace(key.shape, size_m=size_m))
            if isinstance(key.shape, Cuboid)
            else key
            for key in track.key_frames
        ],
    )


def with_locked_size(track: Track, size_m: Vec3 | None = None) -> Track:
    """One size for the whole track from now on: the given one, else the median of its cuboids, axis by axis."""
    if size_m is None:
        sizes = [key.shape.size_m for key in track.key_frames if isinstance(key.shape, Cuboid)]
        if not sizes:
            raise InvalidInput("only tracks of cuboids have a size to lock")
        size_m = (
            _median([s[0] for s in sizes]),
            _median([s[1] for s in sizes]),
            _median([s[2] for s in sizes]),
        )
    return msgspec.structs.replace(with_size(track, size_m), size_locked=True)


def _as_is(track: Track, at_ns: int, *, index: int | None, world: World | None) -> KeyFrame:
    """A key frame that changes nothing: the one that stands there, else the shape between its neighbours."""
    known = next((key for key in track.key_frames if key.at_ns == at_ns), None)
    if known is not None:
        return known
    if not track.key_frames[0].at_ns < at_ns < track.key_frames[-1].at_ns:
        raise NotFound("the track says nothing about that time", where=f"{at_ns} ns")
    there = at(track, at_ns, world=world)
    if there is None:
        return KeyFrame(at_ns=at_ns, shape=None, index=index)
    return KeyFrame(at_ns=at_ns, shape=there.shape, index=index, occluded=there.occluded)


def _place(track: Track, at_ns: int) -> int:
    for place, key in enumerate(track.key_frames):
        if key.at_ns == at_ns:
            return place
    raise NotFound("no key frame stands at that time", where=f"{at_ns} ns")


def _of(track: Track, keys: Sequence[KeyFrame]) -> Track:
    """The track with these key frames in order of time, one per instant (the later one counts)."""
    by_time = {key.at_ns: key for key in keys}
    if not any(key.shape is not None for key in by_time.values()):
        raise InvalidInput("a track would have no shape left", hint="Delete the annotation instead")
    return msgspec.structs.replace(track, key_frames=tuple(key for _, key in sorted(by_time.items())))


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
