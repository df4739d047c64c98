"""The project as it will stand after a change set: the heads with the pending writes laid over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from braid.history.codec import decode_record, encode_record
from braid.history.state import Held, Reader
from braid.model.records import AnyRecord, kind_of_record


class Write:
    """What happens to one record: before (None: created) and after (None: deleted)."""

    __slots__ = ("after", "before", "derived", "payload", "rev")

    def __init__(self, *, before: Held | None, after: AnyRecord | None, derived: bool) -> None:
        self.before = before
        self.derived = derived
        self.after = after
        self.payload: bytes | None = None
        self.rev: str | None = None
        if after is not None:
            self.payload, self.rev = encode_record(after)

    @property
    def kind(self) -> str:
        """The record's tag."""
        if self.after is not None:
            return kind_of_record(self.after)
        assert self.before is not None
        return self.before.kind

    @property
    def same(self) -> bool:
        """Whether the write changes nothing."""
        return self.before is not None and self.before.rev == self.rev


class Overlay:
    """Heads through a cache, with pending writes. Order of writes is kept."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.writes: dict[str, Write] = {}
        self._heads: dict[str, Held | None] = {}
        self._past: dict[tuple[str, str], AnyRecord | None] = {}

    def load(self, ids: Iterable[str]) -> None:
        """Read many heads at once."""
        wanted = sorted({one for one in ids if one not in self._heads})
        if wanted:
            found = self.reader.heads(wanted)
            for one in wanted:
                self._heads[one] = found.get(one)

    def keep(self, held: Iterable[Held]) -> None:
        """Remember heads that were read some other way."""
        for one in held:
            self._heads.setdefault(one.id, one)

    def before(self, record: str) -> Held | None:
        """The head before the change set."""
        if record not in self._heads:
            self.load([record])
        return self._heads[record]

    def put(self, record: str, after: AnyRecord | None, *, derived: bool = False) -> Write:
        """Plan a write. A derived one on top of an author's own stays the author's."""
        earlier = self.writes.get(record)
        write = Write(
            before=self.before(record), after=after, derived=derived and (earlier is None or earlier.derived)
        )
        self.writes[record] = write
        return write

    def after(self, record: str) -> AnyRecord | None:
        """The record as it will stand; None when it will not."""
        write = self.writes.get(record)
        if write is not None:
            return write.after
        head = self.before(record)
        return None if head is None else head.record

    def rev(self, record: str) -> str | None:
        """The revision that will be head."""
        write = self.writes.get(record)
        if write is not None:
            return write.rev
        head = self.before(record)
        return None if head is None else head.rev

    def past(self, record: str, rev: str) -> AnyRecord | None:
        """A state of a record by its revision: pending, head or from the log; None when unknown."""
        write = self.writes.get(record)
        if write is not None and write.rev == rev:
            return write.after
        head = self.before(record)
        if head is not None and head.rev == rev:
            return head.record
        key = (record, rev)
        if key not in self._past:
            payload = self.reader.past(record, rev)
            self._past[key] = None if payload is None else decode_record(payload)
        return self._past[key]

    def of_kind(self, kind: str) -> Iterator[tuple[str, Write]]:
        """Pending writes of a kind."""
        return ((record, write) for record, write in list(self.writes.items()) if write.kind == kind)
