"""Alembic's entry: runs the migrations on the connection that `braid.store.schema` hands over."""

from __future__ import annotations

from alembic import context

from braid.store.tables import METADATA

with_connection = context.config.attributes["connection"]
context.configure(
    connection=with_connection,
    target_metadata=METADATA,
    render_as_batch=with_connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
