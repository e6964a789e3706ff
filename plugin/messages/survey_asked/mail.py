"""The shop's question about an order, some days after it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.messages.orders import standing
from plugin.rules import subjects
from plugin.rules.codes import next_order_code
from plugin.rules.formats import one_line, reader_locale
from plugin.rules.messages import Common, common_values
from plugin.rules.retention import survey as surveys
from plugin.rules.words import texts
from plugin.store.reports import survey_answers
from plugin.store.reports.survey_answers import Asked
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAskedContext(Common):
    """The order, and the question in the reader's language."""

    order_name: str
    question: str

    def values(self) -> dict[str, object]:
        """The template's variables."""
        return {
            **common_values(self, reader_locale(self.locale)),
            "order_name": one_line(self.order_name, 60),
            "question": one_line(self.question, surveys.LONGEST_QUESTION),
        }


def build(occasion: Occasion) -> SurveyAskedContext | None:
    """The question about one order (`order:ID`); None when it was answered, is over, or the order does not stand."""
    asked = occasion.together("asked", _asked, _order_id)
    found = standing(occasion)
    if asked is None or asked.answered_at is not None or occasion.now - asked.asked_at >= surveys.OPEN_FOR:
        return None
    if found is None or next_order_code.lost(found.view, deleted=False):
        return None
    shop = occasion.shop
    common = head(shop, occasion.member, found.view.buyer.locale)
    return SurveyAskedContext(
        **common,
        points_name=occasion.programme.points_name,
        order_name=found.view.name,
        question=_question(shop.settings, asked.survey, common["locale"], common["shop_name"]),
    )


def _order_id(message: Message) -> int:
    return subjects.Order.parse(message.subject).order_id


def _asked(conn: Connection, shop_id: int, order_ids: list[int]) -> dict[int, Asked]:
    return survey_answers.of_orders(conn, shop_id, order_ids)


def _question(settings: Mapping[str, Any], kind: str, locale: str, shop: str) -> str:
    """In the shop's own words where it has some for the language."""
    own = surveys.own_words(surveys.stored(settings), locale)
    return own or texts.text(reader_locale(locale), f"shopper.survey.{kind}", shop=shop)


def samples(shop: SampleShop) -> tuple[SurveyAskedContext, ...]:
    """Whether one would recommend the shop."""
    asked = SurveyAskedContext(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        order_name="#1001",
        question=_question({}, "nps", shop.locale, shop.shop_name),
    )
    return asked, replace(asked, first_name="")


MAIL = Kind(build, samples)
