"""What the surfaces send of acts beyond redeeming, checked at the door."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from plugin.web.shopper.api.shapes import PLAIN, KeyIn, Line, Number, Word
from plugin.web.shopper.api.values import Born, Shape


class ReleaseIn(KeyIn):
    """Give a redemption back: because it is not wanted any more, or because the cart did not take its code."""

    why: Literal["unwanted", "not_taken"] = "unwanted"


class ClaimIn(KeyIn):
    """A guest's order, as the thank-you page knows it."""

    order: Number
    checkout_token: Word


class SurveyIn(Shape):
    """An answer; `order` where one is asked about."""

    key: Word
    survey: Literal["nps", "csat"]
    score: Annotated[int, Field(ge=0, le=10)]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    order: Number | None = None
    checkout_token: Word | None = None


class AnswerIn(Shape):
    """An answer to one of the shop's questions, by its words as they were shown."""

    question: Line
    answer: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PLAIN)]


class ProfileIn(Shape):
    """What the member tells of themselves; what is left out stays as it is."""

    key: Word
    answers: Annotated[list[AnswerIn], Field(max_length=20)] = []
    birthday: Born | None = None
    emails: bool | None = None
