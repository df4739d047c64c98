"""The first schema: the log with triggers that keep it append-only, head tables, findings."""

# ruff: noqa: S608 - table names are those below

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from braid.store.tables import number, text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LOG_TABLES = ("commit_log", "revision")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "commit_log",
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("seq", number(), nullable=False),
        sa.Column("id", text(), nullable=False),
        sa.Column("actor", text(), nullable=False),
        sa.Column("at_ns", text(), nullable=False),
        sa.Column("leaf_hash", text(), nullable=False),
        sa.Column("leaf", text(), nullable=False),
        sa.PrimaryKeyConstraint("project", "seq", name=op.f("pk_commit_log")),
    )
    op.create_index("ix_commit_log_id", "commit_log", ["project", "id"], unique=True)
    op.create_table(
        "finding",
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("sample", text(), nullable=False),
        sa.Column("fingerprint", text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("payload", text(), nullable=False),
        sa.PrimaryKeyConstraint("project", "sample", "fingerprint", name=op.f("pk_finding")),
    )
    op.create_table(
        "head",
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("id", text(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("sample", text(), nullable=True),
        sa.Column("stream", text(), nullable=True),
        sa.Column("layer", text(), nullable=True),
        sa.Column("class_id", text(), nullable=True),
        sa.Column("entity", text(), nullable=True),
        sa.Column("text_of", text(), nullable=True),
        sa.Column("start_ns", number(), nullable=True),
        sa.Column("end_ns", number(), nullable=True),
        sa.Column("rev", text(), nullable=False),
        sa.Column("seq", number(), nullable=False),
        sa.Column("payload", text(), nullable=False),
        sa.PrimaryKeyConstraint("project", "id", name=op.f("pk_head")),
    )
    op.create_index("ix_head_kind", "head", ["project", "kind", "id"], unique=False)
    op.create_index(
        "ix_head_layer",
        "head",
        ["project", "layer"],
        unique=False,
        sqlite_where=sa.text("layer IS NOT NULL"),
        postgresql_where=sa.text("layer IS NOT NULL"),
    )
    op.create_index("ix_head_sample", "head", ["project", "sample", "kind"], unique=False)
    op.create_index(
        "ix_head_stream",
        "head",
        ["project", "stream"],
        unique=False,
        sqlite_where=sa.text("stream IS NOT NULL"),
        postgresql_where=sa.text("stream IS NOT NULL"),
    )
    op.create_index(
        "ix_head_text_of",
        "head",
        ["project", "text_of"],
        unique=False,
        sqlite_where=sa.text("text_of IS NOT NULL"),
        postgresql_where=sa.text("text_of IS NOT NULL"),
    )
    op.create_table(
        "link_head",
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("id", text(), nullable=False),
        sa.Column("sample", text(), nullable=False),
        sa.Column("type_id", text(), nullable=False),
        sa.Column("source_id", text(), nullable=False),
        sa.Column("target_id", text(), nullable=False),
        sa.Column("suspect", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("project", "id", name=op.f("pk_link_head")),
    )
    op.create_index("ix_link_head_source", "link_head", ["project", "source_id"], unique=False)
    op.create_index(
        "ix_link_head_suspect",
        "link_head",
        ["project", "sample"],
        unique=False,
        sqlite_where=sa.text("suspect = 1"),
        postgresql_where=sa.text("suspect = 1"),
    )
    op.create_index("ix_link_head_target", "link_head", ["project", "target_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", text(), nullable=False),
        sa.Column("slug", text(), nullable=False),
        sa.Column("name", text(), nullable=False),
        sa.Column("template", text(), nullable=False),
        sa.Column("seq", number(), nullable=False),
        sa.Column("leaf_hash", text(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_project")),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("slug"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "revision",
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("record", text(), nullable=False),
        sa.Column("seq", number(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("sample", text(), nullable=True),
        sa.Column("rev", text(), nullable=True),
        sa.Column("salt", text(), nullable=False),
        sa.Column("payload", text(), nullable=True),
        sa.PrimaryKeyConstraint("project", "record", "seq", name=op.f("pk_revision")),
    )
    op.create_index("ix_revision_commit", "revision", ["project", "seq", "place"], unique=True)
    op.create_index("ix_revision_sample", "revision", ["project", "sample", "seq"], unique=False)
    op.create_table(
        "sample_head",
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("id", text(), nullable=False),
        sa.Column("key", text(), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.PrimaryKeyConstraint("project", "id", name=op.f("pk_sample_head")),
    )
    op.create_index("ix_sample_head_key", "sample_head", ["project", "key"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgres()
    else:
        _guard_sqlite()


def downgrade() -> None:
    """Remove all tables, with the triggers that stand on them."""
    op.drop_table("commit_log")
    op.drop_table("revision")
    op.drop_table("project")
    op.drop_table("head")
    op.drop_table("link_head")
    op.drop_table("sample_head")
    op.drop_table("finding")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION log_is_append_only()")


def _guard_sqlite() -> None:
    """Refuse changes of the log, and removals as long as the project is there."""
    for table in LOG_TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            "WHEN EXISTS (SELECT 1 FROM project WHERE no = OLD.project) "
            "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )


def _guard_postgres() -> None:
    """The same for PostgreSQL."""
    op.execute(
        "CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM project WHERE no = OLD.project) THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'the log is append-only'; END $$"
    )
    for table in LOG_TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION log_is_append_only()"
        )
