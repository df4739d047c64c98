"""A file of a ROS 2 recording in SQLite, read only, row by row. Whatever else the database holds is left alone."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.formats.recording.messages import MAX_MESSAGE_BYTES, Channel, Message, place, short_type
from braid.formats.recording.unpacking import unpack
from braid.formats.seam import Problem

MAGIC = b"SQLite format 3\x00"
_MAX_TOPICS = 10_000


def read_sqlite(
    path: Path, *, name: str, scratch: Path, compression: str = ""
) -> Iterator[Message | Problem]:
    """Messages by row, and what is wrong. compression: of each message, "" for none.

    Raises InvalidInput when it is not a recording.
    """
    with path.open("rb") as source:
        magic = source.read(len(MAGIC))
    if magic != MAGIC:
        raise InvalidInput(
            "the file is not an SQLite recording", where=name, got=magic, wanted="SQLite format 3"
        )
    log = path.with_name(f"{path.name}-wal")
    immutable = not (log.is_file() and log.stat().st_size)
    if not immutable:
        # The recorder stopped before its last writes were put into place: SQLite does that, in a copy.
        folder = scratch / "bag"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / "bag.db3")
        shutil.copyfile(log, folder / "bag.db3-wal")
        path = folder / "bag.db3"
    try:
        with closing(_open(path, immutable=immutable)) as database:
            yield from _messages(database, name=name, compression=compression)
    finally:
        if not immutable:
            shutil.rmtree(scratch / "bag", ignore_errors=True)


def _open(path: Path, *, immutable: bool) -> sqlite3.Connection:
    mode = "?mode=ro&immutable=1" if immutable else "?mode=rw"
    database = sqlite3.connect(f"{path.absolute().as_uri()}{mode}", uri=True)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_MESSAGE_BYTES)
    database.execute("PRAGMA trusted_schema=OFF")
    database.execute("PRAGMA query_only=ON")
    return database


def _messages(database: sqlite3.Connection, *, name: str, compression: str) -> Iterator[Message | Problem]:
    try:
        tables = {
            str(row[0]) for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if not {"topics", "messages"} <= tables:
            raise InvalidInput(
                "the database is not a recording",
                where=name,
                got=", ".join(sorted(tables)) or "no table",
                wanted="tables topics and messages",
            )
        channels = dict(_channels(database, tables))
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise InvalidInput("the database cannot be read", where=name, got=str(error)) from error
    last = 0
    told: set[int] = set()
    try:
        rows = database.execute("SELECT id, topic_id, timestamp, data FROM messages ORDER BY id")
        for row, topic, stamp, data in rows:
            last = row if isinstance(row, int) else last
            channel = channels.get(topic)
            if channel is None or not isinstance(stamp, int) or not isinstance(data, bytes):
                if topic not in told:
                    told.add(topic)
                    message = f"messages of topic {topic} come without their topic, time or bytes"
                    yield _problem(name, last, "bad-row", message)
                continue
            if compression:
                whole = _unpacked(data, compression)
                if whole is None:
                    yield _problem(name, last, "bad-row", f"a message of {channel.topic} cannot be unpacked")
                    continue
                data = whole  # noqa: PLW2901 - the same message, unpacked
            yield Message(channel, stamp, 0, data, name, last)
    except sqlite3.Error as error:
        yield _problem(name, last, "bad-database", f"the database is damaged behind this row: {error}")


def _channels(database: sqlite3.Connection, tables: set[str]) -> Iterator[tuple[int, Channel]]:
    definitions: dict[str, tuple[str, bytes]] = {}
    if "message_definitions" in tables:
        for kind, encoding, text in database.execute(
            "SELECT topic_type, encoding, encoded_message_definition FROM message_definitions LIMIT ?",
            [_MAX_TOPICS],
        ):
            definitions[str(kind)] = (str(encoding), str(text).encode())
    for number, topic, kind, encoding in database.execute(
        "SELECT id, name, type, serialization_format FROM topics LIMIT ?", [_MAX_TOPICS]
    ):
        language, text = definitions.get(str(kind), ("", b""))
        yield (
            int(number),
            Channel(
                topic=str(topic),
                type_name=short_type(str(kind)),
                encoding=str(encoding),
                definition=text,
                definition_encoding=language,
            ),
        )


def _unpacked(data: bytes, compression: str) -> bytes | None:
    """Messages are compressed without their size: a first look asks for no more than is agreed."""
    found = unpack(data, compression=compression, size=MAX_MESSAGE_BYTES, where="")
    return found.data or None


def _problem(name: str, row: int, code: str, message: str) -> Problem:
    return Problem(where=place(name, row, unit="row"), code=code, message=message, rejected=True)
