"""From bags to samples, message by message: one bag is one sample, or one per `split` seconds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from braid.base.errors import BraidError, InvalidInput, LimitExceeded
from braid.formats.options import FormatOption
from braid.formats.recording.assembly import Assembly
from braid.formats.recording.bag_folders import MCAP, ROS1, SQLITE, ZSTD, Bag, find_bags, kind_of_file
from braid.formats.recording.messages import Message
from braid.formats.recording.sound import SoundForm
from braid.formats.recording.stamps import stamp_option
from braid.formats.recording.unpacking import zstd_module
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources

OPTIONS = (
    FormatOption(
        name="stamp",
        meaning="which stamp places readings: auto (default: the device's, the publisher's, the recorder's)",
        values=("auto", "device", "publish", "log"),
    ),
    FormatOption(
        name="split", meaning="seconds after which a new sample starts; one sample per recording by default"
    ),
    FormatOption(
        name="audio_rate", meaning="samples a second of raw sound that does not say it, such as 16000"
    ),
    FormatOption(name="audio_channels", meaning="channels of raw sound that does not say it"),
)
MAX_UNPACKED = 64 * 2**30
MAX_RATIO = 250


def read_bags(
    files: Sources, context: ReadContext, *, format_id: str, kinds: tuple[str, ...]
) -> Iterator[SampleBundle | Problem]:
    """Every recording of these kinds. Raises InvalidInput for options that cannot be, and when there is no recording."""
    split_ns = _split_ns(context.options)
    sound = _sound(context.options)
    stamp = stamp_option(context.options)
    for bag in find_bags(files):
        if isinstance(bag, Problem):
            yield bag
            continue
        assembly = Assembly(
            files=files,
            context=context,
            key=bag.key,
            source={"format": format_id, "recording": bag.key},
            stamp=stamp,
            sound=sound,
        )
        yield from _Parts(assembly, bag, split_ns).read(_messages(files, context, bag, format_id, kinds))


class _Parts:
    """Cuts a recording into samples by log time."""

    def __init__(self, assembly: Assembly, bag: Bag, split_ns: int | None) -> None:
        self._assembly = assembly
        self._bag = bag
        self._split_ns = split_ns
        self._part = 0
        self._start_ns: int | None = None
        self._late = 0
        if split_ns is not None:
            assembly.key = f"{bag.key}/{0:04d}"

    def read(self, messages: Iterator[Message | Problem]) -> Iterator[SampleBundle | Problem]:
        count = 0
        refused = False
        for found in messages:
            if isinstance(found, Problem):
                refused = refused or found.rejected
                yield found
                continue
            count += 1
            yield from self._turned(found.log_ns)
            yield from self._assembly.take(found)
        if refused and not count:
            return
        yield from self._assembly.finish()
        if self._bag.expected is not None and self._bag.expected != count:
            message = f"the metadata counts {self._bag.expected} messages, {count} could be read"
            yield Problem(where=self._bag.key, code="W_COUNT_DIFFERS", message=message, rejected=False)
        if self._late:
            message = (
                f"{self._late} messages were recorded after a later one and stand in the part after their own"
            )
            yield Problem(where=self._bag.key, code="W_LATE_MESSAGES", message=message, rejected=False)

    def _turned(self, log_ns: int) -> Iterator[SampleBundle | Problem]:
        """Finish the part when the message belongs to a later one."""
        if self._split_ns is None:
            return
        if self._start_ns is None:
            self._start_ns = log_ns
        part = (log_ns - self._start_ns) // self._split_ns
        if part > self._part:
            yield from self._assembly.finish()
            self._part = part
            self._assembly = self._assembly.next_part(f"{self._bag.key}/{part:04d}")
        elif part < self._part:
            self._late += 1


def _messages(
    files: Sources, context: ReadContext, bag: Bag, format_id: str, kinds: tuple[str, ...]
) -> Iterator[Message | Problem]:
    """The messages of all files of a bag. A file that cannot be read is a problem; the others go on."""
    for path in bag.paths:
        name = path.name
        try:
            name = files.name(path)
            yield from _file(path, name, context, bag, format_id, kinds)
        except BraidError as error:
            yield Problem(where=name, code=error.code, message=error.letter(), rejected=True)


def _file(
    path: Path, name: str, context: ReadContext, bag: Bag, format_id: str, kinds: tuple[str, ...]
) -> Iterator[Message | Problem]:
    kind = kind_of_file(path)
    unpacked: Path | None = None
    try:
        if kind == ZSTD:
            unpacked = context.scratch / "unpacked-bag"
            path = _unpacked(path, unpacked, name)
            kind = kind_of_file(path)
        if kind not in kinds:
            raise InvalidInput(
                "the file is not a recording of this format",
                where=name,
                got=kind or "another kind of file",
                wanted=" | ".join(kinds),
                hint="Import it with the format rosbag" if kind and format_id == MCAP else "",
            )
        if kind == MCAP:
            from braid.formats.mcap.container import read_mcap

            yield from read_mcap(path, name=name)
        elif kind == ROS1:
            from braid.formats.rosbag.ros1 import read_ros1

            yield from read_ros1(path, name=name)
        elif kind == SQLITE:
            from braid.formats.rosbag.sqlite_bag import read_sqlite

            yield from read_sqlite(path, name=name, scratch=context.scratch, compression=bag.compression)
    finally:
        if unpacked is not None:
            unpacked.unlink(missing_ok=True)


def _unpacked(path: Path, into: Path, name: str) -> Path:
    """A file that is compressed as a whole, unpacked in pieces. Raises LimitExceeded for a bomb."""
    zstd = zstd_module()
    limit = min(MAX_UNPACKED, MAX_RATIO * path.stat().st_size + 2**20)
    size = 0
    try:
        with zstd.open(path, "rb") as source, into.open("wb") as out:
            while piece := source.read(1 << 20):
                size += len(piece)
                if size > limit:
                    raise LimitExceeded(
                        "a compressed recording grows too large", where=name, wanted=f"<= {limit} bytes"
                    )
                out.write(piece)
    except (zstd.ZstdError, EOFError) as error:
        raise InvalidInput("a compressed recording is damaged", where=name, got=str(error)[:100]) from None
    return into


def _split_ns(options: Mapping[str, str]) -> int | None:
    text = options.get("split", "")
    if not text:
        return None
    return _number(text, "split", least=1, most=86_400) * 10**9


def _sound(options: Mapping[str, str]) -> SoundForm | None:
    rate, channels = options.get("audio_rate", ""), options.get("audio_channels", "")
    if not rate and not channels:
        return None
    return SoundForm(
        rate_hz=_number(rate or "16000", "audio_rate", least=1_000, most=768_000),
        channels=_number(channels or "1", "audio_channels", least=1, most=16),
        guessed=False,
    )


def _number(text: str, name: str, *, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= most:
        raise InvalidInput(
            "an option is not such a number", where=name, got=text[:40], wanted=f"{least} to {most}"
        )
    return int(text)
