"""Explanations to the letter where something is missing, older than this version, or counted."""

from __future__ import annotations

from typing import Any

import pytest
from babel import Locale

from plugin.rules.explain import Audience, headline, known, line, plain, reasons_of, words
from plugin.rules.types import Reason

EN = Locale("en")
ORDER = {"amount_minor": 4500, "currency": "PHP", "points": 45, "rate_points": 2, "rate_amount": "2.50",
         "rounding": "floor"}  # fmt: skip
WAS = {**ORDER, "original_minor": 6000}


@pytest.mark.parametrize(
    ("code", "values", "staff", "shopper"),
    [
        ("eligible", ORDER, "₱45.00 counts, at 2 for every ₱2.50, rounded down: 45 points.",
         "₱45.00 counts, at 2 for every ₱2.50: 45 points."),
        ("eligible", WAS, "₱45.00 of ₱60.00 still counts after refunds and other payment methods, at 2 for every ₱2.50,"
         " rounded down: 45 points.", "₱45.00 of ₱60.00 still counts, at 2 for every ₱2.50: 45 points."),
        ("together", ORDER, "₱45.00 counts. Total, rounded down: 45 points.", "₱45.00 counts. Total: 45 points."),
        ("together", WAS, "₱45.00 of ₱60.00 still counts after refunds and other payment methods. Total, rounded down:"
         " 45 points.", "₱45.00 of ₱60.00 still counts. Total: 45 points."),
    ],
)  # fmt: skip
def test_what_counts_is_told_with_what_was_bought_where_that_is_more(
    code: str, values: dict[str, Any], staff: str, shopper: str
) -> None:
    said: dict[Audience, str] = {"staff": staff, "shopper": shopper}
    assert {audience: words(Reason(code, values), EN, audience) for audience in said} == said


def test_a_line_is_told_by_its_title_and_shipping_has_none() -> None:
    said = {"title": "Mug", "because": "tag"}
    assert words(Reason("line_excluded", said), EN) == "Mug: One of its tags is excluded in the programme."
    assert words(Reason("line_excluded", {**said, "title": ""}), EN).startswith("Shipping: ")
    assert words(Reason("line_excluded", {"title": "Mug", "because": "?"}), EN, "shopper") == (
        "Mug: This item didn't earn points."
    )
    assert line("?", EN, "staff") != line("?", EN, "shopper") == "This item didn't earn points."


def test_a_code_without_words_is_shown_as_it_is() -> None:
    assert words(Reason("no_such_code"), EN) == "no such code"
    assert (known("eligible"), known("no_such_code")) == (True, False)


@pytest.mark.parametrize(("left", "said"), [(1, "1 more time"), ("1", "1 more time"), (2, "2 more times"),
                                            ("many", "many more times"), (1000, "1,000 more times")])  # fmt: skip
def test_a_number_chooses_its_form_and_of_anything_else_there_are_many(left: object, said: str) -> None:
    assert words(Reason("times_left_ever", {"left": left}), EN) == f"The member can redeem it {said}."


@pytest.mark.parametrize(
    ("minimum", "currency", "said"),
    [("20.00", "PHP", "₱20.00"), ("20.00", "", "20"), ("20.005", "PHP", "20.005"), ("20.5", "JPY", "20.5"),
     ("20", "JPY", "¥20")],
)  # fmt: skip
def test_an_amount_is_money_where_the_currency_is_known_and_has_its_decimals(
    minimum: str, currency: str, said: str
) -> None:
    told = words(Reason("below_minimum", {"minimum": minimum}), EN, currency=currency)
    assert told == f"The order is below the programme's minimum of {said}."
    own = Reason("below_minimum", {"minimum": "5", "currency": "USD"})
    assert words(own, EN, currency="PHP") == "The order is below the programme's minimum of $5.00."


@pytest.mark.parametrize(
    ("kind", "reason", "said"),
    [
        ("gift", {}, "A gift"), ("gift", {"reasons": [["goodwill", {}]]}, "With our apologies"),
        ("gift", {"reasons": [["other", {}], ["goodwill_late", {}]]}, "With our apologies"),
        ("gift", {"reasons": [["other", {}]]}, "A gift"), ("odd_kind", {}, "Odd kind"),
        ("earned", {"order": "#1001"}, "Earned with order #1001"),
        ("earned", {"order": "#1001", "reasons": [["goodwill", {}]]}, "Earned with order #1001"),
    ],
)  # fmt: skip
def test_an_entry_in_a_few_words(kind: str, reason: dict[str, Any], said: str) -> None:
    assert headline(kind, reason, EN) == said


def test_reasons_are_read_from_an_entry() -> None:
    assert reasons_of({}) == reasons_of({"reasons": None}) == ()
    assert reasons_of({"reasons": [["a", {"b": 1}], ["c", {}]]}) == (Reason("a", {"b": 1}), Reason("c", {}))


@pytest.mark.parametrize(("amount", "shown"), [("1.000", "1"), ("1.500", "1.5"), ("1E+2", "100"), ("0.10", "0.1"),
                                               ("0", "0"), ("-2.50", "-2.5")])  # fmt: skip
def test_a_decimal_as_people_write_it(amount: str, shown: str) -> None:
    assert plain(amount) == shown
