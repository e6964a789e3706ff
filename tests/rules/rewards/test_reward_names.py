"""Within a sentence a reward of a free amount is what it brings, in every language; any other is its name."""

from __future__ import annotations

import pytest
from babel import Locale

from plugin.rules.formats import LANGUAGES
from plugin.rules.programme import Programme
from plugin.rules.rewards import redemption, reward_names
from plugin.rules.rewards.next_reward import next_reward

FREE = "As much as you like"
OFF = {"kind": "slider", "id": "rfree", "name": FREE, "points": 100, "step": 50, "most": 500, "value": "5"}
CREDIT = OFF | {"kind": "store_credit_slider", "id": "rcredit"}
MUG = {"kind": "amount_off", "id": "rmug", "name": "Free mug", "points": 100, "value": "5"}
EN = Locale("en")


def said(has: int, *rewards: dict[str, object]) -> str:
    found = next_reward(Programme.model_validate({"rewards": list(rewards)}).to_reach, has)
    assert found is not None
    return found.named("PHP", EN)


@pytest.mark.parametrize(
    ("has", "off"),
    [(-20, "₱10.00"), (0, "₱10.00"), (99, "₱10.00"), (149, "₱10.00"), (250, "₱25.00"), (9_999, "₱50.00")],
)
def test_a_free_amount_is_what_the_points_buy_and_its_least_until_then(has: int, off: str) -> None:
    assert said(has, OFF) == f"{off} off"
    assert said(has, CREDIT) == f"{off} in store credit"


def test_any_other_reward_keeps_its_name() -> None:
    assert said(0, MUG) == "Free mug"
    assert Programme.model_validate({"goals": [{"name": "Mug", "points": 5}]}).to_reach[0].slide is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reward", [OFF, CREDIT])
def test_no_language_says_the_name_of_a_free_amount(language: str, reward: dict[str, object]) -> None:
    rewards = Programme.model_validate({"rewards": [reward]}).rewards
    locale = Locale.parse(language)
    terms = redemption.terms(rewards[0], 150, "PHP")
    name = reward_names.redeemed(terms, FREE, locale)
    assert FREE not in name
    assert "15" in name
    assert name[-1] not in ".。"


def test_what_was_redeemed_by_older_terms_keeps_its_name() -> None:
    assert reward_names.redeemed({"kind": "slider"}, FREE, EN) == FREE
    assert reward_names.redeemed({"kind": "amount_off", "value": "5", "currency": "PHP"}, "Mug", EN) == "Mug"
