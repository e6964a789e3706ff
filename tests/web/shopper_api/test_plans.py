"""What the surfaces ask the database for is found by indexes, and by few statements, however many members there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow
from tests.web.shopper_api.surface import Surface
from tests.web.shopper_api.test_orders import TOKEN, launched, tell

__all__ = ["launched"]
MOST_STATEMENTS, WITH_FIRST_WRITES = 26, 40
"""An order's first look writes down its question and makes the member's link."""
CALLS = ("/me", "/programme", "/rewards", "/held", "/entries", "/activities", "/invitation", "/orders/5", "/cart")


@contextmanager
def heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """What is said to the database meanwhile, with its values."""
    said: list[tuple[str, Any]] = []

    def hear(conn: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        said.append((statement, values))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("path", CALLS)
def test_no_call_reads_a_table_from_end_to_end(path: str, surface: Surface, engine: Engine, launched: ShopRow) -> None:
    tell(engine, launched, 5)
    goods = [{"product_id": n, "quantity": 1, "price": "1"} for n in range(1, 9)]
    with heard(engine) as said:
        if path == "/cart":
            answer = surface.post("/cart", {"currency": "EUR", "lines": goods, "codes": ["X"]})
        else:
            answer = surface.get(path, checkout_token=TOKEN)
    assert answer.status_code == 200
    assert len(said) <= (WITH_FIRST_WRITES if path.startswith("/orders") else MOST_STATEMENTS)
    reads = [(statement, values) for statement, values in said if statement.lstrip().startswith(("SELECT", "WITH"))]
    with shop_transaction(engine, launched.id) as conn:
        conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, values in reads:
            if "set_config" in statement:
                continue
            plan = "\n".join(conn.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())
            assert "Seq Scan" not in plan, (statement, plan)
