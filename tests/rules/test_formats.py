"""Numbers, points, countries and lines of text, to the letter and at their limits."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel import Locale

from plugin.rules.formats import (
    COUNTRIES,
    counted_points,
    decimal,
    money,
    number,
    one_line,
    percent,
    points,
    points_unit,
    reader_locale,
    web_address,
)

EN, FIL = Locale("en"), Locale("fil")


@pytest.mark.parametrize(
    ("count", "name", "english", "filipino"),
    [
        (0, "points", "0 points", "0 points"), (1, "points", "1 point", "1 point"),
        (2, "points", "2 points", "2 points"), (1045, "points", "1,045 points", "1,045 points"),
        (-5, "points", "−5 points", "−5 points"), (1, "Stars", "1 Stars", "1 Stars"), (-1, "Stars", "−1 Stars",
        "−1 Stars"), (1000, "Stars", "1,000 Stars", "1,000 Stars"),
    ],
)  # fmt: skip
def test_points_are_counted_in_the_readers_language(count: int, name: str, english: str, filipino: str) -> None:
    assert (points(count, name, EN), points(count, name, FIL)) == (english, filipino)


def test_the_number_may_be_written_otherwise_and_the_unit_stands_alone() -> None:
    assert counted_points(1, "+1", "points", EN) == "+1 point"
    assert counted_points(2, "+2", "Stars", EN) == "+2 Stars"
    assert (points_unit("points", EN), points_unit("Stars", EN)) == ("points", "Stars")
    assert [number(value, EN) for value in (0, 1000, -1234567)] == ["0", "1,000", "-1,234,567"]
    assert number(1000, Locale("de")) == "1.000"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0", "0%"), ("12.5", "12.5%"), ("12.345", "12.34%"), ("12.346", "12.35%"), ("1000", "1,000%"), ("0.01", "0.01%")],
)
def test_a_percentage_has_two_decimals_at_most(value: str, shown: str) -> None:
    assert percent(Decimal(value), EN) == shown


def test_a_percentage_is_written_as_the_language_writes_it() -> None:
    shown = {code: percent(Decimal("12.5"), Locale(code)) for code in ("fil", "pt", "de", "fr")}
    assert shown == {"fil": "12.5%", "pt": "12,5%", "de": "12,5\xa0%", "fr": "12,5\xa0%"}


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [("1", "1", "1"), ("1.50", "1.5", "1,5"), ("0.25", "0.25", "0,25"), ("1.3333", "1.3333", "1,3333"),
     ("1000", "1,000", "1.000")],
)  # fmt: skip
def test_decimals_are_written_as_the_reader_writes_them(value: str, english: str, spanish: str) -> None:
    assert (decimal(value, EN), decimal(Decimal(value), Locale("es"))) == (english, spanish)


@pytest.mark.parametrize(
    ("tag", "language", "thousand"),
    [("pt", "pt", "1.000"), ("pt-BR", "pt", "1.000"), ("pt_PT", "pt", "1.000"), ("es-MX", "es", "1,000"),
     ("es-419", "es", "1,000"), ("es", "es", "1.000")],
)  # fmt: skip
def test_a_region_reads_its_language_with_its_own_numbers(tag: str, language: str, thousand: str) -> None:
    locale = reader_locale(tag)
    assert (locale.language, number(1000, locale).replace("\xa0", ".")) == (language, thousand)


def test_an_amount_in_words_of_each_currency() -> None:
    assert [money(minor, code, EN) for minor, code in ((0, "USD"), (-1, "USD"), (100, "JPY"), (1, "KWD"))] == [
        "$0.00", "-$0.01", "¥100", "KWD\xa00.001",
    ]  # fmt: skip
    assert money(123456, "EUR", Locale("de")) == "1.234,56\xa0€"


def test_countries_are_those_that_one_can_ship_to() -> None:
    assert [code in COUNTRIES for code in ("PH", "US", "DE", "JP", "EU", "UN", "PR", "ZZ", "001", "AQ")] == (
        [True] * 4 + [False] * 6
    )
    assert (COUNTRIES["PH"], COUNTRIES["US"]) == ("Philippines", "United States")
    assert all(len(code) == 2 and code.isalpha() for code in COUNTRIES)
    assert 230 < len(COUNTRIES) < 250


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("abcd efg", 6, "abcd…"), ("  a\t\n b ", 200, "a b"),
        ("a\u2028b\u2029c\x85d", 200, "a b c d"), ("a\u200eb\u200fc\u061cd\u202ae\u2069f", 200, "abcdef"),
        ("a\u202fb", 200, "a b"), ("a\u206ab", 200, "a\u206ab"), ("\ud800", 200, "?"),
    ],
)  # fmt: skip
def test_text_from_outside_is_one_line(text: str, limit: int, line: str) -> None:
    assert one_line(text, limit) == line


def test_a_line_has_two_hundred_letters_where_no_limit_is_given() -> None:
    assert (one_line("x" * 200), len(one_line("x" * 201))) == ("x" * 200, 200)


def test_the_first_language_that_we_have_is_written_in() -> None:
    asked = [("sv", "fil", "en"), ("sv", "nb"), ("", "tl_PH"), ("fil-PH", "en"), ("en_US",), ()]
    assert [str(reader_locale(*tags)) for tags in asked] == ["fil", "en", "fil_PH", "fil_PH", "en_US", "en"]
    assert str(reader_locale("tlh")) == "en"


@pytest.mark.parametrize(
    "address", ["http://x.example", "https://x.example/a?b=c#d", f"https://x.example/{'a' * 1982}"]
)
def test_a_web_address_stays_as_it_is(address: str) -> None:
    assert web_address(address) == address
    assert len(address) <= 2000


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"https://x.example/{'a' * 1983}", "must be a web address without spaces, quotes or brackets"),
        ("https://x.example/a b", "must be a web address without spaces, quotes or brackets"),
        ("https://x.example/\x7f", "must be a web address without spaces, quotes or brackets"),
        ("ftp://x.example", "must be a web address such as https://example.com"),
        ("https:///path", "must be a web address such as https://example.com"),
        ("https://user@x.example", "must be a web address such as https://example.com"),
    ],
)
def test_what_is_no_web_address_is_told_why(address: str, said: str) -> None:
    with pytest.raises(ValueError) as wrong:  # noqa: PT011  # the words are asked for below
        web_address(address)
    assert str(wrong.value) == said
