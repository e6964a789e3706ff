"""Who is happy with the shop is asked to tell friends: after a good answer, or with the second day of orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.emails.news import Row, fresh, row, tell_now
from plugin.actions.referrals import claim_referral
from plugin.rules import subjects
from plugin.rules.emails.kind_settings import switched_on
from plugin.rules.events import Recorded, SurveyAnswered
from plugin.rules.message_kinds import MessageKind
from plugin.rules.retention.survey import HAPPY_FROM
from plugin.store.members import members
from plugin.store.shops.shops import Shop


def answered(conn: Connection, shop: Shop, happened: Sequence[Recorded], now: datetime) -> None:
    """Whoever gave a high score."""
    happy = {
        one.member_id
        for one in fresh(happened, now)
        if isinstance(one.payload, SurveyAnswered) and (one.payload.score or 0) >= HAPPY_FROM[one.payload.survey]
    }
    if switched_on(shop.settings, MessageKind.INVITE_FRIENDS):
        tell_now(conn, shop, invited(conn, shop, (one for one in happy if one is not None), now), now)


def invited(conn: Connection, shop: Shop, member_ids: Iterable[int], now: datetime) -> list[Row]:
    """An invitation for each of them who may refer others, with a link that exists by then. Each gets one, ever."""
    people = members.by_ids(conn, shop.id, set(member_ids))
    able = claim_referral.links_for(conn, shop, people.values(), now)
    return [row(MessageKind.INVITE_FRIENDS, member, subjects.Member(member)) for member in sorted(able)]
