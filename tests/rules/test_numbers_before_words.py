"""Whatever stands after a number agrees with it: `1 order`, `2 orders`, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel import Locale

from plugin.rules.explain import words
from plugin.rules.types import Reason

ROOT = Path(__file__).parents[2] / "plugin"
MANY = (
    "are were have come go do days hours minutes weeks months years orders members codes items lines points times"
    " friends rewards visits people deliveries jobs bytes"
).replace(" ", "|")
EN = Locale("en")


def test_no_page_has_a_fixed_plural_after_a_number() -> None:
    fixed = re.compile(rf"\| number\s*\}}\}} (?:unused |more |new |good )?(?:{MANY})\b")
    spoken = {page.name: page.read_text() for page in (ROOT / "web/templates").rglob("*.html")}
    assert [(name, found[0]) for name, text in spoken.items() for found in fixed.finditer(text)] == []


@pytest.mark.parametrize(
    ("code", "value", "one", "more"),
    [
        ("terms_days", "days", "Valid for 1 day.", "Valid for 2 days."),
        ("times_left_ever", "left", "The member can redeem it 1 more time.", "The member can redeem it 2 more times."),
        ("automatic_lapsed", "days", "Rule “Often”: no order for 1 day.", "Rule “Often”: no order for 2 days."),
    ],
)
def test_a_reason_reads_right_for_one_and_for_more(code: str, value: str, one: str, more: str) -> None:
    for count, said in ((1, one), (2, more)):
        assert words(Reason(code, {value: count, "name": "Often"}), EN, "staff") == said


def test_two_numbers_in_a_sentence_each_agree() -> None:
    values = {"name": "Often", "count": 1, "days": 30}
    assert words(Reason("automatic_frequent", values), EN, "staff") == "Rule “Often”: 1 order within 30 days."


def test_a_shops_own_name_for_points_stands_as_it_is() -> None:
    said = words(Reason("too_few_points", {"points": 1}), EN, "staff", points_name="Stars")
    assert said == "The member needs 1 Stars more."


def test_filipino_counts_two_and_three_as_one_but_a_first_order_is_one_order() -> None:
    fil = Locale("fil")
    said = {count: words(Reason("milestone_orders", {"count": count}), fil, "shopper") for count in (1, 2, 3, 4, 11)}
    assert said[1] == "Salamat sa una mong order."
    assert {said[count] for count in (2, 3, 4, 11)} == {f"Salamat sa {count} order." for count in (2, 3, 4, 11)}
