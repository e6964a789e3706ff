"""Every code that a rule can give has words, for staff and for shoppers."""

from __future__ import annotations

import ast
import string
from pathlib import Path
from typing import get_args

import pytest
from babel import Locale

from plugin.rules import explain
from plugin.rules.explain import Audience
from plugin.rules.orders.limits import PERIODS
from plugin.rules.rewards import reward_terms
from plugin.rules.rewards.reward_settings import Period
from plugin.rules.tiers import tier_words
from plugin.rules.types import Reason

EN = Locale("en")
PLUGIN = Path(explain.__file__).parent.parent
AUDIENCES: tuple[Audience, ...] = ("staff", "shopper")
REFUSERS = ("refusal", "_payment_refusal", "not_now")
VALUES = {
    "before": 80,
    "credit_minor": 250,
    "count": 3,
    "year": "2026",
    "activity": "Review",
    "again_on": "2026-12-01",
    "hours": 12,
    "years": 2,
    "amount_minor": 4500,
    "original_minor": 6000,
    "gone_minor": 5000,
    "same_minor": 4000,
    "beyond_minor": 1000,
    "open_minor": 2000,
    "currency": "PHP",
    "points": 1045,
    "rate_points": 2,
    "rate_amount": "2.50",
    "rounding": "floor",
    "minimum": "20.00",
    "maximum": "8.00",
    "worth": "5.00",
    "countries": ["PH", "JP"],
    "left": 2,
    "by": "Lea",
    "days": 3,
    "earned_on": "2026-11-01",
    "least": 100,
    "limit": 2,
    "metric": "spend",
    "missing": 55,
    "most": 500,
    "multiplier": "1.5",
    "name": "Ana",
    "note": "Thank you.",
    "order": "#1001",
    "reward": "₱100 off",
    "rule": "Coffee week",
    "rules": "Coffee week",
    "items": 2,
    "each": 10,
    "percent": 50,
    "step": 50,
    "tier": "Gold",
    "title": "Mug",
    "until": "2026-12-31",
    "value": 4500,
    "warned_on": "2026-11-15",
    "window": "rolling",
    "window_days": 365,
    "tiers": ["Gold"],
}


def returned(function: ast.FunctionDef) -> set[str]:
    """Every text that a function may return."""
    results = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
    return {text for result in results for text in _texts(result) if text}


def _texts(result: ast.expr) -> list[str]:
    if isinstance(result, ast.IfExp):
        return _texts(result.body) + _texts(result.orelse)
    return [result.value] if isinstance(result, ast.Constant) and isinstance(result.value, str) else []


