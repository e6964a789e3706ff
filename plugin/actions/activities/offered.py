"""The ways to earn that a shop's members can really earn by: what would never give its points is offered to nobody.

A survey activity is the one kind whose points hang on something beside the programme. They come from Suki's own
question (Settings, Survey) or from another survey app by the API, and the programme alone does not say which. So it is
offered where there is evidence of either: the question is asked and names this activity; or a key that may report is in
force and an answer has come by one before. A key alone is none, as it may be for reviews only: another app asks by
itself, and its first answer opens the way for everybody. To revoke the key, or to pause the activity, ends it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.rules import subjects
from plugin.rules.activities import judging
from plugin.rules.activities.activity_rules import Activity, Survey
from plugin.rules.programme import Programme
from plugin.rules.retention import survey as rules
from plugin.rules.rewards.display_order import SETTING, in_order
from plugin.rules.types import Reason
from plugin.store.activities import activities
from plugin.store.reports import order_facts, survey_answers
from plugin.store.shops import api_keys
from plugin.store.shops.shops import Shop


def offered(conn: Connection, shop: Shop, programme: Programme) -> tuple[Activity, ...]:
    """The activities of the programme, without surveys that nothing gives; paused and past ones among them."""
    return tuple(one for one in programme.activities if not isinstance(one, Survey) or _source(conn, shop, one))


def as_offered(conn: Connection, shop: Shop, programme: Programme) -> Programme:
    """The programme with those activities alone, and its rewards in the merchant's order, for whoever puts it into
    words."""
    rewards = tuple(in_order(programme.rewards, shop.settings.get(SETTING)))
    return programme.model_copy(update={"activities": offered(conn, shop, programme), "rewards": rewards})


def _source(conn: Connection, shop: Shop, activity: Survey) -> str:
    """What gives its points: our own question, another app by a key, or nothing."""
    if is_our_question(shop, activity):
        return "ours"
    reports = any("report" in key.scopes for key in api_keys.all_of(conn, shop.id) if key.revoked_at is None)
    return "api" if reports and activities.was_reported(conn, shop.id, activity.id) else ""


def is_our_question(shop: Shop, activity: Activity) -> bool:
    """Whether an answer to the shop's own question gives the points of this activity."""
    survey = rules.stored(shop.settings)
    return survey.asked != "off" and survey.activity == activity.id


def is_asked(conn: Connection, shop: Shop, member_id: int, now: datetime) -> bool:
    """Whether the shop's question will be put to this member, or is open: after the first order, it is put to new ones
    alone."""
    if rules.stored(shop.settings).when != "first":
        return True
    found = survey_answers.newest_open(conn, shop.id, member_id, now - rules.OPEN_FOR)
    if found is not None:
        return found.answered_at is None
    return not order_facts.has_ordered(conn, shop.id, member_id)


def given_this_month(conn: Connection, shop: Shop, activity: Activity, member_id: int, now: datetime) -> Reason | None:
    """Why another answer to the shop's question brings nothing now: its points come once a person and month."""
    key = str(subjects.SurveyPoints(rules.period(shop.day(now)), member_id))
    if activities.by_key(conn, shop.id, activity.id, key) is None:
        return None
    _, end = judging.bounds(now, "month", shop.zone)
    return Reason("activity_month", {"limit": 1, "again_on": shop.day(end).isoformat()})
