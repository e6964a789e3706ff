"""What an email says, as values that are ready to print."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plugin.messages.code_ready.mail import CodeReadyContext
from plugin.messages.order_confirmation.context import MAX_LINES_SHOWN, ConfirmationContext, LineItem, Totals
from plugin.messages.welcome.mail import WelcomeContext
from plugin.rules.messages import CodeOffer
from plugin.rules.rewards.next_reward import NextReward
from plugin.rules.types import Reason


def confirmation(**changes: Any) -> ConfirmationContext:
    known: dict[str, Any] = {
        "shop_name": "Aling Nena",
        "shop_url": "https://nena.example/",
        "currency": "PHP",
        "order_name": "#1042",
        "lines": (LineItem("Barako", 2, 124000),),
        "totals": Totals(total_minor=124000),
    }
    return ConfirmationContext(**{**known, **changes})


def test_a_confirmation_is_ready_to_print() -> None:
    values = confirmation(
        locale="en-PH",
        first_name="Maria",
        lines=(LineItem("Barako", 2, 124000, "1 kg", 124), LineItem("Card", 1, 100000, note="gift_card")),
        totals=Totals(219550, 224000, 20450, 16000, 23523, tax_included=True),
        points_earned=103,
        points_state="pending",
        points_usable_on=date(2026, 12, 6),
        balance_available=1310,
        balance_pending=103,
        next_reward=NextReward("Free mug", 1500, 190),
        code=CodeOffer("SUKI 1/ñ", percent_off=Decimal(10), minimum_spend_minor=50000, valid_until=date(2027, 1, 21)),
    ).values()
    assert values["totals"] == {
        "subtotal": "₱2,240.00",
        "discount": "-₱204.50",
        "shipping": "₱160.00",
        "tax": "₱235.23",
        "tax_included": True,
        "total": "₱2,195.50",
    }
    assert values["code"] == {
        "value": "SUKI 1/ñ",
        "off": "10%",
        "minimum": "₱500.00",
        "until": "January 21, 2027",
        "url": "https://nena.example/discount/SUKI%201%2F%C3%B1",
    }
    assert values["reward"] == {"name": "Free mug", "cost": 1500, "missing": 190, "progress": 87, "left": 13}
    assert values["lines"] == [
        {"title": "Barako", "variant": "1 kg", "quantity": "2", "total": "₱1,240.00", "points": 124, "note": None},
        {"title": "Card", "variant": "", "quantity": "1", "total": "₱1,000.00", "points": None,
         "note": "Gift cards don't earn points."},
    ]  # fmt: skip
    assert (values["usable_on"], values["earned"], values["dir"]) == ("December 6, 2026", 103, "ltr")


def test_nothing_is_shown_for_sums_that_are_nothing() -> None:
    nothing = dict.fromkeys(("subtotal", "discount", "shipping", "tax"), "")
    assert confirmation().values()["totals"] == {**nothing, "tax_included": False, "total": "₱1,240.00"}


def test_why_there_are_no_points_comes_with_money_ready_to_print() -> None:
    why = Reason("below_minimum", {"minimum": "50"})
    values = confirmation(points_state="none", points_reason=why).values()
    assert values["why_none"] == "Orders of ₱50.00 or more earn points."


def test_an_explanation_is_kept_to_a_readable_length() -> None:
    values = confirmation(explain=("First\nline", *("x" * 900 for _ in range(200)))).values()
    shown = values["explain"]
    assert isinstance(shown, list)
    assert shown[0] == "First line"
    assert len(shown) == 20
    assert max(len(sentence) for sentence in shown) <= 500


def test_a_huge_order_shows_its_first_lines_and_counts_the_rest() -> None:
    values = confirmation(lines=(LineItem("x", 1, 1),) * 500).values()
    lines = values["lines"]
    assert isinstance(lines, list)
    assert (len(lines), values["more_lines"]) == (MAX_LINES_SHOWN, 500 - MAX_LINES_SHOWN)


@pytest.mark.parametrize("reward", [NextReward("r", 0, 0), NextReward("r", 10, 500), NextReward("r", 10, -5)])
def test_progress_stays_between_nothing_and_all(reward: NextReward) -> None:
    shown = confirmation(next_reward=reward).values()["reward"]
    assert isinstance(shown, dict)
    assert 0 <= shown["progress"] <= 100
    assert shown["missing"] >= 0


def test_a_code_takes_off_either_a_percentage_or_an_amount() -> None:
    for both in ({}, {"percent_off": Decimal(1), "amount_off_minor": 1}):
        with pytest.raises(ValueError, match="exactly one"):
            CodeOffer("X", **both)


def test_the_smaller_mails_know_the_shop_too() -> None:
    shop: dict[str, Any] = {"shop_name": "N", "shop_url": "https://n.example", "currency": "JPY"}
    late = CodeReadyContext(**shop, order_name="#7", code=CodeOffer("ABC", amount_off_minor=500)).values()
    code = late["code"]
    assert isinstance(code, dict)
    assert (code["off"], code["minimum"], code["until"]) == ("¥500", "", "")
    welcome = WelcomeContext(**shop, points_earned=50, balance_available=50).values()
    assert (welcome["earned"], welcome["reward"], welcome["account_url"]) == (50, None, "")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://u:p@x.example", "https://x.example/\r\nX: y"])
def test_only_plain_web_addresses_become_links(address: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        confirmation(shop_url=address).values()
