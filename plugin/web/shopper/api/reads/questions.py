"""The shop's one question, with its scale and what an answer brings."""

from __future__ import annotations

from typing import Literal, cast

from plugin.rules.activities.activity_rules import Survey as SurveyActivity
from plugin.rules.retention import survey as rules
from plugin.store.reports.survey_answers import Asked
from plugin.web.current import shop
from plugin.web.shopper.api.shapes import SurveyAsked
from plugin.web.shopper.api.told import Told

Kind = Literal["nps", "csat"]


def question(asked: Asked, gives: SurveyActivity | None, told: Told) -> SurveyAsked:
    """What is asked, in the shop's own words where it has some for the reader's language."""
    kind = cast(Kind, asked.survey)
    scale = rules.SCALES[kind]
    own = rules.own_words(rules.stored(shop().settings), str(told.locale).replace("_", "-"))
    return SurveyAsked(
        survey=kind,
        question=own or told.say(f"shopper.survey.{kind}", shop=shop().name),
        least=scale.least,
        most=scale.most,
        least_text=told.say(f"shopper.survey.least.{kind}"),
        most_text=told.say(f"shopper.survey.most.{kind}"),
        comment_label=told.say("shopper.survey.comment"),
        gives=told.points(gives.points) if gives is not None else None,
    )