def codes() -> set[str]:
    """The codes in the sources: what refusals return, what Reason(…) and ["…", {…}] are made with."""
    found = set()
    for file in [*(PLUGIN / "rules").rglob("*.py"), *(PLUGIN / "actions").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name in REFUSERS:
                found |= returned(node)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason" and node.args:
                found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
            if isinstance(node, ast.List) and len(node.elts) == 2 and isinstance(node.elts[1], ast.Dict):
                found |= {node.elts[0].value} if isinstance(node.elts[0], ast.Constant) else set()
    return {str(code) for code in found} - {"line_excluded"}


def exclusions() -> set[str]:
    """Why a line can be left out."""
    [function] = [
        node
        for node in ast.walk(ast.parse((PLUGIN / "rules" / "orders" / "basis.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == "exclusion"
    ]
    return returned(function)


def test_the_sources_give_the_codes_that_this_test_is_about() -> None:
    assert {"eligible", "cancelled", "awaiting_payment", "not_paid", "refunded", "welcome", "too_old"} <= codes()
    assert {"gift_card", "tip", "product", "collection", "tag"} == exclusions()
    assert {"limited_orders_day", "cashback", "extra_items", "brings_off", "reward_used_this_week"} <= all_codes()


def all_codes() -> set[str]:
    """Those in the sources, and all that have words: many are put together where they are used."""
    return codes() | explain._WORDS["staff"].keys() | explain._WORDS["shopper"].keys() | set(tier_words.CODES)


POSSIBLE = {
    "limited": [f"limited_{of}_{per}" for of in ("points", "orders") for per in PERIODS],
    "reward_used": [f"reward_used_this_{period}" for period in ("day", "week", "month", "year")],
    "times_left": [f"times_left_{period}" for period in get_args(Period)],
    "tier": ["tier_reached", "tier_lowered", "tier_held"],
    "brings": sorted({*reward_terms._BRINGS.values()}),
    "extra": ["extra_items", "extra_order", "base_extra_items", "base_extra_order"],
}
"""Codes that are put together of two parts, by hand where no list says the second."""


@pytest.mark.parametrize("code", [code for several in POSSIBLE.values() for code in several])
def test_every_code_that_is_put_together_is_known(code: str) -> None:
    for audience in AUDIENCES:
        assert code in explain._WORDS[audience] or code in tier_words._WORDS[audience]


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("code", sorted(all_codes()))
def test_every_code_has_words(code: str, audience: Audience) -> None:
    said = explain.words(Reason(code, VALUES), EN, audience)
    assert said.endswith(".")
    assert said != code.replace("_", " ")
    assert "{" not in said


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("because", sorted(exclusions()))
def test_every_exclusion_names_its_line(because: str, audience: Audience) -> None:
    said = explain.words(Reason("line_excluded", {"title": "Mug {x} %s", "because": because}), EN, audience)
    assert said.startswith("Mug {x} %s")
    assert said.endswith(".")


@pytest.mark.parametrize("kind", explain.KINDS)
def test_every_kind_of_entry_has_a_headline_with_what_it_is_about(kind: str) -> None:
    """Each place in it is filled from the entry's reason, and it can do without."""
    pattern = {**explain._KINDS, **tier_words._KINDS}[kind]
    places = {name for _, name, _, _ in string.Formatter().parse(pattern) if name}
    said = explain.headline(kind, VALUES)
    assert "{" not in said + explain.headline(kind, {})
    assert all(str(VALUES[place]) in said for place in places)


def test_no_kind_has_a_headline_that_no_entry_needs() -> None:
    """Actions name each, or the kind that it takes back."""
    text = "".join(file.read_text(encoding="utf-8") for file in (PLUGIN / "actions").rglob("*.py"))
    named = [kind for kind in explain.KINDS if f'"{kind}"' in text or f'"{kind.removesuffix("_back")}"' in text]
    assert named == list(explain.KINDS)


def test_what_counts_is_said_with_amount_rate_rounding_and_points() -> None:
    whole = {key: value for key, value in VALUES.items() if key != "original_minor"}
    said = explain.words(Reason("eligible", whole), EN, points_name="beans")
    assert said == "₱45.00 counts, at 2 for every ₱2.50, rounded down: 1,045 beans."


def test_what_is_left_after_a_refund_is_said_beside_what_was_bought() -> None:
    said = explain.words(Reason("eligible", VALUES), EN, "shopper")
    assert said == "₱45.00 of ₱60.00 still counts, at 2 for every ₱2.50: 1,045 points."


def test_amounts_have_their_currencys_decimals() -> None:
    yen = {**VALUES, "currency": "JPY", "amount_minor": 4500, "original_minor": 6000}
    assert "¥4,500 of ¥6,000 still counts after refunds" in explain.words(
        Reason("eligible", {**yen, "rate_amount": "100"}), EN
    )


def test_a_minimum_is_named_in_the_shops_currency() -> None:
    below = Reason("below_minimum", {"minimum": "20"})
    assert explain.words(below, EN, "shopper", currency="PHP") == "Orders earn from ₱20.00 on."
    assert explain.words(below, EN, "shopper") == "Orders earn from 20 on."


def test_a_code_from_another_version_is_shown_as_it_is() -> None:
    assert explain.words(Reason("solar_eclipse", {}), EN) == "solar eclipse"
    assert explain.headline("bonus_round", {}) == "Bonus round"


def test_every_sentence_can_be_translated_before_it_is_filled() -> None:
    seen = []

    def translate(text: str) -> str:
        seen.append(text)
        return "{points} puntos"

    assert explain.words(Reason("welcome", VALUES), EN, translate=translate) == "1,045 points puntos"
    assert [name for _, name, _, _ in string.Formatter().parse(seen[0]) if name] == ["points"]


def test_one_is_said_as_one_and_numbers_are_grouped() -> None:
    once = Reason("automatic_frequent", {"name": "Often", "count": 1, "days": 1})
    assert explain.words(once, EN, "shopper") == "For 1 order within 1 day."
    often = Reason("automatic_frequent", {"name": "Often", "count": 1200, "days": 30})
    assert explain.words(often, EN, "shopper") == "For 1,200 orders within 30 days."
    assert explain.words(Reason("too_few_points", {"points": 1}), EN, "shopper") == "1 point to go."
    assert (
        explain.words(Reason("too_few_points", {"points": 1}), EN, "shopper", points_name="beans") == "1 beans to go."
    )


def test_a_number_that_came_as_a_text_still_has_its_word() -> None:
    said = [explain.words(Reason("terms_days", {"days": days}), EN) for days in (1, "1", 30, "30", "some")]
    assert said == [f"Good for {days}." for days in ("1 day", "1 day", "30 days", "30 days", "some days")]


def test_a_limit_of_orders_is_about_earning_and_one_of_points_calls_them_as_the_shop_does() -> None:
    values = {"limit": 1, "points": 3, "before": 5}
    assert explain.words(Reason("limited_orders_day", values), EN, "shopper") == (
        "You earn with 1 order a day at most."
    )
    assert explain.words(Reason("limited_points_week", values), EN, points_name="stars") == (
        "A member earns at most 1 stars a week: 3 stars, not 5."
    )
