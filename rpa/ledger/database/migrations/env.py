"""Alembic's way in: the connection, and the transaction that everything happens in, are the caller's."""

from __future__ import annotations

from alembic import context

from rpa.ledger.database.tables import metadata, version

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=version.name,
)
context.run_migrations()
