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
from plugin.rules.formats import LANGUAGES
from plugin.rules.orders.limits import PERIODS
from plugin.rules.rewards import reward_terms
from plugin.rules.rewards.reward_settings import Period
from plugin.rules.types import Reason
from plugin.rules.words.catalogues import catalogue
from plugin.rules.words.catalogues import pattern as pattern_of
from plugin.rules.words.reasons import COUNTED, LINES, REASONS

EN, FIL = Locale("en"), Locale("fil")
PLUGIN = Path(explain.__file__).parent.parent
AUDIENCES: tuple[Audience, ...] = ("staff", "shopper")
REFUSERS = ("refusal", "_payment_refusal", "not_now")
VALUES = {
    "before": 80,
    "credit_minor": 250,
    "code": "SUKI-1",
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
    return codes() | {code for by_subject in REASONS.values() for code in by_subject}


POSSIBLE = {
    "limited": ["limited_points_order", *(f"limited_{of}_{per}" for of in ("points", "orders") for per in PERIODS)],
    "reward_used": [f"reward_used_this_{period}" for period in ("day", "week", "month", "year")],
    "times_left": [f"times_left_{period}" for period in get_args(Period)],
    "tier": ["tier_reached", "tier_lowered", "tier_held"],
    "brings": sorted({*reward_terms._BRINGS.values(), *reward_terms._EACH.values()}),
    "extra": ["extra_items", "extra_order", "base_extra_items", "base_extra_order"],
}
"""Codes that are put together of two parts, by hand where no list says the second."""


@pytest.mark.parametrize("code", [code for several in POSSIBLE.values() for code in several])
def test_every_code_that_is_put_together_is_known(code: str) -> None:
    assert code in {each for by_subject in REASONS.values() for each in by_subject}


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
    pattern = pattern_of("en", f"headline.{kind}")
    places = {name for _, name, _, _ in string.Formatter().parse(pattern) if name}
    said = explain.headline(kind, VALUES, EN)
    assert "{" not in said + explain.headline(kind, {}, EN)
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
    assert explain.words(below, EN, "shopper", currency="PHP") == "Orders of ₱20.00 or more earn points."
    assert explain.words(below, EN, "shopper") == "Orders of 20 or more earn points."


def test_a_code_from_another_version_is_shown_as_it_is() -> None:
    assert explain.words(Reason("solar_eclipse", {}), EN) == "solar eclipse"
    assert explain.headline("bonus_round", {}, EN) == "Bonus round"


def test_a_shopper_reads_reasons_in_their_language_and_staff_in_the_panels() -> None:
    reason = Reason("below_minimum", {"minimum": "20"})
    assert explain.words(reason, FIL, "shopper", currency="PHP") == "May points ang mga order na ₱20.00 pataas."
    assert explain.words(reason, FIL, "shopper", points_name="Stars") == "May Stars ang mga order na 20 pataas."
    assert explain.headline("returned", {"reward": "Kape"}, FIL) == "Bumalik mula sa Kape"


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_has_words_in_every_language(code: str) -> None:
    for language in LANGUAGES:
        said = explain.words(Reason(code, VALUES), Locale(language), "shopper")
        assert "{" not in said
        assert said not in ("", code.replace("_", " "))


def test_reasons_lines_and_kinds_are_those_of_the_lists_in_every_catalogue() -> None:
    texts = catalogue("en").texts
    codes = {code for by_subject in REASONS.values() for code in by_subject}
    beside = {"other", "other_gift", "titled", "shipping"}
    for prefix, expected in (
        ("staff.reason", codes),
        ("reason", codes | beside),
        ("reason.line", set(LINES)),
        ("staff.line", set(LINES)),
        ("headline", set(explain.KINDS)),
    ):
        assert {key.rpartition(".")[2] for key in texts if key.rpartition(".")[0] == prefix} == expected, prefix
    assert len(set(explain.KINDS)) == len(explain.KINDS)
    counted = {key.rpartition(".")[2] for key, said in texts.items() if "reason." in key and isinstance(said, tuple)}
    assert counted == COUNTED.keys()


def test_one_is_said_as_one_and_numbers_are_grouped() -> None:
    once = Reason("automatic_frequent", {"name": "Often", "count": 1, "days": 1})
    assert explain.words(once, EN, "shopper") == "Thank you for your order."
    often = Reason("automatic_frequent", {"name": "Often", "count": 1200, "days": 30})
    assert explain.words(often, EN, "shopper") == "Thank you for your 1,200 recent orders."
    assert explain.words(Reason("too_few_points", {"points": 1}), EN, "shopper") == "You need 1 point more."
    assert (
        explain.words(Reason("too_few_points", {"points": 1}), EN, "shopper", points_name="beans")
        == "You need 1 beans more."
    )


def test_a_number_that_came_as_a_text_still_has_its_word() -> None:
    said = [explain.words(Reason("terms_days", {"days": days}), EN) for days in (1, "1", 30, "30", "some")]
    assert said == [f"Valid for {days}." for days in ("1 day", "1 day", "30 days", "30 days", "some days")]


def test_a_limit_of_orders_is_about_earning_and_one_of_points_calls_them_as_the_shop_does() -> None:
    values = {"limit": 1, "points": 3, "before": 5}
    assert explain.words(Reason("limited_orders_day", values), EN, "shopper") == (
        "You can earn from up to 1 order a day."
    )
    assert explain.words(Reason("limited_points_week", values), EN, points_name="stars") == (
        "A member can earn up to 1 stars a week: 3 stars instead of 5."
    )
