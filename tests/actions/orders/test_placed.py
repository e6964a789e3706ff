"""An order's day is when it was placed; what was judged before by another day keeps what it was judged by."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.rules.programme import Earning, Programme
from plugin.rules.retention.outcomes import Period
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.orders import orders
from plugin.store.orders.orders import StoredOrder
from plugin.store.reports import outcomes
from plugin.store.shops import shops
from plugin.store.versions import programmes
from tests import payloads
from tests.actions.orders.test_settle_orders import START, balances, settle, start_programme
from tests.conftest import ShopRow

DAY_OF_THE_SALE = "2026-03-05T12:00:00Z"
DAY_IT_CAME = "2026-11-20T02:00:00Z"
MAY = datetime(2026, 5, 1, tzinfo=UTC)
DOUBLE = Programme(earning=Earning(points=2))


def imported(order_id: int = 1, at: str = DAY_OF_THE_SALE, **more: Any) -> tuple[str, dict[str, Any]]:
    days = {"processed_at": at, "created_at": DAY_IT_CAME, "updated_at": DAY_IT_CAME}
    line = payloads.line(order_id, "100.00")
    return "orders/paid", payloads.order(order_id, [line], **{"total_price": "100.00", **days, **more})


def later(order: tuple[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    return "orders/updated", order[1] | {"updated_at": "2026-11-21T02:00:00Z", "note": "to be sent on Monday"}


def stored(engine: Engine, shop_id: int, order_id: int = 1) -> StoredOrder:
    with shop_transaction(engine, shop_id) as conn:
        found = orders.get(conn, shop_id, order_id)
    assert found is not None
    return found


def of_the_first_reading(engine: Engine, shop_id: int, version: int) -> None:
    """As it was stored when an order's day was that on which Shopify got to know of it."""
    with shop_transaction(engine, shop_id) as conn:
        conn.exec_driver_sql(
            "UPDATE order_views SET reading = 1, placed_at = (view->>'created_at')::timestamptz,"
            " view = view - 'reading', snapshot = jsonb_set(snapshot, '{version}', to_jsonb(%s)) - 'by_created'",
            (version,),
        )


@pytest.fixture
def shop_id(engine: Engine, shop: ShopRow) -> int:
    return start_programme(engine, shop.id, Programme())


def twice_as_many_since_may(engine: Engine, shop_id: int) -> None:
    with shop_transaction(engine, shop_id) as conn:
        programmes.add(conn, shop_id, DOUBLE, "test", "", MAY)


def test_an_imported_order_is_judged_by_the_version_of_the_day_it_was_placed(engine: Engine, shop_id: int) -> None:
    twice_as_many_since_may(engine, shop_id)
    settle(engine, shop_id, imported())
    assert balances(engine, shop_id) == {7: (100, 1)}
    assert stored(engine, shop_id).snapshot.version == 1  # type: ignore[union-attr]


def test_an_order_placed_before_orders_count_earns_nothing_whenever_shopify_got_to_know_of_it(
    engine: Engine, shop_id: int
) -> None:
    settle(engine, shop_id, imported(at="2025-12-31T23:59:59Z"))
    assert stored(engine, shop_id).deserved == 0
    assert [reason.code for reason in stored(engine, shop_id).reasons] == ["before_programme"]


def test_the_tier_is_that_of_the_day_it_was_placed(engine: Engine, shop: ShopRow) -> None:
    silver = Tier(key="silver", name="Silver", enter=Decimal(100), multiplier=Decimal(2))
    programme = Programme(tiers=Tiers(levels=(silver,), window="rolling", window_days=30, validity="window"))
    shop_id = start_programme(engine, shop.id, programme)
    settle(engine, shop_id, imported(2, at="2026-03-06T12:00:00Z"))  # from the till that was offline, told first
    settle(engine, shop_id, imported(1))
    settle(engine, shop_id, imported(3, at="2026-03-07T12:00:00Z"), imported(4, at="2026-09-01T12:00:00Z"))
    assert [stored(engine, shop_id, number).deserved for number in (2, 1, 3, 4)] == [100, 100, 200, 100]


def test_a_limit_of_a_day_counts_the_day_it_was_placed(engine: Engine, shop: ShopRow) -> None:
    a_day = {"orders": {"limits": [{"most": 150, "of": "points", "per": "day"}]}}
    shop_id = start_programme(engine, shop.id, Programme.model_validate(a_day))
    settle(engine, shop_id, imported(1), imported(2), imported(3, at="2026-03-06T12:00:00Z"))
    assert [stored(engine, shop_id, number).deserved for number in (1, 2, 3)] == [100, 50, 100]


def test_reports_count_it_on_the_day_it_was_placed(engine: Engine, shop_id: int) -> None:
    settle(engine, shop_id, imported())
    with shop_transaction(engine, shop_id) as conn:
        period = Period(START.date(), date.fromisoformat(DAY_IT_CAME[:10]))
        found = outcomes.compute(conn, shop_id, period, outcomes.By("UTC", "USD"))
    assert {day: one.orders for day, one in found.items() if one.orders} == {
        date.fromisoformat(DAY_OF_THE_SALE[:10]): 1
    }


def test_what_was_judged_by_another_day_before_keeps_its_version(engine: Engine, shop_id: int) -> None:
    twice_as_many_since_may(engine, shop_id)
    order = imported(created_at=DAY_OF_THE_SALE, processed_at=DAY_IT_CAME)  # by version 2 today, by the first before
    settle(engine, shop_id, order)
    assert balances(engine, shop_id) == {7: (200, 1)}
    of_the_first_reading(engine, shop_id, version=1)
    settle(engine, shop_id, later(order))
    assert stored(engine, shop_id).snapshot.version == 1  # type: ignore[union-attr]
    assert stored(engine, shop_id).deserved == 100


def test_what_counted_by_the_day_shopify_got_to_know_of_it_goes_on_to_count(engine: Engine, shop_id: int) -> None:
    counts_from(engine, shop_id, datetime(2025, 1, 1, tzinfo=UTC))
    order = imported()
    settle(engine, shop_id, order)
    of_the_first_reading(engine, shop_id, version=1)
    counts_from(engine, shop_id, MAY)
    settle(engine, shop_id, later(order))
    settle(engine, shop_id, ("orders/updated", later(order)[1] | {"updated_at": "2026-11-22T02:00:00Z"}))
    assert balances(engine, shop_id) == {7: (100, 1)}
    assert stored(engine, shop_id).snapshot.by_created  # type: ignore[union-attr]


def counts_from(engine: Engine, shop_id: int, moment: datetime) -> None:
    with system_transaction(engine) as conn:
        shops.merge_settings(conn, shop_id, {"counts_from": moment.isoformat()})
