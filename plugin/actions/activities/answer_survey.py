"""Somebody answers the shop's question: kept with what they were at that moment, once for each order.

Points come whatever the score is, once a person and month; a score alone goes back to Shopify.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.activities import ask_survey, record_activity
from plugin.actions.record_event import record
from plugin.actions.rewards.redeem_points import denied
from plugin.actions.rewards.standings import tier_of
from plugin.errors import BadInput, Denied, NotFound
from plugin.rules import subjects
from plugin.rules.events import Event, SurveyAnswered
from plugin.rules.retention import survey as rules
from plugin.rules.types import Reason
from plugin.rules.words.texts import Said
from plugin.store.activities import activities
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.reports import survey_answers
from plugin.store.reports.survey_answers import Asked
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said: `order_id` is None for the newest question. The same `key` is the same answer."""

    survey: str
    score: int
    comment: str
    order_id: int | None
    key: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: `points` that it brought, None for none; `repeated`: it was here before."""

    asked_id: int
    points: int | None
    repeated: bool


def answer(conn: Connection, shop: Shop, member_id: int, said: Answer, now: datetime) -> Taken:
    """Keep the answer of a member or a guest, once. Denied: nothing was asked, not any more, or it is answered already.
    BadInput: a score that there is not. NotFound: no such member."""
    member = members.by_ids(conn, shop.id, [member_id], lock=True).get(member_id)
    if member is None or member.state not in ("member", "guest"):
        raise NotFound(Said("members.error.no_member"))
    asked = _asked(conn, shop, member, said, now)
    if asked.answered_at is not None:
        if asked.answer_key != said.key:
            raise _denied(conn, shop, "survey_answered", now)
        return Taken(asked.id, _given(conn, shop, member, asked.answered_at, now), repeated=True)
    _check(said)
    comment = said.comment.strip()[: rules.LONGEST_COMMENT]
    tier = tier_of(conn, shop.id, member.id)
    survey_answers.answer(conn, shop.id, asked.id, said.score, comment, said.key, tier, now)
    event = SurveyAnswered(asked.survey, asked.id, said.score)
    record(conn, shop.id, [Event(event, str(subjects.SurveyAnswer(asked.id)), member.id)], now)
    jobs.queue(conn, shop.id, JobKind.PUSH_PROFILE, [member.id], now)
    return Taken(asked.id, _points(conn, shop, member, now), repeated=False)


def given_about(conn: Connection, shop: Shop, member: Member, order_id: int, now: datetime) -> int:
    """The points that the member's answer about this order brought; 0 where there is none, or it brought nothing."""
    asked = survey_answers.of_order(conn, shop.id, order_id)
    if asked is None or asked.answered_at is None or asked.member_id != member.id:
        return 0
    return _given(conn, shop, member, asked.answered_at, now) or 0


def _asked(conn: Connection, shop: Shop, member: Member, said: Answer, now: datetime) -> Asked:
    """The question that this answers; Denied where there is none of this member's, or not any more."""
    if said.order_id is None:
        found = survey_answers.newest_open(conn, shop.id, member.id, now - rules.OPEN_FOR)
    else:
        found = survey_answers.of_order(conn, shop.id, said.order_id)
    if found is None or found.member_id != member.id or found.survey != said.survey:
        raise _denied(conn, shop, "survey_not_asked", now)
    if found.answered_at is None and now - found.asked_at >= rules.OPEN_FOR:
        raise _denied(conn, shop, "survey_over", now)
    return found


def _check(said: Answer) -> None:
    scale = rules.SCALES[said.survey]
    if not scale.least <= said.score <= scale.most:
        wrong = Said("shopper.survey.wrong_score", least=str(scale.least), most=str(scale.most))
        raise BadInput(wrong, {"score": wrong})


def _denied(conn: Connection, shop: Shop, why: str, now: datetime) -> Denied:
    return denied(Reason(why), programmes.current(conn, shop.id, now).programme.points_name)


def _key(shop: Shop, member: Member, at: datetime) -> str:
    return str(subjects.SurveyPoints(rules.period(shop.day(at)), member.id))


def _points(conn: Connection, shop: Shop, member: Member, now: datetime) -> int | None:
    """Points for answering, by the activity's rules; None where none come, which stops no answer."""
    activity = ask_survey.points_for(conn, shop, now)
    if activity is None:
        return None
    try:
        key = _key(shop, member, now)
        given = record_activity.record(
            conn, shop, member.id, activity.id, key, now, "shopper", now, kinds=(activity.kind,)
        )
    except Denied:
        return None
    return None if given.repeated else given.record.points


def _given(conn: Connection, shop: Shop, member: Member, at: datetime, now: datetime) -> int | None:
    """The points that an answer of that moment brought."""
    activity = ask_survey.points_for(conn, shop, now)
    if activity is None:
        return None
    found = activities.by_key(conn, shop.id, activity.id, _key(shop, member, at))
    return found.points if found is not None and found.happened_at == at else None
