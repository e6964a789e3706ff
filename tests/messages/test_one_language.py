"""An email is in one language: its texts, its punctuation, and what stands in a preview as an example."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from babel import Locale

from plugin.messages.about_members import with_facts
from plugin.messages.kinds import KINDS
from plugin.messages.render import render
from plugin.messages.sample_facts import preview_facts
from plugin.rules.brand import Brand
from plugin.rules.formats import LANGUAGES, listed
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.texts import labelled, text
from tests.messages.test_emails import NENA, Reader

OTHER_LETTERS = [language for language in LANGUAGES if language in ("ar", "ja", "ml", "th")]
COLONS = {"fr": "\N{NO-BREAK SPACE}: ", "ja": "："}
NAMES = {"Aling", "Nena", "M", "Instagram", "SUKI", "FRIEND", "FRESH", "K", "F", "P", "XQ", "T", "PHP"}
WORD = re.compile(r"[A-Za-z]+")
ADDRESS = re.compile(r"https?://\S+")


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
    assert labelled(language, "a", "b") == f"a{COLONS.get(language, ': ')}b"


def test_rewards_are_listed_as_the_language_lists_things() -> None:
    said = {language: listed(["A", "B", "C"], Locale(language)) for language in ("de", "fr", "ja", "ar")}
    assert said == {"de": "A, B und C", "fr": "A, B et C", "ja": "A、B、C", "ar": "A وB وC"}
