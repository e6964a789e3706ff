"""What a test's own shop says when it is asked in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction


class InShop:
    """For classes that hold an engine and the id of a shop."""

    engine: Engine
    shop_id: int

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with shop_transaction(self.engine, self.shop_id) as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]
