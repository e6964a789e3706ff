"""Every buyer's code exists in the shop, once, as promised; and is taken back when its order falls."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.store.database.db import shop_transaction
from plugin.store.work import jobs
from tests.actions.stage import Stage


def discounts(stage: Stage) -> list[dict[str, Any]]:
    """Every discount in the shop."""
    return list(stage.shop.discount.values())


def test_a_buyers_code_is_a_percentage_off_bound_to_them_for_one_use(stage: Stage) -> None:
    order = stage.buy()
    stage.settle()
    (made,) = discounts(stage)
    assert made["codes"] == [{"id": made["codes"][0]["id"], "code": stage.code(order), "uses": 0}]
    assert (made["percentage"], made["amount"], made["minimum_subtotal"]) == (0.1, None, None)
    assert (made["customers"], made["usage_limit"], made["once_per_customer"]) == ([order["customer_id"]], 1, True)
    assert made["combines"] == {"orderDiscounts": False, "productDiscounts": False, "shippingDiscounts": True}
    assert stage.redemption(order) == ("reserved", "created", None)
    assert stage.waiting("code") == []


def test_a_guests_code_is_an_amount_off_with_a_minimum_for_everybody(stage: Stage) -> None:
    stage.programme(next_order_code={"kind": "amount", "value": "5.50", "minimum_spend": "30", "prefix": "TY"})
    order = stage.buy("guest@example.com", as_customer=False)
    stage.settle()
    (made,) = discounts(stage)
    assert (made["percentage"], made["amount"], made["minimum_subtotal"]) == (None, 550, 3000)
    assert (made["customers"], made["usage_limit"]) == ([], 1)
    assert stage.code(order).startswith("TY-")


def test_a_lost_answer_leaves_one_code_and_the_next_try_finds_it(stage: Stage) -> None:
    order = stage.buy()
    stage.hear()
    stage.town.trouble.set(graphql_lost_answer=1)
    stage.settle()
    assert len(discounts(stage)) == 1
    assert stage.redemption(order) == ("reserved", "wanted", None)
    stage.town.trouble.calm()
    stage.settle(minutes=1)
    assert len(discounts(stage)) == 1
    assert stage.redemption(order) == ("reserved", "created", None)
    assert stage.waiting("code") == []


def test_a_code_that_belongs_to_somebody_else_fails_in_sight_and_can_be_tried_again(stage: Stage) -> None:
    order = stage.buy()
    stage.hear()
    theirs = {
        "id": 1,
        "kind": "basic",
        "title": "Ours",
        "tags": [],
        "codes": [{"id": 2, "code": stage.code(order), "uses": 0}],
    }
    theirs |= {"customers": [], "starts_at": "2026-01-01T00:00:00Z", "ends_at": None, "usage_limit": None}
    theirs |= {"created_at": "", "updated_at": "", "once_per_customer": False, "class": "ORDER", "percentage": 0.5}
    theirs |= {
        "combines": {},
        "minimum_subtotal": None,
        "minimum_quantity": None,
        "amount": None,
        "products": [],
        "collections": [],
    }
    stage.shop.save("discount", theirs)
    stage.settle()
    ((_, state, _, error),) = stage.waiting("code")
    assert (state, "already used by another discount" in error) == ("failed", True)
    stage.settle(days=1)
    assert stage.redemption(order) == ("reserved", "wanted", None)
    stage.shop.drop("discount", 1)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        ids = [row[0] for row in conn.exec_driver_sql("SELECT id FROM jobs WHERE kind = 'code'")]
        assert jobs.retry(conn, stage.shop_id, ids, stage.clock()) == 1
    stage.settle()
    assert stage.redemption(order) == ("reserved", "created", None)


@pytest.mark.parametrize("trouble", ["graphql_throttle", "graphql_5xx"])
def test_a_shop_that_is_busy_or_broken_is_asked_again_later(stage: Stage, trouble: str) -> None:
    order = stage.buy()
    stage.hear()
    stage.town.trouble.set(**{trouble: 1})
    stage.settle()
    stage.settle(minutes=1)
    ((_, state, _, error),) = stage.waiting("code")
    assert (state, error != "", discounts(stage)) == ("queued", True, [])
    stage.town.trouble.calm()
    stage.settle(hours=1)
    assert stage.redemption(order) == ("reserved", "created", None)


def test_the_code_of_a_cancelled_order_is_ended_and_given_up(stage: Stage) -> None:
    order = stage.buy()
    stage.settle()
    stage.town.box.cancel(stage.shop, order)
    stage.settle()
    assert stage.redemption(order) == ("released", "disabled", None)
    assert discounts(stage)[0]["ends_at"] is not None
    assert stage.metafields(order["customer_id"])["next_code"] == "-"


def test_the_code_of_an_order_that_was_cancelled_before_it_was_made_is_never_of_use(stage: Stage) -> None:
    order = stage.buy()
    stage.hear()
    stage.town.box.cancel(stage.shop, order)
    stage.settle()
    assert stage.redemption(order) == ("released", "disabled", None)
    assert discounts(stage) == []


def test_a_code_is_recognised_on_a_later_order_in_any_case_and_then_is_not_taken_back(stage: Stage) -> None:
    first = stage.buy()
    stage.settle()
    second = stage.buy(codes=[stage.code(first).lower()])
    stage.settle()
    assert stage.redemption(first) == ("captured", "created", second["id"])
    stage.town.box.cancel(stage.shop, first)
    stage.settle()
    assert stage.redemption(first) == ("captured", "created", second["id"])


def test_a_code_used_on_an_order_we_have_not_heard_of_is_ended_and_not_given_up(stage: Stage) -> None:
    first = stage.buy()
    stage.settle()
    stage.town.trouble.set(webhook_loss=1)
    second = stage.buy(codes=[stage.code(first)])
    stage.town.trouble.calm()
    stage.town.box.cancel(stage.shop, first)
    stage.settle()
    assert stage.redemption(first) == ("reserved", "disabled", None)
    stage.town.box.fulfil(stage.shop, second)
    stage.settle()
    assert stage.redemption(first) == ("captured", "disabled", second["id"])
