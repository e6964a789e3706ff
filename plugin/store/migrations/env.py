"""Alembic's entry point: run the steps on the connection that plugin.store.migrate holds."""

from __future__ import annotations

from alembic import context

from plugin.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
