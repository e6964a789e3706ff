"""Whatever stands after a number agrees with it: `1 point is missing`, `2 points are missing`, in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from babel import Locale

from plugin.messages.texts import Texts
from plugin.rules import explain
from plugin.rules.explain import words
from plugin.rules.formats import Counted
from plugin.rules.tiers import tier_words
from plugin.rules.types import Reason

ROOT = Path(__file__).parents[2] / "plugin"
MANY = (
    "are were have come go do days hours minutes weeks months years orders members codes items lines points times"
    " friends rewards visits people deliveries jobs bytes puntos"
).replace(" ", "|")
SHOPPER = yaml.safe_load((ROOT / "locales/shopper/fil.yml").read_text())
EN = Locale("en")


def sentences() -> list[str]:
    """Every sentence with places: of the reasons, of tiers, and of the shopper's pages."""
    spoken = [text for by_code in explain._WORDS.values() for text in by_code.values()]
    spoken += [text for by_code in tier_words._WORDS.values() for text in by_code.values()]
    spoken += [*tier_words._WINDOWS.values(), *SHOPPER, *SHOPPER.values()]
    return [text for text in spoken if "{" in text and text not in tier_words._ORDERS.values()]


def test_no_sentence_has_a_fixed_plural_after_a_number() -> None:
    number = r"\{(?!multiplier|tier|reward|name|amount|percent)\w+\}"  # the others are no numbers, or decimals
    assert len(sentences()) > 200
    assert [text for text in sentences() if re.search(rf"{number} (?:more )?(?:{MANY})\b", text)] == []


def test_no_page_has_a_fixed_plural_after_a_number() -> None:
    fixed = re.compile(rf"\| number\s*\}}\}} (?:unused |more |new |good )?(?:{MANY})\b")
    spoken = {page.name: page.read_text() for page in (ROOT / "web/templates").rglob("*.html")}
    assert [(name, found[0]) for name, text in spoken.items() for found in fixed.finditer(text)] == []


@pytest.mark.parametrize(
    ("code", "one", "more"),
    [
        ("too_few_points", "1 point is missing.", "2 points are missing."),
        ("undone", "A cup was not used: 1 point is back.", "A cup was not used: 2 points are back."),
        (
            "used_after_all",
            "An order used A cup after all: 1 point is spent again.",
            "An order used A cup after all: 2 points are spent again.",
        ),
    ],
)
def test_a_reason_reads_right_for_one_and_for_more(code: str, one: str, more: str) -> None:
    for points, said in ((1, one), (2, more)):
        assert words(Reason(code, {"points": points, "reward": "A cup"}), EN, "staff") == said


def test_a_shops_own_name_for_points_stands_as_it_is() -> None:
    assert words(Reason("too_few_points", {"points": 1}), EN, "staff", points_name="Stars") == "1 Stars is missing."


def test_filipino_counts_two_and_three_as_one_but_a_first_order_is_one_order() -> None:
    texts = Texts(Locale("fil"))
    said = {count: texts.text("gifts.milestone_orders", count=count) for count in (1, 2, 3, 4, 11)}
    assert said[1] == "Salamat sa una mong order."
    assert {said[count] for count in (2, 3, 4, 11)} == {f"Salamat sa {count} order." for count in (2, 3, 4, 11)}
    assert Texts(EN).text("tier_ending.keep_orders", count=2, date="d", tier="Gold") == (
        "Place 2 more orders by d to keep Gold."
    )


def test_a_counted_word_is_plain_text_where_nothing_follows() -> None:
    assert f"{Counted.of(1, '1')}" == "1"
    assert f"{Counted.of(-1, '−1'):is|are}" == "−1 is"
    assert f"{Counted.of(0, '0'):is|are}" == "0 are"
