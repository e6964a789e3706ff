"""The question about an order: when it is asked, for how long, in whose words, and how it is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from plugin.rules.retention import survey
from plugin.rules.retention.survey import OFF, SCALES, Survey, due, is_open, own_words, period, stored

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_as_it_comes_nothing_is_asked() -> None:
    said = (OFF.asked, OFF.when, OFF.every_days, OFF.questions, OFF.activity)
    assert said == ("off", "every", 90, {}, "")
    assert SCALES == {"nps": (0, 10), "csat": (1, 5)}


@pytest.mark.parametrize("days", [1, 730])
def test_what_is_stored_is_read_back(days: int) -> None:
    one = Survey(asked="nps", when="spaced", every_days=days, questions={"en": "?"}, activity="a" * 40)
    assert stored({"survey": one.model_dump(mode="json"), "other": 1}) == one


@pytest.mark.parametrize("kept", [{}, {"survey": None}, {"survey": {}}, {"survey": {"asked": "stars"}}, {"survey": 7}])
def test_where_nothing_is_stored_or_nothing_that_can_be_read_nothing_is_asked(kept: dict[str, Any]) -> None:
    assert stored(kept) == OFF


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"every_days": 0}, "every_days"), ({"every_days": 731}, "every_days"), ({"asked": "x"}, "asked"),
        ({"when": "never"}, "when"), ({"questions": {"en": ""}}, "questions"),
        ({"questions": {"en": "  "}}, "questions"),
        ({"questions": {"en": "x" * 201}}, "questions"), ({"questions": {"EN": "?"}}, "questions"),
        ({"questions": {"e": "?"}}, "questions"), ({"activity": "a" * 41}, "activity"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Survey.model_validate(wrong)
    assert {error["loc"][0] for error in refused.value.errors()} == {field}


def test_a_question_has_up_to_two_hundred_letters_in_any_language() -> None:
    words = {"en": "x" * 200, "fil": " ? ", "pt-BR": "?", "zh-Hans-CN": "?"}
    assert Survey(questions=words).questions == {**words, "fil": "?"}
    assert survey.LONGEST_COMMENT == 2000


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("before", [None, NOW - SECOND, NOW - timedelta(days=800)])
def test_what_is_off_is_never_asked_and_every_order_always(before: datetime | None, first: bool) -> None:
    assert due(OFF, before, NOW, first_order=first) is False
    for asked in ("nps", "csat"):
        assert due(Survey(asked=asked), before, NOW, first_order=first) is True  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "before", "is_due"), [(True, None, True), (False, None, False), (True, NOW - 900 * SECOND, False),
                                    (False, NOW - SECOND, False)],
)  # fmt: skip
def test_after_a_persons_first_order_only_once(first: bool, before: datetime | None, is_due: bool) -> None:
    assert due(Survey(asked="nps", when="first"), before, NOW, first_order=first) is is_due


@pytest.mark.parametrize("first", [True, False])
def test_at_most_once_in_so_many_days(first: bool) -> None:
    spaced, week = Survey(asked="csat", when="spaced", every_days=7), timedelta(days=7)
    said = {before: due(spaced, before, NOW, first_order=first) for before in
            (None, NOW - week - SECOND, NOW - week, NOW - week + SECOND, NOW)}  # fmt: skip
    assert list(said.values()) == [True, True, True, False, False]


def test_an_order_is_asked_about_for_sixty_days() -> None:
    day = date(2026, 1, 1)
    assert [is_open(day, day + timedelta(days=gone)) for gone in (0, 59, 60, 61)] == [True, True, False, False]


def test_the_shops_own_words_are_those_of_the_language_or_of_the_one_it_is_a_kind_of() -> None:
    asked = Survey(questions={"pt": "Feliz?", "pt-BR": "Contente?", "en-GB": "Happy?"})
    said = [own_words(asked, language) for language in ("pt", "pt-BR", "pt-PT", "en", "en-GB", "fil")]
    assert said == ["Feliz?", "Contente?", "Feliz?", "", "Happy?", ""]


def test_points_for_answers_come_once_a_month() -> None:
    assert [period(date(2026, month, 30)) for month in (1, 11)] == ["2026-01", "2026-11"]
