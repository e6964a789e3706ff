"""How often within an hour: never more than may, however many ask at once, and not less once the hour is over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from plugin.store.database.db import shop_transaction
from plugin.store.shops import paces
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, 55, tzinfo=UTC)


def test_of_many_at_once_no_more_pass_than_may(engine: Engine, shop: ShopRow) -> None:
    def one(n: int) -> bool:
        with shop_transaction(engine, shop.id) as conn:
            return paces.take(conn, shop.id, [(f"a{n % 3}", 4), ("b", 7)], NOW)

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(24))) == 7


def test_the_hour_moves_along_and_is_no_hour_of_the_clock(engine: Engine, shop: ShopRow) -> None:
    def take(minutes: int) -> bool:
        with shop_transaction(engine, shop.id) as conn:
            return paces.take(conn, shop.id, [("a", 3)], NOW + timedelta(minutes=minutes))

    assert [take(n) for n in (0, 4, 10, 20, 59, 60, 61, 65)] == [True, True, True, False, False, True, False, True]


def test_whoever_comes_behind_the_full_one_is_not_counted(engine: Engine, shop: ShopRow, other_shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        tries = [paces.take(conn, shop.id, [("one", 2), ("all", 3)], NOW) for _ in range(9)]
        assert tries == [True, True] + [False] * 7
        assert paces.take(conn, shop.id, [("two", 2), ("all", 3)], NOW)
        assert not paces.take(conn, shop.id, [("two", 2), ("all", 3)], NOW)
    with shop_transaction(engine, other_shop.id) as conn:
        assert paces.take(conn, other_shop.id, [("one", 1)], NOW)
