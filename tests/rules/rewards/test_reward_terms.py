"""What a reward brings, and its terms, are said from what was promised."""

from __future__ import annotations

import pytest
from babel import Locale

from plugin.rules import explain
from plugin.rules.rewards import redemption, reward_terms
from plugin.rules.rewards.kinds import AmountOff, FreeProduct, FreeShipping, PercentOff, Reward, Slider
from plugin.rules.rewards.money_rewards import CreditSlider, GiftCard, StoreCredit
from plugin.rules.rewards.own_rewards import Custom

EN = Locale("en")
NAMED = {"id": "rone", "name": "One", "points": 100}
SLIDING = NAMED | {"step": 50, "most": 500}


def said(reward: Reward, points: int = 100) -> list[str]:
    made = redemption.terms(reward, points, "PHP")
    parts = [reward_terms.brings(made), *reward_terms.terms(made), reward_terms.good_for(made)]
    return [explain.words(one, EN, "shopper") for one in parts if one is not None]


@pytest.mark.parametrize(
    ("reward", "words"),
    [
        (AmountOff(**NAMED, value=50, minimum_order=200), ["₱50.00 off.", "For orders of ₱200.00 or more."]),
        (AmountOff(**NAMED, value=50, minimum_order="0.50"), ["₱50.00 off.", "For orders of ₱0.50 or more."]),
        (AmountOff(**NAMED, value=50, products={1}), ["₱50.00 off.", "For selected products only."]),
        (PercentOff(**NAMED, value=12.5, collections={1}), ["12.5% off.", "For selected collections only."]),
        (
            FreeShipping(**NAMED, countries={"PH", "JP"}, maximum_rate=120),
            [
                "Free shipping.",
                "For delivery to Japan and Philippines only.",
                "For shipping that costs ₱120.00 or less.",
            ],
        ),
        (FreeProduct(**NAMED, product=1, value=80), ["One free item, worth up to ₱80.00."]),
    ],
)
def test_every_term_of_a_code_is_said(reward: Reward, words: list[str]) -> None:
    assert said(reward) == [*words, "Valid for 60 days."]


@pytest.mark.parametrize("kind", ["amount_off", "free_product", "gift_card", "percent_off", "store_credit"])
def test_a_reward_without_its_value_is_left_to_its_name(kind: str) -> None:
    assert reward_terms.brings({"kind": kind, "currency": "PHP"}) is None


def test_what_the_points_of_a_slider_bought_is_said() -> None:
    assert said(Slider(**SLIDING, value=5), 350)[0] == "₱35.00 off."
    assert said(StoreCredit(**NAMED, value=5)) == ["₱5.00 in store credit."]
    assert said(CreditSlider(**SLIDING, value=5), 500) == ["₱50.00 in store credit."]


def test_money_without_an_end_and_what_staff_do_say_no_more_than_there_is() -> None:
    assert said(GiftCard(**NAMED, value=10)) == ["A ₱10.00 gift card."]
    assert said(GiftCard(**NAMED, value=10, valid_days=1)) == ["A ₱10.00 gift card.", "Valid for 1 day."]
    assert said(Custom(**NAMED)) == []


def test_how_often_it_can_still_be_had() -> None:
    limited = AmountOff(**NAMED, value=5, per_member=3, per_member_every="month")
    left = reward_terms.times_left(limited, 2)
    assert left is not None
    assert explain.words(left, EN, "shopper") == "You can redeem it 1 more time this month."
    assert reward_terms.times_left(AmountOff(**NAMED, value=5), 2) is None
