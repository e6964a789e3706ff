"""Where nobody says whose an order is and it could bring money, the shop is asked for it first."""

from __future__ import annotations

from typing import Any

import pytest

from plugin import jobs
from plugin.store.database.db import system_transaction
from plugin.store.shops import shops
from sandbox.state import Record
from sandbox.webhooks import payloads
from tests.actions.stage import Stage
from tests.conftest import TestDatabase
from webhooks.replay import compare

MONEY: dict[str, dict[str, Any]] = {
    "cashback": {"cashback": {"enabled": True, "percent": 10, "after_days": 0}},
    "a gift card": {"rewards": [{"id": "r1", "kind": "gift_card", "name": "Card", "points": 100, "value": "5"}]},
    "store credit": {"rewards": [{"id": "r1", "kind": "store_credit", "name": "Credit", "points": 100, "value": "5"}]},
}


def quiet(stage: Stage) -> None:
    """Webhooks get lost: what comes is told by the test."""
    stage.town.trouble.set(webhook_loss=1)


def tell(stage: Stage, topic: str, body: Record) -> None:
    stage.town.trouble.calm()
    stage.town.box.dispatcher.publish(stage.shop, topic, body, stage.clock())
    stage.hear()


def unnamed(stage: Stage, order: Record, **more: Any) -> Record:
    return {**payloads.order_body(stage.shop, order), "order_status_url": None, **more}


def state(stage: Stage) -> list[tuple[Any, ...]]:
    return stage.rows("SELECT waiting_for, deserved FROM order_views ORDER BY order_id")


@pytest.mark.parametrize("programme", MONEY.values(), ids=MONEY.keys())
def test_an_order_of_which_nobody_says_whose_it_is_waits_for_the_shop(stage: Stage, programme: dict[str, Any]) -> None:
    stage.programme(**programme)
    quiet(stage)
    order = stage.buy()
    for topic in ("orders/create", "orders/paid"):
        tell(stage, topic, unnamed(stage, order))
        assert (state(stage), stage.sums()) == ([("order", 0)], {})
        assert [row[0] for row in stage.waiting("cashback")] == []
    stage.settle(minutes=1)
    assert (state(stage), stage.sums()) == ([("", 24)], {f"order:{order['id']}": 24})


def test_it_brings_money_only_when_the_shop_shows_it(stage: Stage) -> None:
    stage.programme(**MONEY["cashback"])
    quiet(stage)
    order = stage.buy()
    tell(stage, "orders/paid", unnamed(stage, order))
    stage.town.trouble.set(graphql_5xx=1)
    stage.settle(hours=1)
    assert stage.rows("SELECT count(*) FROM credits") == [(0,)]
    stage.town.trouble.calm()
    stage.settle(hours=1)
    stage.settle(minutes=1)
    assert stage.rows("SELECT amount_minor FROM credits") == [(240,)]


def test_a_rebuilt_ledger_lets_the_same_orders_wait(stage: Stage, database: TestDatabase) -> None:
    stage.programme(**MONEY["cashback"], welcome_points=5)
    quiet(stage)
    order = stage.buy()
    tell(stage, "orders/paid", unnamed(stage, order))
    tell(stage, "orders/paid", payloads.order_body(stage.shop, stage.buy("ben@example.com")))
    assert state(stage) == [("order", 0), ("", 24)]
    assert compare(stage.engine, database.url) == []


def test_an_order_that_the_shop_does_not_have_brings_nothing(stage: Stage) -> None:
    stage.programme(**MONEY["cashback"])
    quiet(stage)
    order = stage.buy()
    tell(stage, "orders/paid", unnamed(stage, order, id=42))
    stage.settle(days=3)
    assert (stage.sums(), stage.rows("SELECT count(*) FROM credits")) == ({}, [(0,)])


def test_a_body_that_names_the_shop_vouches_for_the_order(stage: Stage) -> None:
    stage.programme(**MONEY["cashback"])
    quiet(stage)
    order = stage.buy()
    tell(stage, "orders/create", unnamed(stage, order))
    tell(stage, "orders/paid", payloads.order_body(stage.shop, order))
    assert state(stage) == [("", 24)]
    tell(stage, "orders/updated", unnamed(stage, order))
    assert state(stage) == [("", 24)]


def test_a_refund_before_its_order_moves_nothing(stage: Stage) -> None:
    stage.programme(**MONEY["cashback"])
    quiet(stage)
    order = stage.buy()
    refund = stage.town.box.refund(stage.shop, order, amount=1000)
    assert refund is not None
    tell(stage, "refunds/create", payloads.refund_body(stage.shop, order, refund))
    stage.settle(days=1)
    assert (stage.sums(), stage.rows("SELECT count(*) FROM credits")) == ({}, [(0,)])


def test_a_programme_without_money_does_not_wait(stage: Stage) -> None:
    stage.programme()
    quiet(stage)
    order = stage.buy()
    tell(stage, "orders/paid", unnamed(stage, order))
    assert state(stage) == [("", 24)]


def test_a_shop_that_was_installed_before_numbers_were_kept_learns_its_own_with_the_next_sweep(stage: Stage) -> None:
    with system_transaction(stage.engine) as conn:
        conn.exec_driver_sql("UPDATE shops SET shopify_id = NULL")
    jobs.queue_reconcile(stage.work, "often")
    stage.settle()
    with system_transaction(stage.engine) as conn:
        assert shops.get(conn, stage.shop_id).shopify_id == stage.shop.settings["shop_id"]
