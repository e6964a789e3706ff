"""What a mail says, as values: money, dates and names in the reader's language, addresses that are safe."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.errors import BadInput
from plugin.rules.brand import Brand, contrast, palette
from plugin.rules.formats import long_date, money, one_line, percent, reader_locale, web_address
from plugin.rules.messages import (
    MAX_LINES_SHOWN,
    CodeOffer,
    CodeReadyContext,
    ConfirmationContext,
    LineItem,
    NextReward,
    Totals,
    WelcomeContext,
)
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


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "shown"),
    [
        (123456, "PHP", "en-PH", "₱1,234.56"),
        (123456, "PHP", "fil-PH", "₱1,234.56"),
        (1234, "JPY", "en", "¥1,234"),
        (1234567, "KWD", "en", "KWD\xa01,234.567"),
        (1234567, "KWD", "fil", "KWD\xa01,234.567"),
        (-20450, "PHP", "en", "-₱204.50"),
        (5, "USD", "en-US", "$0.05"),
        (100000, "UGX", "en", "UGX\xa0100,000"),
    ],
)
def test_money_has_the_decimals_of_its_currency(minor: int, currency: str, locale: str, shown: str) -> None:
    assert money(minor, currency, reader_locale(locale)) == shown


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("en", "en"),
        ("en-GB", "en_GB"),
        ("fil-PH", "fil_PH"),
        ("tl", "fil"),
        ("tl-PH", "fil_PH"),
        ("de-DE", "en"),
        ("zh-Hant-TW", "en"),
        ("", "en"),
        ("not a locale", "en"),
        ("../../etc/passwd", "en"),
    ],
)
def test_a_reader_gets_their_language_or_english(tag: str, locale: str) -> None:
    assert str(reader_locale(tag)) == locale


def test_dates_name_the_month() -> None:
    day = date(2026, 12, 6)
    shown = [long_date(day, reader_locale(tag)) for tag in ("en-US", "en-GB", "fil")]
    assert shown == ["December 6, 2026", "6 December 2026", "Disyembre 6, 2026"]


def test_percentages_keep_their_decimals() -> None:
    english = reader_locale("en")
    assert [percent(Decimal(value), english) for value in ("10", "12.5", "100")] == ["10%", "12.5%", "100%"]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Maria\r\nBcc: x@y.example", "Maria Bcc: x@y.example"),
        ("  José\u2028 \x00Rizal\t", "José Rizal"),
        ("\u202egnp.exe", "gnp.exe"),
        ("مريم", "مريم"),
        ("👩‍👩‍👧 & 木村", "👩‍👩‍👧 & 木村"),
        ("", ""),
    ],
)
def test_names_are_one_line_in_any_script(raw: str, clean: str) -> None:
    assert one_line(raw) == clean


@given(st.text())
def test_no_text_becomes_more_than_one_short_line(raw: str) -> None:
    clean = one_line(raw, 50)
    assert len(clean) <= 50
    assert len(clean.splitlines()) <= 1
    assert clean == one_line(clean, 50)
    clean.encode()


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "https://x.example/'onload=", 'https://x.example/"', "https://a b.example", "//x.example",
     "https://", "ftp://x.example", "https://x.example/<b>", "https://u:p@x.example", "https://x.example/\r\nX: y"],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(address: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        web_address(address)
    with pytest.raises(ValueError, match="web address"):
        confirmation(shop_url=address).values()


def test_a_brand_names_everything_that_is_wrong_with_it() -> None:
    with pytest.raises(BadInput) as wrong:
        Brand(primary="red", text="", logo_url="javascript:1", reply_to="a@b, c@d")
    assert sorted(wrong.value.fields) == ["logo_url", "primary", "reply_to", "text"]


@pytest.mark.parametrize("value", ["#7a2e1f;}", "#fff", "url(x)", "#12345g", "#7a2e1f\n"])
def test_a_colour_cannot_carry_anything_else(value: str) -> None:
    with pytest.raises(BadInput):
        Brand(background=value)


COLOURS = st.from_regex(r"\A#[0-9a-f]{6}\Z")


@given(COLOURS, COLOURS, COLOURS)
def test_every_text_can_be_read_whatever_colours_a_shop_picks(primary: str, ground: str, text: str) -> None:
    colours = palette(Brand(primary=primary, background=ground, text=text))
    for ink, on in (
        ("on_primary", "primary"),
        ("on_background", "background"),
        ("ink", "card"),
        ("accent", "card"),
        ("accent", "tint"),
        ("ink", "tint"),
        ("quiet", "card"),
    ):
        assert contrast(colours[ink], colours[on]) >= 4.5, (ink, on)


def test_the_shops_own_colours_are_kept_where_they_can_be_read() -> None:
    colours = palette(Brand(primary="#7a2e1f", background="#f5f1ea", text="#2b2622"))
    assert (colours["accent"], colours["ink"], colours["card"]) == ("#7a2e1f", "#2b2622", "#ffffff")


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
         "note": {"key": "lines.gift_card", "values": {}}},
    ]  # fmt: skip
    assert (values["usable_on"], values["earned"], values["dir"]) == ("December 6, 2026", 103, "ltr")


def test_nothing_is_shown_for_sums_that_are_nothing() -> None:
    nothing = dict.fromkeys(("subtotal", "discount", "shipping", "tax"), "")
    assert confirmation().values()["totals"] == {**nothing, "tax_included": False, "total": "₱1,240.00"}


def test_why_there_are_no_points_comes_with_money_ready_to_print() -> None:
    why = Reason("below_minimum", {"minimum": "50"})
    values = confirmation(points_state="none", points_reason=why).values()
    assert values["why_none"] == {"key": "reasons.below_minimum", "values": {"minimum": "₱50.00"}}


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
