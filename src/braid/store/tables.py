"""The schema: an append-only log (commit_log, revision) and head tables that are a cache of it (law H2).

Payloads are canonical JSON text; typed columns carry what is searched. Migrations create exactly these tables.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.types import TypeEngine

METADATA = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)


def text() -> TypeEngine[str]:
    """Text that both engines sort by code point."""
    return Text().with_variant(Text(collation="C"), "postgresql")


def number() -> TypeEngine[int]:
    """64 bits; on SQLite an INTEGER, which is 64 bits there."""
    return BigInteger().with_variant(Integer(), "sqlite")


PROJECT = Table(
    "project",
    METADATA,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("id", text(), nullable=False, unique=True),
    Column("slug", text(), nullable=False, unique=True),
    Column("name", text(), nullable=False),
    Column("template", text(), nullable=False),
    Column("seq", number(), nullable=False),
    Column("leaf_hash", text(), nullable=False),
    sqlite_autoincrement=True,
)

COMMIT_LOG = Table(
    "commit_log",
    METADATA,
    Column("project", Integer, nullable=False),
    Column("seq", number(), nullable=False),
    Column("id", text(), nullable=False),
    Column("actor", text(), nullable=False),
    Column("at_ns", text(), nullable=False),
    Column("leaf_hash", text(), nullable=False),
    Column("leaf", text(), nullable=False),
    PrimaryKeyConstraint("project", "seq"),
    Index("ix_commit_log_id", "project", "id", unique=True),
)

REVISION = Table(
    "revision",
    METADATA,
    Column("project", Integer, nullable=False),
    Column("record", text(), nullable=False),
    Column("seq", number(), nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", text(), nullable=False),
    Column("sample", text()),
    Column("rev", text()),
    Column("salt", text(), nullable=False),
    Column("payload", text()),
    PrimaryKeyConstraint("project", "record", "seq"),
    Index("ix_revision_commit", "project", "seq", "place", unique=True),
    Index("ix_revision_sample", "project", "sample", "seq"),
)

HEAD = Table(
    "head",
    METADATA,
    Column("project", Integer, nullable=False),
    Column("id", text(), nullable=False),
    Column("kind", text(), nullable=False),
    Column("sample", text()),
    Column("stream", text()),
    Column("layer", text()),
    Column("class_id", text()),
    Column("entity", text()),
    Column("text_of", text()),
    Column("start_ns", number()),
    Column("end_ns", number()),
    Column("rev", text(), nullable=False),
    Column("seq", number(), nullable=False),
    Column("payload", text(), nullable=False),
    PrimaryKeyConstraint("project", "id"),
    Index("ix_head_sample", "project", "sample", "kind"),
    Index("ix_head_kind", "project", "kind", "id"),
)
# Most records have none of these, so partial indexes stay small.
for _name, _column in (
    ("ix_head_stream", HEAD.c.stream),
    ("ix_head_layer", HEAD.c.layer),
    ("ix_head_text_of", HEAD.c.text_of),
):
    Index(
        _name,
        HEAD.c.project,
        _column,
        sqlite_where=_column.isnot(None),
        postgresql_where=_column.isnot(None),
    )

LINK_HEAD = Table(
    "link_head",
    METADATA,
    Column("project", Integer, nullable=False),
    Column("id", text(), nullable=False),
    Column("sample", text(), nullable=False),
    Column("type_id", text(), nullable=False),
    Column("source_id", text(), nullable=False),
    Column("target_id", text(), nullable=False),
    Column("suspect", Integer, nullable=False),
    PrimaryKeyConstraint("project", "id"),
    Index("ix_link_head_source", "project", "source_id"),
    Index("ix_link_head_target", "project", "target_id"),
)
Index(
    "ix_link_head_suspect",
    LINK_HEAD.c.project,
    LINK_HEAD.c.sample,
    sqlite_where=LINK_HEAD.c.suspect == 1,
    postgresql_where=LINK_HEAD.c.suspect == 1,
)

SAMPLE_HEAD = Table(
    "sample_head",
    METADATA,
    Column("project", Integer, nullable=False),
    Column("id", text(), nullable=False),
    Column("key", text(), nullable=False),
    Column("state", text(), nullable=False),
    PrimaryKeyConstraint("project", "id"),
    Index("ix_sample_head_key", "project", "key"),
)

FINDING = Table(
    "finding",
    METADATA,
    Column("project", Integer, nullable=False),
    Column("sample", text(), nullable=False),
    Column("fingerprint", text(), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("payload", text(), nullable=False),
    PrimaryKeyConstraint("project", "sample", "fingerprint"),
)

LOG_TABLES = ("commit_log", "revision")
HEAD_TABLES = ("head", "link_head", "sample_head")
