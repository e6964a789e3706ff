"""The form of the question that shoppers are asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from plugin.errors import BadInput
from plugin.rules import mistakes
from plugin.rules.retention.survey import Survey

PLAIN = ("asked", "when", "activity")


def form_of(survey: Survey) -> dict[str, str]:
    """The form's fields."""
    own = {f"questions.{language}": words for language, words in survey.questions.items()}
    return {name: getattr(survey, name) for name in PLAIN} | {"every_days": str(survey.every_days)} | own


def read(form: Mapping[str, str], languages: Iterable[str], before: Survey, activities: Iterable[str]) -> Survey:
    """What the form says; an empty question is the usual one, and `before` keeps those in languages that it does not
    show. BadInput names what is wrong at its field."""
    shown = tuple(languages)
    questions = {language: words for language, words in before.questions.items() if language not in shown}
    for language in shown:
        if words := form.get(f"questions.{language}", "").strip():
            questions[language] = words
    raw: dict[str, object] = {name: form.get(name, "").strip() for name in PLAIN} | {"questions": questions}
    raw["every_days"] = form.get("every_days", "").strip() or str(before.every_days)
    if raw["activity"] not in ("", *activities):
        raw["activity"] = ""
    try:
        return Survey.model_validate(raw)
    except ValidationError as error:
        raise BadInput(mistakes.NOT_RIGHT, mistakes.in_words(error)) from None
