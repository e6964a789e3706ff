"""Tags, tiers and rewards for many, in a running sandbox: given, told, and given back."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.actions.bulk import for_many
from plugin.store.database.db import shop_transaction
from plugin.store.members.member_list import Wanted
from plugin.store.shops import shops
from tests.actions.stage import Stage

STAFF = "staff:88"
LEVELS = {"levels": [{"key": "gold", "name": "Gold", "enter": "100000"}]}
REWARD = {"kind": "amount_off", "id": "rfive", "name": "5 off", "points": 100, "value": 5}


def begin(stage: Stage, act: str, key: str = "a", **terms: Any) -> int:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        number, _ = for_many.begin(conn, shop, key * 32, act, terms, Wanted(), 2, STAFF, stage.clock())
    return number


def undo(stage: Stage, number: int) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        for_many.undo(conn, shops.get(conn, stage.shop_id), number, STAFF, stage.clock())


def state(stage: Stage, number: int) -> tuple[Any, ...]:
    return stage.rows("SELECT state, done, left_out, undone FROM bulk_acts WHERE id = :n", n=number)[0]


def tags(stage: Stage) -> dict[str, list[str]]:
    return {one["email"]: sorted(one["tags"]) for one in stage.shop.customer.values()}


@pytest.mark.parametrize("how", ["add", "remove"])
def test_a_tag_is_changed_at_who_has_it_otherwise_and_undone_at_these_alone(stage: Stage, how: str) -> None:
    stage.buy()
    stage.buy("juan@example.com")
    stage.buy("guest@example.com", as_customer=False)
    next(one for one in stage.shop.customer.values() if one["email"] == "ana@example.com")["tags"] = ["VIP", "x"]
    stage.settle()
    before = tags(stage)
    number = begin(stage, "tag", tag="vip" if how == "remove" else "VIP", how=how)
    stage.settle()
    assert state(stage, number) == ("done", 2, 1, 0)
    expected = {"add": {"VIP"}, "remove": set()}[how]
    assert {
        email: {tag for tag in known if tag.lower() == "vip"} for email, known in tags(stage).items()
    } == dict.fromkeys(before, expected)
    undo(stage, number)
    stage.settle()
    assert state(stage, number) == ("undone", 2, 1, 1)
    assert {email: {tag.lower() for tag in known} for email, known in tags(stage).items()} == {
        email: {tag.lower() for tag in known} for email, known in before.items()
    }


@pytest.mark.parametrize("told", [True, False])
def test_a_tier_is_set_for_all_and_given_back_with_one_email_or_none(stage: Stage, told: bool) -> None:
    stage.programme(tiers=LEVELS)
    stage.buy()
    stage.buy("juan@example.com")
    stage.settle()
    number = begin(stage, "tier", tier="gold", until="", note="Opening night", tell=told)
    stage.settle()
    assert stage.rows("SELECT tier, pinned FROM member_tiers") == [("gold", True)] * 2
    undo(stage, number)
    stage.settle()
    assert (state(stage, number), stage.rows("SELECT DISTINCT tier FROM member_tiers")) == (
        ("undone", 2, 0, 2),
        [("",)],
    )
    states = stage.rows("SELECT kind, state, count(*) FROM messages WHERE kind LIKE 'tier%' GROUP BY 1, 2 ORDER BY 1")
    said = "sent" if told else "skipped"
    assert states == [("tier_lost", said, 2), ("tier_reached", said, 2)]


def test_undone_before_an_email_goes_neither_is_sent(stage: Stage) -> None:
    stage.programme()
    stage.buy()
    stage.settle()
    number = begin(stage, "points", points=30, kind="gift", note="Sorry", shown=True, tell=True)
    stage.settle()
    assert stage.rows("SELECT state FROM messages WHERE kind = 'points_given'") == [("queued",)]
    undo(stage, number)
    stage.settle()
    stage.settle(minutes=6)
    assert stage.rows("SELECT kind, state FROM messages WHERE kind LIKE 'points_%' ORDER BY kind") == [
        ("points_given", "skipped"),
        ("points_taken_back", "skipped"),
    ]


@pytest.mark.parametrize("told", [True, False])
def test_a_reward_is_given_for_nothing_and_what_was_not_used_is_taken_back(stage: Stage, told: bool) -> None:
    stage.programme(rewards=[REWARD])
    stage.buy()
    stage.buy("guest@example.com", as_customer=False)
    stage.settle()
    points = stage.sums()
    number = begin(stage, "reward", reward="rfive", name="5 off", note="", tell=told)
    stage.settle()
    stage.settle(minutes=6)
    assert state(stage, number) == ("done", 1, 1, 0)
    given = "SELECT points, state, code_state FROM redemptions WHERE reward = 'rfive'"
    assert stage.rows(given) == [(0, "reserved", "created")]
    assert stage.rows("SELECT state FROM messages WHERE kind = 'reward_ready'") == [("sent" if told else "skipped",)]
    undo(stage, number)
    stage.settle()
    assert stage.rows(given) == [(0, "released", "disabled")]
    assert (state(stage, number), stage.sums()) == (("undone", 1, 1, 1), points)
