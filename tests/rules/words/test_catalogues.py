"""Every text that is asked for is there, in every language, with every plural form; and what is there is asked for."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel import Locale
from structlog.testing import capture_logs

from plugin import observe
from plugin.rules.formats import LANGUAGES, number
from plugin.rules.words import catalogues
from plugin.rules.words.catalogues import ENGLISH, FOLDER, Catalogue, NoWords, catalogue
from plugin.rules.words.texts import Said, counted, text
from scripts import catalogues as kept

COUNTED = [
    (language, key)
    for language in LANGUAGES
    for key, forms in catalogue(language).texts.items()
    if isinstance(forms, tuple)
]
FIXED_PLURAL = re.compile(
    r"\{(?:count|number|points|days|minutes|times|missing)\} (?:more )?"
    r"(?:days|hours|minutes|months|orders|members|codes|items|points|times|friends|rewards|is|are|has|have)\b"
)


def test_what_is_asked_for_is_written_and_what_is_written_is_asked_for() -> None:
    assert kept.not_written() == []
    assert kept.not_used() == []


def test_every_language_has_every_text_with_the_same_places() -> None:
    assert LANGUAGES[0] == ENGLISH
    assert len(LANGUAGES) > 1
    assert kept.not_translated() == []
    assert kept.other_places() == []


def test_the_extraction_finds_keys_on_pages_in_mails_and_in_code() -> None:
    assert {"welcome.title", "code.until"} <= {key for key, _ in kept.asked_in_python()}
    assert "reason.other" in {key for key, _ in kept.asked_in_python()}
    assert {"shopper.rewards.redeem", "frame.done."} <= {key for key, _ in kept.in_pages()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_counts_as_the_language_does(language: str) -> None:
    """One form for each of CLDR's categories of whole numbers."""
    own, locale = catalogue(language), Locale(language)
    by_category: dict[str, set[int]] = {}
    for count in range(1000):
        by_category.setdefault(locale.plural_form(count), set()).add(own.form_of(count))
    assert all(len(forms) == 1 for forms in by_category.values())
    assert len({min(forms) for forms in by_category.values()}) == len(by_category)
    for key, forms in own.texts.items():
        assert isinstance(forms, str) or len(forms) == len(by_category), key


def test_filipino_one_is_every_number_that_does_not_end_in_four_six_or_nine() -> None:
    form_of = catalogue("fil").form_of
    assert [count for count in range(30) if form_of(count) == 1] == [4, 6, 9, 14, 16, 19, 24, 26, 29]


@pytest.mark.parametrize(("language", "key"), COUNTED)
def test_a_counted_text_says_each_number(language: str, key: str) -> None:
    """In digits, or in words where the form is for this number alone, as Arabic's are for one and two."""
    form_of = catalogue(language).form_of
    numbers = Counter(form_of(count) for count in range(201))
    forms = catalogue(language).texts[key]
    values = dict.fromkeys({*kept.places("".join(forms))} - {"count"}, "–")
    for count in kept.TESTED:
        shown = number(count, Locale(language))
        said = counted(language, key, count, **{**values, "number": shown})
        alone = count == 1 or numbers[form_of(count)] == 1
        assert alone or re.search(rf"(?<!\d){re.escape(shown)}(?!\d)", said), (count, said)
        assert "{" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_a_fixed_plural_after_a_number(language: str) -> None:
    fixed = {
        key: said
        for key, said in catalogue(language).texts.items()
        if isinstance(said, str) and FIXED_PLURAL.search(said)
    }
    assert fixed == {}, "give it plural forms"


def test_exactly_one_has_words_of_its_own_where_the_language_counts_others_as_one() -> None:
    said = [counted("fil", "points.amount", count, number=count) for count in (1, 2, 14)]
    assert said == ["1 point", "2 points", "14 points"]


def test_a_text_that_no_language_has_is_an_error() -> None:
    for key in ("no.such_text", "points.amount"):
        with pytest.raises(NoWords, match="en has no text"):
            text("en", key)
    with pytest.raises(NoWords):
        counted("en", "points.unit", 2)
    with pytest.raises(KeyError, match="name"):
        text("en", "common.greeting")


def test_in_production_a_missing_text_is_said_in_english_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    real = catalogue
    filipino = Catalogue({}, real("fil").form_of)
    monkeypatch.setattr(catalogues, "catalogue", lambda language: filipino if language == "fil" else real(language))
    with pytest.raises(NoWords, match="fil has no text"):
        text("fil", "common.greeting", name="Ana")
    monkeypatch.setattr(catalogues, "_lenient", True)
    before = _counted_missing("fil")
    with capture_logs() as logs:
        assert text("fil", "common.greeting", name="Ana") == text("en", "common.greeting", name="Ana")
    assert [(line["event"], line["language"], line["text"]) for line in logs] == [
        ("no_words", "fil", "common.greeting")
    ]
    assert _counted_missing("fil") == before + 1
    assert text("en", "no.such_text") == "Such text"


def _counted_missing(language: str) -> float:
    return float(observe.missing_words.labels(language)._value.get())


def test_a_value_is_never_read_as_a_text_with_places() -> None:
    assert text("en", "common.greeting", name="{shop} {0} {name}") == "Hello {shop} {0} {name},"


def test_what_was_said_in_english_can_be_said_in_another_language() -> None:
    said = Said("common.greeting", name="Ana")
    assert said == text("en", "common.greeting", name="Ana")
    assert said.to("fil") == text("fil", "common.greeting", name="Ana")
    many = Said("points.amount", count=3, number=3)
    assert (many, many.to("fil")) == ("3 points", "3 points")


def test_a_key_stands_in_one_catalogue_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = (FOLDER / "en" / "mail.po").read_text().partition("\n\n")[0]
    (tmp_path / "en").mkdir()
    for domain in ("a", "b"):
        (tmp_path / "en" / f"{domain}.po").write_text(f'{head}\n\nmsgid "x.y"\nmsgstr "Z"\n')
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    with pytest.raises(NoWords, match="x.y stands twice in en"):
        catalogue.__wrapped__("en")


def test_once_started_no_word_costs_a_look_at_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> list[object]:
        known = [catalogues.languages_of(domain) for domain in ("panel", "mail", "extensions", "nowhere")]
        return [*known, *(catalogues.pattern(each, "points.rate") for each in catalogues.LANGUAGES)]

    def no_look(*_: object, **__: object) -> None:
        raise AssertionError("a file was looked at")

    before = said()
    for name in ("is_dir", "is_file", "exists", "stat", "open", "iterdir", "glob", "rglob"):
        monkeypatch.setattr(Path, name, no_look)
    assert said() == before
