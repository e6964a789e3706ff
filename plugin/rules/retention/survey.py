"""The one question that shoppers are asked about an order: what staff have set, when it is asked, and its scale.

Points for an answer never depend on it: they come once a person and month of the shop, by a survey activity of the
programme and within its limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import Field, StringConstraints, ValidationError

from plugin.rules.fields import Rules

LONGEST_QUESTION: Final = 200
LONGEST_COMMENT: Final = 2000
OPEN_FOR: Final = timedelta(days=60)
"""How long after an order was placed it is asked about, and answered."""
Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Scale(NamedTuple):
    """The answers that there are, both ends included."""

    least: int
    most: int


SCALES: Final[Mapping[str, Scale]] = {"nps": Scale(0, 10), "csat": Scale(1, 5)}
"""By kind of question: whether one would recommend the shop, and how happy one is."""


HAPPY_FROM: Final[Mapping[str, int]] = {"nps": 9, "csat": 5}
"""From which score on somebody is glad to recommend the shop, by kind of question."""


class Survey(Rules):
    """`asked`: nothing, how likely one is to recommend the shop (NPS), or how happy one is (CSAT). `when`: after the
    first order of a person, after every one, or at most once in `every_days`. `questions`: own words by language.
    `activity`: the survey activity by which an answer brings points; empty for none."""

    asked: Literal["off", "nps", "csat"] = "off"
    when: Literal["first", "every", "spaced"] = "every"
    every_days: int = Field(default=90, ge=1, le=730)
    questions: Mapping[Language, Question] = {}
    activity: Annotated[str, StringConstraints(max_length=40)] = ""


OFF: Final = Survey()


def stored(settings: Mapping[str, Any]) -> Survey:
    """What is stored in a shop's settings; nothing is asked where there is nothing, or what no version reads."""
    try:
        return Survey.model_validate(settings.get("survey") or {})
    except ValidationError:
        return OFF


def due(survey: Survey, asked_before: datetime | None, now: datetime, *, first_order: bool) -> bool:
    """Whether the question is asked about an order of a person who was last asked at `asked_before`."""
    if survey.asked == "off":
        return False
    if survey.when == "first":
        return first_order and asked_before is None
    if survey.when == "spaced":
        return asked_before is None or now - asked_before >= timedelta(days=survey.every_days)
    return True


def is_open(placed_on: date, today: date) -> bool:
    """Whether an order of that day is still asked about."""
    return today - placed_on < OPEN_FOR


def own_words(survey: Survey, language: str) -> str:
    """The shop's own question in a language (`pt-BR`, else `pt`); empty where the usual words are to be taken."""
    return survey.questions.get(language) or survey.questions.get(language.split("-")[0], "")


def period(day: date) -> str:
    """The month in which points for an answer come once."""
    return f"{day:%Y-%m}"
