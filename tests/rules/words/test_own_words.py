"""The shop's own name for points has the form for each number, wherever points are printed."""

from __future__ import annotations

import re

import pytest
from babel import Locale

from plugin.messages.apart.told import Told, from_json, to_json
from plugin.messages.texts import Texts
from plugin.rules import explain, formats
from plugin.rules.emails.variables import Amount
from plugin.rules.orders.shown_figures import figures
from plugin.rules.programme import Programme
from plugin.rules.types import Reason
from plugin.rules.words import catalogues
from plugin.rules.words.catalogues import LANGUAGES
from plugin.rules.words.own_words import PointsName
from plugin.rules.words.texts import gained
from tests.rules.generated import PLACED

CRUMBS = Programme(points_name="crumbs", points_name_one="crumb").points_name
EN = Locale("en")


def test_a_programme_knows_one_of_its_points() -> None:
    assert formats.points(1, CRUMBS, EN) == "1 crumb"
    assert formats.points(-1, CRUMBS, EN) == "−1 crumb"
    assert [formats.points(each, CRUMBS, EN) for each in (0, 2, 21, 1001)] == [
        "0 crumbs", "2 crumbs", "21 crumbs", "1,001 crumbs",
    ]  # fmt: skip
    assert formats.points_unit(CRUMBS, EN) == "crumbs"


def test_a_name_without_a_singular_stands_as_it_is() -> None:
    assert formats.points(1, Programme(points_name="Stars").points_name, EN) == "1 Stars"


def test_the_ready_made_name_is_said_in_the_readers_language_whatever_one_is_called() -> None:
    plain = Programme(points_name_one="crumb").points_name
    assert formats.points(1, plain, EN) == "1 point"
    assert formats.points(2, plain, Locale("es")) == "2 puntos"


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_is_one_wherever_points_are_printed(language: str) -> None:
    locale = Locale(language)
    said = [
        formats.points(1, CRUMBS, locale),
        str(Amount(1, CRUMBS, locale)),
        gained(locale, 1, CRUMBS),
        Texts(locale, CRUMBS).points(1),
        explain.words(Reason("too_few_points", {"points": 1, "have": 1}), locale, "shopper", points_name=CRUMBS),
        formats.unit_beside(1, CRUMBS, locale),
    ]
    assert [each for each in said if "crumb" not in each or "crumbs" in each] == []


@pytest.mark.parametrize("count", [-21, -1, 0, 1, 2, 11, 21, 101, 10**9])
def test_of_the_shops_own_language_only_exactly_one_is_singular(count: int) -> None:
    assert CRUMBS.beside(count) == ("crumb" if abs(count) == 1 else "crumbs")


def test_in_a_language_with_more_forms_each_number_has_its_own() -> None:
    forms = {"zero": "z", "one": "o", "two": "t", "few": "f", "many": "m", "other": "x"}
    stars = PointsName("stars", forms, "ar")
    assert [stars.beside(each) for each in (0, 1, 2, 3, 11, 100)] == ["z", "o", "t", "f", "m", "x"]


def test_a_form_that_is_missing_is_the_one_for_other_numbers() -> None:
    assert PointsName("stars", {"other": "نجوم"}, "ar").beside(3) == "نجوم"
    assert PointsName("stars", {}, "ar").beside(3) == "stars"


def test_no_text_puts_the_name_of_points_beside_a_number_by_itself() -> None:
    beside = re.compile(r"\{(?!points_name|unit)\w+\}[ \u00a0]?\{(points_name|unit)\}")
    files = [each for language in LANGUAGES for each in catalogues.files(language)]
    assert [(each.name, found[0]) for each in files for found in beside.finditer(each.read_text())] == []


def test_an_email_rendered_apart_has_the_same_forms() -> None:
    told = Told({"earned": Amount(1, CRUMBS, EN)}, "en", CRUMBS, "Sari")
    back = from_json(to_json(told))
    assert str(back.values["earned"]) == "1 crumb"
    assert back.filled().keys() == told.filled().keys()
    assert formats.points(1, back.points_name, EN) == "1 crumb"


def test_a_long_or_broken_name_is_cleaned_in_every_form() -> None:
    name = formats.one_line_name(PointsName("cru\nmbs", {"one": "cru\tmb"}))
    assert formats.points(1, name, EN) == "1 cru mb"
    assert formats.points(2, name, EN) == "2 cru mbs"


def test_the_theme_is_told_what_one_is_called_only_where_it_has_a_name() -> None:
    own = Programme(points_name="crumbs", points_name_one="crumb")
    shown = figures(own, "USD", taxes_included=False, now=PLACED)
    assert (shown["name"], shown["one"]) == ("crumbs", "crumb")
    assert "one" not in figures(Programme(points_name_one="crumb"), "USD", taxes_included=False, now=PLACED)


def test_saving_and_reading_a_programme_keeps_its_words() -> None:
    own = Programme(points_name="crumbs", points_name_one="crumb")
    again = Programme.model_validate_json(own.model_dump_json())
    assert again == own
    assert formats.points(1, again.points_name, EN) == "1 crumb"
    assert own.model_dump(mode="json")["points_name"] == "crumbs"
