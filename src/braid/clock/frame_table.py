"""Frame tables: when each video frame is shown, from the container's presentation times (rule T4)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from braid.base.errors import InvalidInput
from braid.clock.lookup import Found
from braid.clock.ns import SECOND_NS, Ns, Span, ceil_div


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameTable:
    """The first nanosecond of each video frame in media time, ascending, and the end of the last one.

    starts_ns: length N >= 1, strictly ascending. end_ns: exclusive end of the last frame.
    key_frames: indexes of video key frames, ascending (may be empty when unknown).
    """

    starts_ns: tuple[int, ...]
    end_ns: int
    key_frames: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.starts_ns:
            raise InvalidInput("a frame table needs at least one video frame")
        for index in range(1, len(self.starts_ns)):
            if self.starts_ns[index] <= self.starts_ns[index - 1]:
                raise InvalidInput(
                    "presentation times must ascend", where=f"video frame {index}", got=self.starts_ns[index]
                )
        if self.end_ns <= self.starts_ns[-1]:
            raise InvalidInput("the last video frame has no duration", got=self.end_ns)

    @classmethod
    def from_ticks(
        cls,
        ticks: Sequence[int],
        *,
        time_base: Fraction,
        zero_ticks: int = 0,
        end_ticks: int | None = None,
        key_frames: Sequence[int] = (),
    ) -> FrameTable:
        """From presentation ticks (any order; duplicates merged) in `time_base` seconds per tick.

        `zero_ticks` is what media time 0 means. Without `end_ticks` the last frame lasts as long as the median one.
        """
        ordered = sorted(set(ticks))
        gaps = sorted(b - a for a, b in pairwise(ordered))
        end = end_ticks if end_ticks is not None else ordered[-1] + (gaps[len(gaps) // 2] if gaps else 1)
        num, den = time_base.numerator * SECOND_NS, time_base.denominator
        starts = tuple(ceil_div((tick - zero_ticks) * num, den) for tick in ordered)
        return cls(
            starts_ns=starts,
            end_ns=ceil_div((end - zero_ticks) * num, den),
            key_frames=tuple(sorted(key_frames)),
        )

    def __len__(self) -> int:
        return len(self.starts_ns)

    def time_ns(self, index: int) -> Ns:
        """The first nanosecond of video frame `index`."""
        return Ns(self.starts_ns[index])

    def at(self, media_ns: int) -> Found | None:
        """The video frame shown, as a look-up answers (`clock.index`)."""
        index = self.frame_at(Ns(media_ns))
        if index is None:
            return None
        return Found.one(index, offset_ns=self.starts_ns[index] - media_ns)

    def frame_at(self, at_ns: Ns) -> int | None:
        """The index of the frame shown at `at_ns`; None before the first and from the end on."""
        if not self.starts_ns[0] <= at_ns < self.end_ns:
            return None
        return bisect_right(self.starts_ns, at_ns) - 1

    def span_of(self, index: int) -> Span:
        """The half-open span during which frame `index` is shown. IndexError outside the table."""
        if not 0 <= index < len(self.starts_ns):
            raise IndexError(index)
        last = index + 1 == len(self.starts_ns)
        return Span(start_ns=self.starts_ns[index], end_ns=self.end_ns if last else self.starts_ns[index + 1])

    def frames_touching(self, span: Span) -> range:
        """The frames shown at any instant of `span`."""
        first = max(0, bisect_right(self.starts_ns, span.start_ns) - 1)
        if span.start_ns >= self.end_ns or span.end_ns <= self.starts_ns[0]:
            return range(0)
        return range(first, bisect_right(self.starts_ns, span.end_ns - 1))

    def frames_starting_in(self, span: Span) -> range:
        """The frames whose first nanosecond lies in `span`; the last of them is what inclusive tools call the end."""
        return range(bisect_left(self.starts_ns, span.start_ns), bisect_left(self.starts_ns, span.end_ns))
