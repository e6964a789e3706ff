"""Codes from a pool: there before the mail, one each, taken back alone, made again by nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from plugin import jobs
from plugin.actions.codes import fill_codes
from plugin.actions.points.audit import audit
from plugin.store.database.db import shop_transaction
from plugin.store.work.jobs import queue
from sandbox.shop.code_sets import finish_due
from sandbox.shop.discounts import CodeRefused
from sandbox.state import Record
from tests.actions.stage import Stage

POOL = {"bound_to_customer": False, "valid_days": 30}


@pytest.fixture
def filled(stage: Stage) -> Stage:
    """A shop whose pool is full."""
    stage.programme(next_order_code=POOL)
    fill(stage)
    return stage


def fill(stage: Stage) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        queue(conn, stage.shop_id, "look_at_pools", ["next_order_code"], stage.clock())
    stage.settle()


def states(stage: Stage) -> dict[str, int]:
    return dict(stage.rows("SELECT state, count(*)::int FROM set_codes GROUP BY state"))


def parents(stage: Stage) -> list[Record]:
    return list(stage.shop.discount.values())


def parent_of(stage: Stage, code: str) -> Record:
    finish_due(stage.shop)
    return next(one for one in parents(stage) if code in [each["code"] for each in one["codes"]])


def test_the_pool_is_one_discount_for_everybody_and_250_codes_each_good_once(filled: Stage) -> None:
    found = parents(filled)
    assert [len(one["codes"]) for one in found] == [250] * len(found)
    assert {(one["usage_limit"], one["once_per_customer"], tuple(one["customers"])) for one in found} == {
        (1, False, ())
    }
    assert states(filled) == {"there": 250 * len(found)}
    assert {row[0] for row in filled.rows("SELECT state FROM code_sets")} == {"ready"}
    assert filled.waiting() == []


def test_a_buyers_code_is_there_before_the_mail(filled: Stage) -> None:
    order = filled.buy()
    filled.hear()
    code = filled.code(order)
    assert filled.redemption(order) == ("reserved", "created", None)
    assert filled.waiting("code") == []
    jobs.run_due(filled.work)
    (mail,) = filled.mails()
    assert code in str(mail)
    ends = filled.rows("SELECT expires_at FROM redemptions")[0][0]
    assert ends == datetime.fromisoformat(parent_of(filled, code)["ends_at"])
    assert timedelta(days=30) <= ends - filled.clock() <= timedelta(days=62)


def test_the_code_can_be_used_by_anybody_once_and_captures(filled: Stage) -> None:
    order = filled.buy()
    filled.settle()
    code = filled.code(order)
    used = filled.buy("friend@example.com", codes=[code.lower()])
    filled.settle()
    assert filled.redemption(order) == ("captured", "created", used["id"])
    with pytest.raises(CodeRefused, match="used already"):
        filled.buy("third@example.com", codes=[code])


def test_one_buyer_may_use_two_codes_of_one_pool(filled: Stage) -> None:
    first, second = filled.buy(), filled.buy()
    filled.settle()
    for order in (first, second):
        filled.buy(codes=[filled.code(order)])
    filled.settle()
    assert [filled.redemption(order)[0] for order in (first, second)] == ["captured", "captured"]


def test_a_cancelled_orders_code_is_removed_and_no_other(filled: Stage) -> None:
    order, kept = filled.buy(), filled.buy()
    filled.settle()
    parent = parent_of(filled, filled.code(order))
    filled.town.box.cancel(filled.shop, order)
    filled.settle()
    assert filled.redemption(order)[:2] == ("reserved", "unwanted")
    wait_for_shopify(filled)
    filled.settle(minutes=1)
    assert filled.redemption(order) == ("released", "disabled", None)
    left = [one["code"] for one in parent["codes"]]
    assert (filled.code(order) in left, filled.code(kept) in left, len(left)) == (False, True, 249)
    filled.buy(codes=[filled.code(kept)])
    filled.settle()
    assert filled.redemption(kept)[0] == "captured"


def wait_for_shopify(stage: Stage) -> None:
    for bulk in stage.shop.bulk_waiting:
        bulk["due"] = 0
    finish_due(stage.shop)


def test_a_used_code_is_not_taken_back(filled: Stage) -> None:
    order = filled.buy()
    filled.settle()
    filled.town.trouble.set(webhook_loss=1)
    filled.buy("friend@example.com", codes=[filled.code(order)])
    filled.town.trouble.calm()
    filled.town.box.cancel(filled.shop, order)
    filled.settle()
    assert filled.redemption(order) == ("reserved", "disabled", None)
    assert filled.waiting("code") == []


def test_an_empty_pool_gives_way_to_codes_of_their_own(stage: Stage) -> None:
    stage.programme(next_order_code=POOL)
    order = stage.buy()
    stage.hear()
    assert stage.redemption(order)[:2] == ("reserved", "wanted")
    stage.settle()
    assert stage.redemption(order)[:2] == ("reserved", "created")
    assert len(parent_of(stage, stage.code(order))["codes"]) == 1
    later = stage.buy()
    stage.settle()
    assert len(parent_of(stage, stage.code(later))["codes"]) == 250


def test_a_pool_is_filled_up_before_it_is_empty(filled: Stage) -> None:
    before = states(filled)["there"]
    filled.rows(
        "UPDATE set_codes SET state = 'given' WHERE (set_id, number) IN (SELECT set_id, number FROM set_codes"
        " WHERE set_id = (SELECT min(set_id) FROM set_codes) AND number BETWEEN 1 AND 199) RETURNING 1"
    )
    fill(filled)
    assert states(filled)["there"] == before


def test_a_lost_answer_makes_no_code_twice_and_none_too_many(stage: Stage) -> None:
    stage.programme(next_order_code=POOL)
    stage.town.trouble.set(graphql_lost_answer=1)
    fill(stage)
    for _ in range(4):
        stage.settle(hours=1)
        wait_for_shopify(stage)
    stage.town.trouble.calm()
    stage.settle(hours=1)
    stage.settle(hours=1)
    assert {len(one["codes"]) for one in parents(stage)} == {250}
    assert set(states(stage)) == {"there"}
    assert {row[0] for row in stage.rows("SELECT state FROM code_sets")} == {"ready"}


def test_a_discount_that_staff_ended_is_given_up_for_a_new_one(filled: Stage) -> None:
    for one in parents(filled):
        one["ends_at"] = "2026-01-01T00:00:00Z"
    filled.rows("UPDATE set_codes SET state = 'given' WHERE number > 20 RETURNING 1")
    fill(filled)
    fill(filled)
    found = filled.rows("SELECT state, count(*)::int FROM code_sets GROUP BY state")
    assert dict(found) == {"lost": len(parents(filled)) // 2, "ready": len(parents(filled)) // 2}
    order = filled.buy()
    filled.settle()
    filled.buy(codes=[filled.code(order)])
    assert audit(filled.engine) == []


def test_a_code_that_somebody_else_has_is_made_up_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.programme(next_order_code=POOL)
    name = fill_codes.code_name

    def one_taken(prefix: str, salt: str, set_id: int, number: int) -> str:
        return f"THEIRS-{set_id}" if number == 7 else name(prefix, salt, set_id, number)

    monkeypatch.setattr(fill_codes, "code_name", one_taken)
    monkeypatch.setattr(stage.shop, "codes", Taken(stage.shop.codes))
    fill(stage)
    count = len(stage.rows("SELECT FROM code_sets"))
    assert states(stage) == {"there": 250 * count, "refused": count}


class Taken(dict[str, Any]):
    """The codes of a shop in which everything that begins with THEIRS exists already."""

    def __contains__(self, key: object) -> bool:
        return str(key).startswith("theirs") or super().__contains__(key)
