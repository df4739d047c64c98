"""Numeric series: what a CSV or Parquet table holds as one.

Times are exact. A table stamped with an epoch gets its first reading as media time 0, since media times stay
below 2^53 ns; the epoch is reported apart, as digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.clock.ns import LIMIT_NS
from braid.media.series_table import batches, open_table

EPOCH_NS = 10**17
"""Times beyond about three years are stamps of an epoch, not media times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One pass over a series. channels: (name, unit). epoch_ns: digits of what media time 0 is, "" for relative times."""

    layout: str
    channels: tuple[tuple[str, str], ...]
    start_ns: int
    end_ns: int
    total: int
    epoch_ns: str
    warnings: tuple[tuple[str, str], ...]


def read_summary(path: Path) -> Summary:
    """Channels, extent (the end is exclusive: last reading + 1 ns) and oddities. Raises InvalidInput."""
    table = open_table(path)
    low: int | None = None
    high = last = 0
    total = unsorted = untimed = ragged = bad = 0
    for batch in batches(path, table):
        untimed += batch.untimed
        ragged += batch.ragged
        bad += batch.bad
        for at_ns in batch.times_ns:
            unsorted += total > 0 and at_ns < last
            last = at_ns
            low = at_ns if low is None or at_ns < low else low
            high = at_ns if total == 0 or at_ns > high else high
            total += 1
    if low is None:
        raise InvalidInput("no row of the series has a time", where=path.name)
    epoch = epoch_of(low, high)
    if high - epoch + 1 >= LIMIT_NS:
        raise too_long(path)
    counts = (
        ("W_RAGGED", ragged, "rows have more or fewer fields than the header"),
        ("W_ROWS_WITHOUT_TIME", untimed, "rows have no readable time and were left out"),
        ("W_NOT_NUMBERS", bad, "values are not numbers and count as missing"),
        ("W_TIME_UNSORTED", int(unsorted), "readings come earlier than the one before them"),
    )
    warnings = [(code, f"{count} {text}") for code, count, text in counts if count]
    if table.time.guessed:
        warnings.append(("W_TIME_UNIT_GUESSED", f"1 unit of time was taken as {table.time.unit_ns} ns"))
    if table.left_out:
        warnings.append(("W_COLUMNS_LEFT_OUT", f"not numeric: {', '.join(table.left_out)[:200]}"))
    return Summary(
        layout=table.layout,
        channels=tuple((name, unit) for _, name, unit in table.values),
        start_ns=low - epoch,
        end_ns=high - epoch + 1,
        total=total,
        epoch_ns=str(epoch) if epoch else "",
        warnings=tuple(warnings),
    )


def epoch_of(low_ns: int, high_ns: int) -> int:
    """What media time 0 is: the first stamp of an epoch, 0 for a table of relative times."""
    return low_ns if abs(low_ns) >= EPOCH_NS or abs(high_ns) >= EPOCH_NS else 0


def too_long(path: Path) -> InvalidInput:
    """The refusal of a series whose times do not fit media time."""
    return InvalidInput(
        "the series lasts longer than 104 days", where=path.name, hint="Is the time unit right?"
    )
