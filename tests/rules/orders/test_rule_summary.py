"""A rule in one line, as staff read it in a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugin.rules.orders import order_rules, rule_summary
from plugin.rules.orders.earning_rules import CHANNELS, OrderRule
from plugin.rules.orders.rule_summary import conditions, effect
from plugin.rules.types import Facts
from tests.rules.generated import PLACED, line, view


def rule(**more: Any) -> OrderRule:
    return OrderRule(key="r", name="R", **more)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"multiplier": "2.50"}, "Points × 2.5"),
        ({"multiplier": 0}, "No points"),
        ({"effect": "rate", "points": 1200, "per_amount": "2.50"}, "1,200 for every 2.5 PHP"),
        ({"effect": "per_item", "points": 5}, "5 extra per item"),
        ({"effect": "per_order", "points": 1000}, "1,000 extra per order"),
    ],
)
def test_what_it_does(given: dict[str, Any], said: str) -> None:
    assert effect(rule(**given), "PHP") == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, [["every order"]]),
        ({"products": {1}}, [["1 product"]]),
        ({"products": {1, 2}, "collections": {3}}, [["2 products"], ["1 collection"]]),
        ({"tags": {"b", "A", "c"}}, [["product tags: A, b, c"]]),
        ({"vendors": {"a", "b", "c", "d"}}, [["vendors: a, b, c …"]]),
        ({"customer_tags": {"VIP"}}, [["customer tags: VIP"]]),
        ({"sale": "only"}, [["only sale items"]]),
        ({"sale": "never"}, [["no sale items"]]),
        ({"tiers": {"gold", "gone"}}, [["tiers: Gold Club, gone"]]),
        ({"channels": {"pos", "online"}}, [["Online store", "POS"]]),
        ({"channels": {"draft", "api"}}, [["Draft orders", "Other apps (API)"]]),
        ({"weekdays": {6, 0}}, [["Monday", "Sunday"]]),
        ({"minimum_order": "20.00"}, [["orders from 20 PHP"]]),
        ({"subscription": "only"}, [["only subscription orders"]]),
        ({"subscription": "never"}, [["no subscription orders"]]),
    ],
)
def test_when_it_holds(given: dict[str, Any], said: list[list[str]]) -> None:
    assert conditions(rule(**given), "PHP", {"gold": "Gold Club"}) == said


def test_every_channel_weekday_and_fact_has_words() -> None:
    assert set(rule_summary.CHANNELS) == set(CHANNELS)
    assert len(set(rule_summary.WEEKDAYS)) == 7
    assert set(rule_summary.UNKNOWN) == set(Facts)


NEVER = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, ""),
        ({"starts_at": PLACED + timedelta(seconds=1)}, "period"),
        ({"starts_at": PLACED}, ""),
        ({"starts_at": NEVER, "ends_at": PLACED}, "period"),
        ({"ends_at": PLACED + timedelta(seconds=1)}, ""),
        ({"weekdays": {5}}, "weekday"),
        ({"weekdays": {4}}, ""),
        ({"channels": {"pos"}}, "channel"),
        ({"channels": {"online"}}, ""),
        ({"minimum_order": "10.01"}, "minimum"),
        ({"minimum_order": "10.00"}, ""),
        ({"subscription": "only"}, "subscription"),
        ({"subscription": "never"}, ""),
        ({"tiers": {"gold"}}, "tier"),
        ({"tiers": {"gold", "silver"}}, ""),
        ({"customer_tags": {"VIP"}}, "customer_tag"),
    ],
)
def test_each_condition_by_which_a_rule_does_not_hold_for_an_order_has_words(given: dict[str, Any], why: str) -> None:
    """An order of 10.00 on a Friday at six in the evening in Manila, by a member of the silver tier."""
    order, manila = view(line(1, 1000)), ZoneInfo("Asia/Manila")
    assert order_rules.fails(rule(**given), order, 1000, "silver", (), manila) == why
    assert why in ("", "period") or rule_summary.MISSES[why]
    welcome = ("r",) if why == "customer_tag" else ()
    assert not welcome or order_rules.fails(rule(**given), order, 1000, "silver", welcome, manila) == ""
