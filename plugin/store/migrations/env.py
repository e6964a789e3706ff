"""Alembic's entry point: run the steps, each in a transaction of its own, on the connection of `migrate.upgrade`."""

from __future__ import annotations

from alembic import context

from plugin.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
