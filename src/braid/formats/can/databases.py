"""Which DBC speaks for which bus: those beside the log, or the ones that option `dbc` names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.formats.can.dbc import Database, Message, read_dbc
from braid.formats.can.spool import Group
from braid.formats.options import FormatOption
from braid.formats.seam import Problem, ReadContext, Sources
from braid.formats.troubles import Troubles

DBC_OPTION = FormatOption(
    name="dbc", meaning="databases in the import folder, parted by commas (default: every *.dbc in it)"
)
DBC_LIMIT = 16 * 2**20
MAX_DATABASES = 64


@dataclass(slots=True, kw_only=True)
class Databases:
    """Databases by name, and what was wrong with them."""

    all: list[Database] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def by_bus(self, groups: Iterable[Group]) -> dict[str, list[Database]]:
        """For each bus its databases, those that know most of its ids first."""
        ids: dict[str, set[tuple[int, bool]]] = {}
        for group in groups:
            if not group.kind and group.can_id >= 0:
                ids.setdefault(group.bus, set()).add((group.can_id, group.extended))
        return {
            bus: sorted(self.all, key=lambda one: (-len(known & one.messages.keys()), one.name))
            for bus, known in ids.items()
        }


def find_message(databases: list[Database], group: Group) -> tuple[Message, Database] | None:
    """The first database's message of that id."""
    for database in databases:
        message = database.messages.get((group.can_id, group.extended))
        if message is not None and message.signals:
            return message, database
    return None


def load_databases(files: Sources, context: ReadContext) -> Databases:
    """Every DBC of the folder, or the ones of option `dbc` (names in the folder, parted by commas).

    Raises InvalidInput when a named one is not there.
    """
    answer = Databases()
    paths = list(_paths(files, context.options.get("dbc", "")))
    for path in paths[:MAX_DATABASES]:
        name = files.name(path)
        troubles = Troubles(name)
        raw = files.read(path, limit=DBC_LIMIT)
        database = read_dbc(raw, name=name, troubles=troubles)
        if not database.messages:
            troubles.add("no_messages", "no message of the database can be read", rejected=False)
        answer.all.append(database)
        answer.problems.extend(troubles.told())
    if len(paths) > MAX_DATABASES:
        answer.problems.append(
            Problem(
                where=files.root.name,
                code="too_many",
                message=f"{len(paths)} databases; the first {MAX_DATABASES} were read",
                rejected=True,
            )
        )
    return answer


def _paths(files: Sources, named: str) -> Iterator[Path]:
    if not named:
        yield from sorted(
            path
            for path in (files.base.iterdir() if files.root.is_file() else files.base.rglob("*"))
            if path.suffix.casefold() == ".dbc"
            and path.is_file()
            and path.resolve().is_relative_to(files.base)
        )
        return
    for name in named.split(","):
        path = files.find(name.strip())
        if path is None:
            raise InvalidInput(
                "there is no such database in the import folder",
                where="option dbc",
                got=name.strip(),
                hint="Put the DBC beside the log and name it relative to the folder",
            )
        yield path
