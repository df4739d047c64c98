"""Drop-frame timecode at 30000/1001 video frames per second: labels of frames, not times (rule T9)."""

from __future__ import annotations

import re

from braid.base.errors import InvalidInput

FRAMES_PER_DAY = 2_589_408
_FRAMES_PER_10_MIN = 17_982
_FRAMES_PER_MINUTE = 1_798
_LABEL = re.compile(r"(\d{2}):(\d{2}):(\d{2});(\d{2})")


def drop_frame_label(frame: int) -> str:
    """The label of a video frame number. No frame is dropped; labels 00 and 01 are skipped at most minutes.

    >>> drop_frame_label(1800)
    '00:01:00;02'
    """
    if not 0 <= frame < FRAMES_PER_DAY:
        raise InvalidInput(
            "a timecode counts the frames of one day", got=frame, wanted=f"0 to {FRAMES_PER_DAY - 1}"
        )
    tens, rest = divmod(frame, _FRAMES_PER_10_MIN)
    number = frame + 18 * tens + 2 * max(0, (rest - 2) // _FRAMES_PER_MINUTE)
    seconds, frames = divmod(number, 30)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02};{frames:02}"


def frame_of_label(label: str) -> int:
    """The video frame number of a label. Raises InvalidInput for labels that are skipped or malformed.

    >>> frame_of_label("01:00:00;00")
    107892
    """
    found = _LABEL.fullmatch(label)
    if found is None:
        raise InvalidInput("this is no drop-frame timecode", got=label, wanted="HH:MM:SS;FF")
    hour, minute, second, frames = map(int, found.groups())
    if hour > 23 or minute > 59 or second > 59 or frames > 29:
        raise InvalidInput("a timecode field is out of range", got=label, wanted="at most 23:59:59;29")
    if second == 0 and frames < 2 and minute % 10:
        raise InvalidInput(
            "drop-frame timecode skips this label", got=label, wanted=f"{label[:-2]}02 or later"
        )
    total = 60 * hour + minute
    return 1800 * total + 30 * second + frames - 2 * (total - total // 10)
