"""A scratch schema beside the real one: the same tables, rules and functions, dropped at the end."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from plugin.store.database import migrate
from plugin.store.database.db import engine_at

COPIED = ("shops", "pauses", "programme_versions", "products")


@contextmanager
def scratch_schema(address: str, source: Engine, shop_ids: list[int]) -> Iterator[Engine]:
    """An engine whose tables are empty but for the shops, their pauses, programmes and products."""
    name = f"suki_scratch_{secrets.token_hex(4)}"
    with source.begin() as conn:
        conn.exec_driver_sql(f"CREATE SCHEMA {name}")
    engine = engine_at(address, "suki-replay", search_path=name)
    try:
        migrate.create_tables(engine)
        for shop_id in shop_ids:
            _copy(engine, shop_id)
        yield engine
    finally:
        engine.dispose()
        with source.begin() as conn:
            conn.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")


def _copy(engine: Engine, shop_id: int) -> None:
    with engine.begin() as conn:
        conn.exec_driver_sql("SELECT set_config('suki.shop_id', %(shop)s, true)", {"shop": str(shop_id)})
        for table in COPIED:
            column = "id" if table == "shops" else "shop_id"
            conn.exec_driver_sql(
                f"INSERT INTO {table} SELECT * FROM public.{table} WHERE {column} = %(shop)s", {"shop": shop_id}
            )
