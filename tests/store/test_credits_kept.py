"""What a row of credits says stays; how far it got follows Shopify, and ends for good."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import IntegrityError

from plugin.store.database.db import shop_transaction
from plugin.store.tables import credits
from tests.conftest import ShopRow
from tests.store.test_row_level_security import row


def change(engine: Engine, shop: ShopRow, sql: str) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(text(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE credits SET amount_minor = 2",
        "UPDATE credits SET subject = 'other'",
        "UPDATE credits SET currency = 'EUR'",
        "DELETE FROM credits",
        "TRUNCATE credits",
    ],
)
def test_what_was_due_is_never_changed(engine: Engine, shop: ShopRow, sql: str) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(insert(credits).values(row(credits, shop.id)))
    with pytest.raises(IntegrityError, match="never changed"):
        change(engine, shop, sql)


@pytest.mark.parametrize("sql", ["state = 'wanted'", "moved_minor = 0"])
def test_what_was_moved_is_never_changed(engine: Engine, shop: ShopRow, sql: str) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(insert(credits).values(row(credits, shop.id) | {"state": "sent", "moved_minor": 1}))
    change(engine, shop, "UPDATE credits SET member_id = 2")
    with pytest.raises(IntegrityError, match="never changed"):
        change(engine, shop, f"UPDATE credits SET {sql}")


@pytest.mark.parametrize(
    "values",
    [
        {"state": "gone"},
        {"state": "sending"},
        {"amount_minor": 0},
        {"line": 0},
        {"amount_minor": 5, "moved_minor": 6},
        {"amount_minor": 5, "moved_minor": -1},
        {"amount_minor": -(10**15), "moved_minor": 10**15},
    ],
)
def test_what_cannot_be_is_refused(engine: Engine, shop: ShopRow, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="check constraint"), shop_transaction(engine, shop.id) as conn:
        conn.execute(insert(credits).values(row(credits, shop.id) | values))
