"""The shop's one question about an order: put once, to whoever the order is of, if it is due by what staff have set."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.activities.activity_rules import Survey as SurveyActivity
from plugin.rules.retention import survey as rules
from plugin.store.reports import order_facts, survey_answers
from plugin.store.reports.survey_answers import Asked
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes


def question_about(conn: Connection, shop: Shop, order_id: int, now: datetime) -> Asked | None:
    """What is asked about this order, written down as asked; None where nothing is, or it is answered already.

    An order that does not count (unpaid, cancelled, refunded, a test) is not asked about. Whoever calls this shows the
    question to the order's buyer and to nobody else.
    """
    survey = rules.stored(shop.settings)
    place = order_facts.place(conn, shop.id, order_id)
    if survey.asked == "off" or place is None or place.member_id is None:
        return None
    if not place.counts or not rules.is_open(place.day, shop.day(now)):
        return None
    asked = survey_answers.of_order(conn, shop.id, order_id)
    if asked is None:
        before = survey_answers.last_asked(conn, shop.id, place.member_id)
        if not rules.due(survey, before, now, first_order=place.is_first):
            return None
        survey_answers.ask(conn, shop.id, place.member_id, survey.asked, order_id, now)
        asked = survey_answers.of_order(conn, shop.id, order_id)
    return asked if asked is not None and asked.answered_at is None else None


def points_for(conn: Connection, shop: Shop, now: datetime) -> SurveyActivity | None:
    """The activity by which an answer brings points now; None where staff chose none, or it is gone or paused."""
    named = rules.stored(shop.settings).activity
    found = next((one for one in programmes.current(conn, shop.id, now).programme.activities if one.id == named), None)
    return found if isinstance(found, SurveyActivity) and found.active else None
