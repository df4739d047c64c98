"""Whether the numbers of a record make sense by themselves (rules O6 and O10)."""

from __future__ import annotations

from braid.base.errors import InvalidInput
from braid.model import records as m
from braid.model.validate import check_finite, check_time
from braid.space.camera import check_camera


def check_times(record: m.Annotation, where: str) -> None:
    """Raises InvalidInput for times, scores and words that cannot be."""
    if record.at_ns is not None:
        check_time(record.at_ns, where=where, name="at_ns")
    if record.score is not None:
        check_finite((record.score,), where=where, name="score")
    length = len(record.text) if record.text is not None else None
    for place, word in enumerate(record.words):
        spot = f"{where}, word {place}"
        check_time(word.start_ns, where=spot, name="start_ns")
        check_time(word.end_ns, where=spot, name="end_ns")
        if not 0 <= word.start < word.end or word.start_ns > word.end_ns:
            raise InvalidInput("a word ends before it starts", where=spot, got=repr(word))
        if length is not None and word.end > length:
            raise InvalidInput(
                "a word lies beyond the text", where=spot, got=word.end, wanted=f"at most {length}"
            )


def check_calibration(record: m.Calibration, where: str) -> None:
    """Raises InvalidInput for a pose or camera that cannot be."""
    check_finite(
        (*record.parent_from_frame.rotation_wxyz, *record.parent_from_frame.translation_m),
        where=where,
        name="a pose",
    )
    if record.frame == record.parent_frame:
        raise InvalidInput("a frame of reference is its own parent", where=where, got=record.frame)
    if record.camera is not None:
        check_camera(record.camera, where=where)


def check_trajectory(record: m.Trajectory, where: str) -> None:
    """Raises InvalidInput for a trajectory without poses, or whose poses do not ascend."""
    if not record.poses:
        raise InvalidInput("a trajectory has no poses", where=where)
    if record.frame == record.parent_frame:
        raise InvalidInput("a frame of reference is its own parent", where=where, got=record.frame)
    last: int | None = None
    for timed in record.poses:
        check_time(timed.at_ns, where=where, name="a pose's at_ns")
        check_finite((*timed.pose.rotation_wxyz, *timed.pose.translation_m), where=where, name="a pose")
        if last is not None and timed.at_ns <= last:
            raise InvalidInput("poses must ascend in time", where=where, got=timed.at_ns, wanted=f"> {last}")
        last = timed.at_ns
