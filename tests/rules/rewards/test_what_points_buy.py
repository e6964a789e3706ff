"""Cards, the next reward, prices, and what each kind of reward needs to be made."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from plugin.rules.programme import ToReach
from plugin.rules.rewards import redemption
from plugin.rules.rewards.gift_cards import ALPHABET, LENGTH, card_input, in_groups
from plugin.rules.rewards.kinds import (
    AmountOff,
    FreeShipping,
    PercentOff,
    Slider,
    find,
    offered,
    prefix_of,
    valid_days_of,
    worth,
)
from plugin.rules.rewards.money_rewards import CreditSlider, GiftCard
from plugin.rules.rewards.next_reward import NextReward, next_reward
from plugin.rules.rewards.own_rewards import Custom, Donation

NAMED = {"id": "rone", "name": "One", "points": 100}
OFF = AmountOff(**NAMED, value=5, prefix="MINE", valid_days=7)
SLIDER = Slider(**NAMED, step=50, most=500, value=Decimal("2.50"))


def test_a_gift_card_is_asked_for_with_its_last_day_in_the_shops_zone() -> None:
    terms = {"value": "12.50", "currency": "PHP"}
    end = datetime(2026, 12, 31, 16, tzinfo=UTC)  # midnight in Manila
    assert card_input(terms, "abc", 7, "For Ana", end, "Asia/Manila") == {
        "initialAmount": {"amount": "12.50", "currencyCode": "PHP"}, "code": "abc", "note": "For Ana",
        "customerId": "gid://shopify/Customer/7", "expiresOn": "2026-12-31",
    }  # fmt: skip
    assert card_input(terms, "abc", None, "", None, "UTC") == {
        "initialAmount": {"amount": "12.50", "currencyCode": "PHP"}, "code": "abc", "note": "",
    }  # fmt: skip


def test_a_cards_code_is_read_in_fours_and_has_no_letter_that_looks_like_another() -> None:
    assert [in_groups(code) for code in ("", "abcd", "abcdef", "abcdefgh2")] == ["", "ABCD", "ABCD EF", "ABCD EFGH 2"]
    assert (ALPHABET, LENGTH) == ("23456789abcdefghjkmnpqrstvwxyz", 16)


@pytest.mark.parametrize(
    ("points", "expected"),
    [(0, NextReward("Small", 50, 50)), (49, NextReward("Small", 50, 1)), (50, NextReward("Large", 200, 150))]
    + [(200, NextReward("Large", 200, 0)), (900, NextReward("Large", 200, 0)), (-10, NextReward("Small", 50, 60))],
)
def test_the_next_reward_is_the_cheapest_out_of_reach_or_else_the_dearest(points: int, expected: NextReward) -> None:
    goals = [ToReach(name="Large", points=200), ToReach(name="Small", points=50)]
    assert next_reward(goals, points) == expected
    assert next_reward([], points) is None


def test_what_a_kind_needs_to_be_made() -> None:
    card, custom = GiftCard(**NAMED, value=10, valid_days=30), Custom(**NAMED)
    assert [prefix_of(one) for one in (OFF, card, custom)] == ["MINE", "REF", "REF"]
    assert [valid_days_of(one) for one in (OFF, card, custom)] == [7, 30, None]
    assert find((card, OFF), "rone") == card
    assert find((OFF,), "rtwo") is None


def test_what_it_costs_and_what_its_points_buy() -> None:
    assert [redemption.price(one, points) for one in (OFF, SLIDER) for points in (None, 350)] == [100, 100, 100, 350]
    several = (OFF, SLIDER, CreditSlider(**NAMED, step=50, most=500, value=1), PercentOff(**NAMED, value=10))
    assert [worth(one, 349) for one in several] == [5, 15, 6, 10]
    others = (FreeShipping(**NAMED), Custom(**NAMED), Donation(**NAMED, value=3, cause="Reefs"))
    assert [worth(one, 100) for one in others] == [None, None, 3]


def test_a_tiers_price_goes_before_a_currencys() -> None:
    made = OFF.model_copy(update={"prices": {"gold": 80}, "currency_prices": {"EUR": 90}})
    found = [
        offered(made, tier, currency).points
        for tier, currency in (("", ""), ("gold", "EUR"), ("", "EUR"), ("x", "USD"))
    ]
    assert found == [100, 80, 90, 100]
    assert offered(made, "", "USD") is made
