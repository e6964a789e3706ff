"""Texts that could be missing, turn their neighbours round, or be in another language than the email."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from babel import Locale

from plugin.messages.about_members import with_facts
from plugin.messages.kind import preview_facts
from plugin.messages.kinds import KINDS
from plugin.messages.render import FOLDER, render
from plugin.messages.texts import Texts
from plugin.rules import explain
from plugin.rules.brand import Brand
from plugin.rules.formats import LANGUAGES, listed, reader_locale
from plugin.rules.message_kinds import MessageKind
from plugin.rules.types import Reason
from plugin.rules.words.catalogues import knows
from plugin.rules.words.texts import labelled, text
from tests.messages.test_emails import NENA, Reader

OTHER_LETTERS = [language for language in LANGUAGES if language in ("ar", "ja", "ml", "th")]
COLONS = {"fr": "\N{NO-BREAK SPACE}: ", "ja": "："}
NAMES = {"Aling", "Nena", "M", "Instagram", "SUKI", "FRIEND", "FRESH", "K", "F", "P", "XQ", "T", "PHP"}
WORD = re.compile(r"[A-Za-z]+")
ADDRESS = re.compile(r"https?://\S+")


def test_every_reason_of_the_rules_has_words() -> None:
    """Reads the codes from the rules' own sources, so that a new one cannot be forgotten."""
    rules = FOLDER.parent / "rules" / "orders"
    earning = (rules / "earning.py").read_text(encoding="utf-8")
    refusals = set(
        re.findall(r'(?:return|else|and) "([a-z_]+)"', earning.split("def refusal")[1].split("def deserved")[0])
    )
    basis = (rules / "basis.py").read_text(encoding="utf-8").split("def exclusion(")[1].split("\ndef ")[0]
    exclusions = set(re.findall(r'return "([a-z_]+)"', basis))
    assert {"cancelled", "guest", "not_paid"} <= refusals
    assert {"gift_card", "tag"} <= exclusions
    for key in [f"reason.{code}" for code in refusals] + [f"reason.line.{code}" for code in exclusions]:
        assert knows(key), key


def test_a_name_in_the_other_direction_does_not_turn_its_neighbours() -> None:
    texts = Texts(reader_locale("en"))
    assert texts.text("order_confirmation.thanks", name="مريم") == "Thank you, \u2068مريم\u2069!"
    assert texts.text("order_confirmation.thanks", name="Maña") == "Thank you, Maña!"


@pytest.mark.parametrize("language", OTHER_LETTERS)
@pytest.mark.parametrize("kind", MessageKind)
def test_no_english_word_is_left_for_those_who_read_other_letters(kind: MessageKind, language: str) -> None:
    shop = replace(NENA, locale=language)
    for sample in KINDS[kind].samples(shop):
        mail = render(kind, with_facts(sample, preview_facts(shop)), Brand())
        for part in (mail.subject, mail.text, Reader(mail.html).text):
            assert set(WORD.findall(ADDRESS.sub("", part))) <= NAMES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_part_has_the_colon_of_its_language(language: str) -> None:
    shop, kind = replace(NENA, locale=language), MessageKind.ORDER_CONFIRMATION
    told = render(kind, KINDS[kind].samples(shop)[0], Brand(instagram="https://instagram.com/nena")).text
    total = text(language, "order_confirmation.total")
    colon = COLONS.get(language, ": ")
    assert re.search(f"^{total}{re.escape(colon)}\\S", told, re.MULTILINE)
    assert f"Instagram{colon}https://instagram.com/nena" in told
    assert not re.search(r"\S: ?https:" if language in COLONS else "：", told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_stands_before_its_value(language: str) -> None:
    """What is between them is all that stands in the text parts of emails."""
    assert labelled(language, "", "") == COLONS.get(language, ": ")
    said = (
        labelled(language, "a", "b").replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")
    )
    assert said == f"a{COLONS.get(language, ': ')}b"


def test_rewards_are_listed_as_the_language_lists_things() -> None:
    said = {language: listed(["A", "B", "C"], Locale(language)) for language in ("de", "fr", "ja", "ar")}
    assert said == {
        "de": "A, B und C",
        "fr": "A, B et C",
        "ja": "A、B、C",
        "ar": "\u2068A\u2069 و\u2068B\u2069 و\u2068C\u2069",
    }


def test_an_amount_within_a_reason_does_not_turn_the_number_after_it_in_arabic() -> None:
    values = {"amount_minor": 2500, "currency": "PHP", "points": 25, "rate_points": 1, "rate_amount": "1"}
    said = explain.words(Reason("eligible", values), Locale("ar"), "shopper", points_name="points")
    assert re.search("PHP\N{POP DIRECTIONAL ISOLATE}[^\\d]*: 25 ", said)
