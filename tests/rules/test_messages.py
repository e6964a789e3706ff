"""Money, dates and names in the reader's language, addresses that are safe, and colours that can be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.errors import BadInput
from plugin.rules.brand import Brand, contrast, palette
from plugin.rules.formats import long_date, money, one_line, percent, reader_locale, web_address


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
        ("la-VA", "en"),
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
